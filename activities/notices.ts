/** Writes what people are told: at once or within office hours into the outbox, what can wait into one digest a person and day. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { type DigestItem, digests, matterChanges, matterPeople, outbox } from '../db/schema/index.ts';
import { nextMorning, nextWorkingMoment, schoolDate, type WorkingCalendar } from '../definitions/language/calendar.ts';
import type { Matter } from '../workflows/machine/state.ts';
import type { Notice } from '../workflows/machine/telling/notices.ts';
import { tellUrged } from './urge-notices.ts';

/**
 * Tells the consoles of everybody concerned that a matter changed. Sent before the transition changes who is: whom it concerned
 * till then sees it leave their lists.
 * @param people whom it concerns from now on.
 */
export function noteChange(tx: Transaction, matter: Matter, people: readonly string[]): Promise<unknown> {
  return tx.execute(sql`insert into ${matterChanges} (no, people) select ${matter.no}, array(
    select person_id from ${matterPeople} where matter_id = ${matter.id}
    union select unnest(array[${sql.join(
      people.map((one) => sql`${one}`),
      sql`, `,
    )}]::text[]))`);
}

/** The statements that keep the notices of one transition; they are delivered by somebody else, each once. */
export function writeNotices(
  tx: Transaction,
  calendar: WorkingCalendar,
  matter: Matter,
  notices: readonly Notice[],
): Promise<unknown>[] {
  const { id: matterId, sequence, updatedAt: now } = matter;
  const pressing = notices.filter((one) => one.timing !== 'digest' && one.kind !== 'urged');
  const statements: Promise<unknown>[] = [];
  if (pressing.length > 0) {
    const opening = nextWorkingMoment(calendar, now);
    const rows = pressing.map(({ kind, person, task, text, timing }) => ({
      matterId,
      sequence,
      kind,
      personId: person,
      taskId: task,
      text,
      createdAt: now,
      deliverAt: timing === 'at-once' ? now : opening,
    }));
    statements.push(tx.insert(outbox).values(rows));
  }
  const byPerson = new Map<string, DigestItem[]>();
  for (const { kind, person, task, text, timing } of notices) {
    if (timing !== 'digest') continue;
    byPerson.set(person, [...(byPerson.get(person) ?? []), { matterId, sequence, kind, taskId: task, text }]);
  }
  const urged = notices.filter((one) => one.kind === 'urged');
  if (urged.length > 0) statements.push(gatherUrges(tx, calendar, matter, urged, byPerson));
  else if (byPerson.size > 0) statements.push(intoDigests(tx, calendar, now, byPerson));
  return statements;
}

/** Urges are told in one notice a person and day; what came too late for it goes into the digest with what else can wait. */
async function gatherUrges(
  tx: Transaction,
  calendar: WorkingCalendar,
  matter: Matter,
  urged: readonly Notice[],
  waiting: ReadonlyMap<string, DigestItem[]>,
): Promise<void> {
  const late = await tellUrged(tx, calendar, matter, urged);
  const byPerson = new Map(waiting);
  for (const [person, items] of late) byPerson.set(person, [...(byPerson.get(person) ?? []), ...items]);
  if (byPerson.size > 0) await intoDigests(tx, calendar, matter.updatedAt, byPerson);
}

/**
 * Adds items to the digests of the next working morning. In the order of people, so that two transactions never wait for each other.
 * A digest that was told meanwhile is told on.
 */
export function intoDigests(
  tx: Transaction,
  calendar: WorkingCalendar,
  now: string,
  byPerson: ReadonlyMap<string, DigestItem[]>,
): Promise<unknown> {
  const deliverAt = nextMorning(calendar, now);
  const day = schoolDate(calendar, deliverAt);
  const rows = [...byPerson].map(([personId, items]) => ({ personId, day, deliverAt, items }));
  rows.sort((a, b) => (a.personId < b.personId ? -1 : 1));
  return tx
    .insert(digests)
    .values(rows)
    .onConflictDoUpdate({
      target: [digests.personId, digests.day],
      set: { items: sql`${digests.items} || excluded.items`, deliveredAt: null },
    });
}
