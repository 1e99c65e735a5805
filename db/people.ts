/** Changes of the directory: who holds a post and covers it, who is away, who has left, which units there are. */
import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { PostHolding } from '../definitions/language/directory.ts';
import type { Database, Transaction } from './client.ts';
import { absences, covers, matters, people, postHoldings, units } from './schema/index.ts';

/** Sets who holds a post, from when until when, and who covers it, in this order. */
export async function putPost(
  tx: Transaction,
  post: string,
  { holders, covers: line }: { holders: readonly PostHolding[]; covers: readonly string[] },
): Promise<void> {
  await tx.delete(postHoldings).where(eq(postHoldings.post, post));
  await tx.delete(covers).where(eq(covers.post, post));
  const holdings = holders.map(({ person, from, to }) => ({ post, person, firstDay: from, lastDay: to }));
  if (holdings.length > 0) await tx.insert(postHoldings).values(holdings);
  if (line.length > 0) await tx.insert(covers).values(line.map((person, rank) => ({ post, person, rank })));
}

/** What of a person may change. */
export interface PersonChanges {
  active?: boolean | undefined;
  unit?: string | undefined;
  capabilities?: string[] | undefined;
}

/** Changes a person; what is not named stays. */
export async function putPerson(tx: Transaction, id: string, changes: PersonChanges): Promise<void> {
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  if (Object.keys(set).length > 0) await tx.update(people).set(set).where(eq(people.id, id));
}

/** Takes back an absence that has not begun. */
export async function removeAbsence(tx: Transaction, person: string, from: string): Promise<void> {
  await tx.delete(absences).where(and(eq(absences.person, person), eq(absences.from, from)));
}

/** Ends an absence that has begun 销假. */
export async function endAbsence(tx: Transaction, person: string, from: string, at: string): Promise<void> {
  await tx
    .update(absences)
    .set({ to: at })
    .where(and(eq(absences.person, person), eq(absences.from, from)));
}

/** Ends on a day the holdings of a post that last beyond it; those that would begin later never do. */
export async function endHoldings(tx: Transaction, post: string, lastDay: string): Promise<void> {
  await tx.delete(postHoldings).where(and(eq(postHoldings.post, post), gt(postHoldings.firstDay, lastDay)));
  await tx
    .update(postHoldings)
    .set({ lastDay })
    .where(and(eq(postHoldings.post, post), or(isNull(postHoldings.lastDay), gt(postHoldings.lastDay, lastDay))));
}

/** Gives a post to people from a day on. */
export async function beginHoldings(tx: Transaction, post: string, holders: readonly string[], firstDay: string): Promise<void> {
  if (holders.length === 0) return;
  await tx.insert(postHoldings).values(holders.map((person) => ({ post, person, firstDay, lastDay: null })));
}

/** Sets who covers a post, in this order. */
export async function putCovers(tx: Transaction, post: string, line: readonly string[]): Promise<void> {
  await tx.delete(covers).where(eq(covers.post, post));
  if (line.length > 0) await tx.insert(covers).values(line.map((person, rank) => ({ post, person, rank })));
}

/** Puts a unit into another: its people and the units below it belong there from now on, and the same leader is in charge. */
export async function absorbUnit(tx: Transaction, unit: string, into: string): Promise<void> {
  await tx.update(people).set({ unit: into }).where(eq(people.unit, unit));
  await tx.update(units).set({ parent: into }).where(eq(units.parent, unit));
  await tx
    .update(units)
    .set({ parent: into, leaderPost: sql`(select leader_post from units where id = ${into})` })
    .where(eq(units.id, unit));
}

type MatterRow = typeof matters.$inferSelect;
/** What a change of people looks at in a matter that is not over. */
export type OpenMatter = Pick<MatterRow, 'id' | 'no' | 'processId' | 'version' | 'title' | 'state'>;

/**
 * Matters that are not over, by id, a page after the one given.
 * @param holder only those in which this person holds a seat of an open round, also one whose turn has not come.
 */
export async function openMatterStates(
  db: Database,
  { after, limit, holder }: { after: string; limit: number; holder?: string | undefined },
): Promise<OpenMatter[]> {
  const holds = sql`jsonb_path_exists(${matters.state},
    '$.visits.* ? (@.status == "open").seats[*] ? (@.status == "open" || @.status == "waiting").assignees[*] ? (@.id == $person)',
    jsonb_build_object('person', ${holder ?? ''}::text))`;
  return db
    .select({
      id: matters.id,
      no: matters.no,
      processId: matters.processId,
      version: matters.version,
      title: matters.title,
      state: matters.state,
    })
    .from(matters)
    .where(and(inArray(matters.status, ['open', 'suspended']), gt(matters.id, after), holder === undefined ? undefined : holds))
    .orderBy(asc(matters.id))
    .limit(limit);
}
