/** Notices: told beside matters, read by their person in the console, and tailed by the streams. */
import { and, asc, count, desc, eq, inArray, isNull, lt, lte, notInArray, type SQL, sql } from 'drizzle-orm';
import type { NoticeChannel, NoticeKind, NoticeWish } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';
import { matters, noticeSettings, outbox, streamTickets } from './schema/index.ts';

/** What people are told beside the transitions of a matter. */
export interface Told {
  kind: NoticeKind;
  /** Ids; each person once, however often they stand here. */
  people: readonly string[];
  text: string;
  /** When it happened. */
  at: string;
  /** Not before this instant; `at` unless given, `nextWorkingMoment` for what must disturb nobody at night. */
  deliverAt?: string;
  /** The matter that it is about; the console opens it. */
  matterId?: string | null;
  /** Where the console opens otherwise: a path such as `/bulletins/2026-10`. */
  link?: string | null;
}

/** Tells people something in the transaction of what it tells of: both are written, or neither. */
export async function tellPeople(tx: Transaction, told: Told): Promise<void> {
  const { kind, people, text, at, deliverAt = at, matterId = null, link = null } = told;
  const rows = [...new Set(people)].map((personId) => ({
    matterId,
    sequence: null,
    kind,
    personId,
    taskId: null,
    text,
    link,
    createdAt: at,
    deliverAt,
  }));
  if (rows.length > 0) await tx.insert(outbox).values(rows);
}

/** A notice as its person reads it. */
export interface ShownNotice {
  id: number;
  kind: NoticeKind;
  text: string;
  /** Number of the matter. */
  matter: string | null;
  task: string | null;
  link: string | null;
  at: string;
  readAt: string | null;
}

const shown = {
  id: outbox.id,
  kind: outbox.kind,
  text: outbox.text,
  matter: matters.no,
  task: outbox.taskId,
  link: outbox.link,
  at: outbox.deliverAt,
  readAt: outbox.readAt,
};

/** Those of a person that are due and that they want to see. @param off kinds that they have switched off in the console. */
function theirs(person: string, off: readonly NoticeKind[], now: string): SQL | undefined {
  return and(
    eq(outbox.personId, person),
    lte(outbox.deliverAt, now),
    off.length === 0 ? undefined : notInArray(outbox.kind, [...off]),
  );
}

/** A person's notices, newest first, one more than `limit`. */
export async function noticesFor(
  db: Database,
  person: string,
  query: { unread: boolean; before: number | null; limit: number; off: readonly NoticeKind[]; now: string },
): Promise<ShownNotice[]> {
  return db
    .select(shown)
    .from(outbox)
    .leftJoin(matters, eq(matters.id, outbox.matterId))
    .where(
      and(
        theirs(person, query.off, query.now),
        query.unread ? isNull(outbox.readAt) : undefined,
        query.before === null ? undefined : lt(outbox.id, query.before),
      ),
    )
    .orderBy(desc(outbox.id))
    .limit(query.limit + 1);
}

/** How many a person has not read. */
export async function unreadCount(db: Database, person: string, off: readonly NoticeKind[], now: string): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(outbox)
    .where(and(theirs(person, off, now), isNull(outbox.readAt)));
  return row?.count ?? 0;
}

/** Notes that a person has read some of their notices, or all that are due. Those of others stay as they are. */
export async function markRead(db: Database, person: string, ids: readonly number[] | 'all', now: string): Promise<void> {
  await db
    .update(outbox)
    .set({ readAt: now })
    .where(
      and(
        eq(outbox.personId, person),
        isNull(outbox.readAt),
        lte(outbox.deliverAt, now),
        ids === 'all' ? undefined : inArray(outbox.id, [...ids]),
      ),
    );
}

/** What somebody has set. */
export interface NoticeSetting {
  kind: NoticeKind;
  channel: NoticeChannel;
  wish: NoticeWish;
}

/** What people have set, where it differs from the defaults. */
export async function settingsOf(
  db: Database | Transaction,
  people: readonly string[],
): Promise<(NoticeSetting & { person: string })[]> {
  if (people.length === 0) return [];
  return db
    .select({
      person: noticeSettings.personId,
      kind: noticeSettings.kind,
      channel: noticeSettings.channel,
      wish: noticeSettings.wish,
    })
    .from(noticeSettings)
    .where(inArray(noticeSettings.personId, [...people]))
    .orderBy(asc(noticeSettings.kind), asc(noticeSettings.channel));
}

