/** Plans deliveries: which due notice goes to whom by which way, each planned once, in one transaction with the mark that it was. */
import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { settingsOf } from '../../db/notices.ts';
import { type DigestItem, deliveries, digests, outbox, tasks, webhooks } from '../../db/schema/index.ts';
import type { OuterWorld } from '../../db/world.ts';
import { tooSoonForDigest, type Wish, wishOf } from '../../workflows/machine/telling/wishes.ts';
import type { NoticeKind } from '../../workflows/machine/words.ts';
import { intoDigests } from '../notices.ts';
import type { OfficeMeans } from '../office-day.ts';

/** Notices planned in one transaction at most. */
const NOTICES_MAX = 200;
/** Digests planned in one transaction at most. */
const DIGESTS_MAX = 50;

type Delivery = typeof deliveries.$inferInsert;

/** Everything that planning reads once. */
interface Planning {
  tx: Transaction;
  world: OuterWorld;
  now: string;
  /** Whether somebody can be told by e-mail. */
  hasMail: (person: string) => boolean;
  wishes: ReadonlyMap<string, readonly Wish[]>;
}

/** Plans a piece of what is due. @returns whether there may be more at once. */
export async function planDeliveries(means: OfficeMeans, now: string): Promise<boolean> {
  const world = await means.cache.now(means.db);
  const mail = means.delivery?.mail !== undefined;
  const hasMail = (person: string) => {
    const found = world.directory.people[person];
    return mail && found?.active === true && (found.email ?? '') !== '';
  };
  return means.db.transaction(async (tx) => {
    const planned = await planNotices({ tx, world, now, hasMail }, means.delivery !== undefined);
    const told = await planDigests({ tx, world, now, hasMail });
    return planned === NOTICES_MAX || told === DIGESTS_MAX;
  });
}

async function wishesOf(tx: Transaction, people: readonly string[]): Promise<Map<string, Wish[]>> {
  const byPerson = new Map<string, Wish[]>();
  for (const { person, ...wish } of await settingsOf(tx, [...new Set(people)]))
    byPerson.set(person, [...(byPerson.get(person) ?? []), wish]);
  return byPerson;
}

async function planNotices(given: Omit<Planning, 'wishes'>, outside: boolean): Promise<number> {
  const { tx, now } = given;
  const rows = await tx
    .select({ notice: outbox, dueAt: tasks.dueAt })
    .from(outbox)
    .leftJoin(tasks, eq(tasks.id, outbox.taskId))
    .where(and(isNull(outbox.deliveredAt), lte(outbox.deliverAt, now)))
    .orderBy(asc(outbox.deliverAt))
    .limit(NOTICES_MAX)
    .for('update', { of: outbox, skipLocked: true });
  if (rows.length === 0) return 0;
  const planning: Planning = {
    ...given,
    wishes: await wishesOf(
      tx,
      rows.map(({ notice }) => notice.personId),
    ),
  };
  const hooks = outside ? await tx.select().from(webhooks).where(eq(webhooks.active, true)) : [];
  const planned: Delivery[] = [];
  const later = new Map<string, DigestItem[]>();
  for (const { notice, dueAt } of rows) {
    const { id, personId, kind } = notice;
    const email = emailWish(planning, notice, dueAt);
    if (email === 'at-once') planned.push(deliveryOf({ channel: 'email', personId, noticeId: id }, now));
    if (email === 'digest') later.set(personId, [...(later.get(personId) ?? []), itemOf(notice)]);
    if (planning.world.directory.people[personId]?.active !== true) continue;
    if (wishOf(planning.wishes.get(personId) ?? [], kind, 'webhook') === 'off') continue;
    for (const hook of hooks.filter((one) => one.kinds.includes(kind)))
      planned.push(deliveryOf({ channel: 'webhook', personId, noticeId: id, webhookId: hook.id }, now));
  }
  await tx
    .update(outbox)
    .set({ deliveredAt: now })
    .where(
      inArray(
        outbox.id,
        rows.map(({ notice }) => notice.id),
      ),
    );
  if (planned.length > 0) await tx.insert(deliveries).values(planned).onConflictDoNothing();
  if (later.size > 0) await intoDigests(tx, planning.world.calendar, now, later);
  return rows.length;
}

function emailWish({ hasMail, wishes, world, now }: Planning, notice: typeof outbox.$inferSelect, dueAt: string | null) {
  const { personId, kind } = notice;
  if (!hasMail(personId)) return 'off';
  const set = wishes.get(personId) ?? [];
  const wish = wishOf(set, kind, 'email');
  const chosen = set.some((one) => one.kind === kind && one.channel === 'email');
  // 特急件: the next morning would be too late. Who chose the digest for all of a kind is not asked again.
  const presses = kind === 'task-opened' && !chosen && tooSoonForDigest(world.calendar, now, dueAt);
  return wish === 'digest' && presses ? 'at-once' : wish;
}

function itemOf({ id, matterId, sequence, kind, taskId, text, link }: typeof outbox.$inferSelect): DigestItem {
  return { matterId, sequence, kind, taskId, text, link, noticeId: id };
}

function deliveryOf(
  to: Pick<Delivery, 'channel' | 'personId'> & Partial<Pick<Delivery, 'noticeId' | 'webhookId'>>,
  now: string,
): Delivery {
  return { status: 'waiting', attempts: 0, nextAttemptAt: now, ...to };
}

/** Shows what waited for the morning in the console, and plans its mail. */
async function planDigests(given: Omit<Planning, 'wishes'>): Promise<number> {
  const { tx, now, hasMail } = given;
  const rows = await tx
    .select()
    .from(digests)
    .where(and(isNull(digests.deliveredAt), lte(digests.deliverAt, now)))
    .orderBy(asc(digests.deliverAt), asc(digests.personId))
    .limit(DIGESTS_MAX)
    .for('update', { skipLocked: true });
  if (rows.length === 0) return 0;
  const wishes = await wishesOf(
    tx,
    rows.map((row) => row.personId),
  );
  for (const { personId, day, items, told } of rows) {
    const fresh = items.slice(told);
    await tx
      .update(digests)
      .set({ deliveredAt: now, told: items.length })
      .where(and(eq(digests.personId, personId), eq(digests.day, day)));
    const unseen = fresh.filter((item) => item.noticeId === undefined);
    if (unseen.length > 0) await tx.insert(outbox).values(unseen.map((item) => noticeOf(item, personId, now)));
    const wanted = fresh.some((item) => wantsMail(wishes.get(personId) ?? [], item));
    if (!hasMail(personId) || !wanted) continue;
    const part = { digestDay: day, digestFrom: told, digestTo: items.length };
    await tx
      .insert(deliveries)
      .values({ ...deliveryOf({ channel: 'email', personId }, now), ...part })
      .onConflictDoNothing();
  }
  return rows.length;
}

/** Whether an item goes into the mail: what somebody wants at once, but what only comes in the digest, comes there. */
export function wantsMail(wishes: readonly Wish[], item: DigestItem): boolean {
  // Kinds are written by the machine alone.
  return wishOf(wishes, item.kind as NoticeKind, 'email') !== 'off';
}

function noticeOf({ matterId, sequence, kind, taskId, text, link = null }: DigestItem, personId: string, now: string) {
  // Kinds are written by the machine alone. It was told by the digest: nothing further is planned for it.
  const told = { kind: kind as NoticeKind, createdAt: now, deliverAt: now, deliveredAt: now };
  return { matterId, sequence, taskId, text, link, personId, ...told };
}
