/**
 * How people are told that they were urged 催办: of all urges of a day one notice, and what comes after it was shown goes into the
 * digest of the next working morning (003: 避免对相关单位正常工作造成干扰).
 */
import { and, asc, eq, gte, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { type DigestItem, outbox } from '../db/schema/index.ts';
import { atSchoolTime, nextWorkingMoment, schoolDate, type WorkingCalendar } from '../definitions/language/calendar.ts';
import type { Matter } from '../workflows/machine/state.ts';

/** How long the day's notice is held back at least, so that the urges of one request to many matters are in it together. */
const GATHERING_MS = 2 * 60_000;
/** Where the console opens for a notice of several matters. */
const TASK_LIST = '/tasks';

/** One person and what they are told. */
interface Urged {
  person: string;
  text: string;
}

type NoticeRow = typeof outbox.$inferSelect;

/**
 * Writes the notices of an urge. @returns what came too late for the notice of the day, to be put into the digest, by person.
 */
export async function tellUrged(
  tx: Transaction,
  calendar: WorkingCalendar,
  { id: matterId, sequence, updatedAt: now }: Matter,
  urged: readonly Urged[],
): Promise<Map<string, DigestItem[]>> {
  const people = [...new Set(urged.map((one) => one.person))].sort();
  // Two matters urge the same person at once: one makes the notice, the other finds it. In the order of people, so that none waits in a circle.
  for (const person of people) await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`urged:${person}`}, 0))`);
  const today = await noticesOfDay(tx, people, atSchoolTime(calendar, schoolDate(calendar, now), '00:00'));
  const later = new Map<string, DigestItem[]>();
  for (const { person, text } of urged) {
    const notice = today.get(person);
    if (notice === undefined) {
      const gathered = new Date(Date.parse(now) + GATHERING_MS).toISOString();
      const deliverAt = nextWorkingMoment(calendar, gathered);
      await tx
        .insert(outbox)
        .values({ matterId, sequence, kind: 'urged', personId: person, taskId: null, text, createdAt: now, deliverAt });
    } else if (notice.deliveredAt === null && notice.deliverAt > now) await addTo(tx, notice, matterId, text);
    else later.set(person, [...(later.get(person) ?? []), { matterId, sequence, kind: 'urged', taskId: null, text }]);
  }
  return later;
}

/** The notice of urging that each person has got since a midnight, held until the end of the transaction. */
async function noticesOfDay(tx: Transaction, people: readonly string[], midnight: string): Promise<Map<string, NoticeRow>> {
  const rows = await tx
    .select()
    .from(outbox)
    .where(and(inArray(outbox.personId, [...people]), eq(outbox.kind, 'urged'), gte(outbox.createdAt, midnight)))
    .orderBy(asc(outbox.id))
    .for('update');
  // The latest wins; there is one.
  return new Map(rows.map((row) => [row.personId, row]));
}

/** Puts another urge into a notice that nobody has seen. One of several matters opens no single one. */
async function addTo(
  tx: Transaction,
  { id, matterId: of, text: told }: NoticeRow,
  matterId: string,
  text: string,
): Promise<void> {
  const lines = told.split('\n').includes(text) ? told : `${told}\n${text}`;
  const place = of === matterId ? {} : { matterId: null, sequence: null, link: TASK_LIST };
  await tx
    .update(outbox)
    .set({ text: lines, ...place })
    .where(and(eq(outbox.id, id), isNull(outbox.deliveredAt)));
}