/** Keeps what somebody has set in place of what they had set before. */
export async function putSettings(tx: Transaction, person: string, settings: readonly NoticeSetting[]): Promise<void> {
  await tx.delete(noticeSettings).where(eq(noticeSettings.personId, person));
  if (settings.length > 0) await tx.insert(noticeSettings).values(settings.map((one) => ({ personId: person, ...one })));
}

/** The kinds that somebody has switched off in the console. */
export async function switchedOff(db: Database, person: string): Promise<NoticeKind[]> {
  const rows = await db
    .select({ kind: noticeSettings.kind })
    .from(noticeSettings)
    .where(and(eq(noticeSettings.personId, person), eq(noticeSettings.channel, 'console'), eq(noticeSettings.wish, 'off')));
  return rows.map((row) => row.kind);
}

/** A notice or a change on its way to streams, with the transaction that wrote it. */
export interface Written {
  /** Id of the transaction. */
  xact: string;
}

/** What was told or changed since some moment. */
export interface Tail {
  /** What the database had seen when this was read: `xmin:xmax:xip,xip…` */
  snapshot: string;
  notices: (Omit<ShownNotice, 'readAt'> & Written & { person: string; createdAt: string })[];
  changes: (Written & { no: string; people: string[] })[];
}

/** How long changes of matters are kept for streams that come back. */
export const CHANGES_KEPT_MS = 3_600_000;

/** Rows of a tail at most; whoever meets this many reads everything anew instead. */
export const TAIL_MAX = 1000;

/**
 * What a snapshot had not seen, or what was not due yet: exactly the rest, although commits come in another order than ids do.
 * @param since null: nothing but the snapshot of now.
 * @param since.until the instant up to which notices were due then.
 * @param person theirs only; null: everybody's.
 */
export async function tailSince(
  db: Database,
  since: { snapshot: string; until: string } | null,
  person: string | null,
  now: string,
): Promise<Tail> {
  if (since === null) {
    const rows = await db.execute<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`);
    return { snapshot: rows[0]?.snapshot ?? '', notices: [], changes: [] };
  }
  const seen = sql`${since.snapshot}::pg_snapshot`;
  const unseen = (xact: SQL) => sql`${xact} >= pg_snapshot_xmin(${seen}) and not pg_visible_in_snapshot(${xact}, ${seen})`;
  // Rows of a database that was put back from a backup carry the ids of another time: they are no news.
  const ours = (xact: SQL) => sql`pg_visible_in_snapshot(${xact}, pg_current_snapshot())`;
  const at = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const rows = await db.execute<{ tail: Tail }>(sql`select json_build_object(
    'snapshot', pg_current_snapshot()::text,
    'notices', (select coalesce(json_agg(n order by id), '[]') from (
      select o.id, o.kind, o.text, m.no as matter, o.task_id as task, o.link, ${at(sql`o.deliver_at`)} as at, o.xact::text,
        o.person_id as person, ${at(sql`o.created_at`)} as "createdAt"
      from outbox o left join matters m on m.id = o.matter_id
      where (${unseen(sql`o.xact`)} or (o.deliver_at > o.created_at and o.deliver_at > ${since.until}::timestamptz))
        and o.deliver_at <= ${now}::timestamptz and ${ours(sql`o.xact`)}
        ${person === null ? sql`` : sql`and o.person_id = ${person}`}
        and not exists (select 1 from notice_settings s
          where s.person_id = o.person_id and s.kind = o.kind and s.channel = 'console' and s.wish = 'off')
      order by o.id limit ${TAIL_MAX + 1}) n),
    'changes', (select coalesce(json_agg(c), '[]') from (
      select xact::text, no, people from matter_changes
      where ${unseen(sql`xact`)} and ${ours(sql`xact`)}
        ${person === null ? sql`` : sql`and ${person} = any(people)`}
      limit ${TAIL_MAX + 1}) c)) as tail`);
  const tail = rows[0]?.tail;
  if (tail === undefined) throw new Error('The database did not answer with a tail');
  return tail;
}

type Ticket = typeof streamTickets.$inferSelect;

/** Keeps a ticket to open a stream with. */
export async function keepTicket(db: Database, ticket: Ticket): Promise<void> {
  await db.insert(streamTickets).values(ticket);
}

/** Uses a ticket up. @returns null for one that is unknown, used or too old. */
export async function redeemTicket(db: Database, hash: string, now: string): Promise<Ticket | null> {
  const [ticket] = await db.delete(streamTickets).where(eq(streamTickets.hash, hash)).returning();
  return ticket !== undefined && ticket.expiresAt > now ? ticket : null;
}
