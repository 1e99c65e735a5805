/** Ratings 评价 of finished matters, each with the complaint that a low one opened. */
import { createHash } from 'node:crypto';
import { and, arrayContains, desc, eq, gte, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { JsonObject } from '../definitions/language/json.ts';
import type { StartMatter } from '../workflows/machine/commands.ts';
import type { Stars } from '../workflows/machine/supervision/ratings.ts';
import { canonicalize } from './canonical.ts';
import type { Database } from './client.ts';
import { appendTo } from './journal.ts';
import { keptOutOf } from './matters.ts';
import { commands, intents, matters, ratings } from './schema/index.ts';

/** A rating as it is kept. */
export type RatingRow = typeof ratings.$inferSelect;

/** A command that waits to be carried out, as `intents` keeps it. */
export interface WaitingStart {
  id: string;
  personId: string;
  matterId: string;
  bodyHash: string;
  payload: JsonObject;
}

/** A rating about to be written. */
export interface NewRating extends Stars {
  matterId: string;
  no: string;
  processId: string;
  units: string[];
  personId: string;
  at: string;
  /** The matter's last event, the command by which the rating came, and its request. */
  sequence: number;
  commandId: string;
  bodyHash: string;
  requestId: string | null;
  /** The start of the complaint that it opens, or null for one that opens none. */
  opens: WaitingStart | null;
}

/**
 * Writes a rating with its entry in the office journal, its command, and the start of its complaint, all or none: whoever is killed
 * after this leaves the start to the sweeper.
 * @returns false when the matter was rated before; nothing is written then.
 */
export async function insertRating(db: Database, rating: NewRating): Promise<boolean> {
  const { sequence, commandId, bodyHash, requestId, opens, ...row } = rating;
  return db.transaction(async (tx) => {
    const written = await tx
      .insert(ratings)
      .values({ ...row, caseId: opens?.matterId ?? null, caseNo: null })
      .onConflictDoNothing()
      .returning({ matterId: ratings.matterId });
    if (written.length === 0) return false;
    const { matterId, no, personId, at, stars } = row;
    await tx.insert(commands).values({ id: commandId, matterId, type: 'rate', personId, bodyHash, lastSequence: sequence, at });
    if (opens !== null)
      await tx
        .insert(intents)
        .values({ ...opens, createdAt: at })
        .onConflictDoNothing();
    const facts = { matter: matterId, stars, case: opens?.matterId ?? null };
    await appendTo(tx, 'office', { at, person: personId, action: 'rate', target: no, code: 'ok', requestId, facts });
    return true;
  });
}

/**
 * What a reader may know of ratings: none of a matter that they are kept out of, and none whose complaint they are kept out of, for it
 * says who complained of them and why. While the complaint is not there yet nobody but the rater knows whom it keeps out.
 */
function readableBy(reader: string): SQL | undefined {
  return and(
    sql`${ratings.matterId} not in ${keptOutOf(reader)}`,
    or(
      isNull(ratings.caseId),
      eq(ratings.personId, reader),
      sql`exists (select 1 from matters as opened where opened.id = ${ratings.caseId}
        and not (opened.kept_out @> array[${reader}]::text[]))`,
    ),
  );
}

/** The rating of a matter, or null while there is none that the reader may know of. @param reader the id of who reads it. */
export async function ratingOf(db: Database, matterId: string, reader: string): Promise<RatingRow | null> {
  const rows = await db
    .select()
    .from(ratings)
    .where(and(eq(ratings.matterId, matterId), readableBy(reader)));
  return rows[0] ?? null;
}

/** Which ratings are asked for, and who reads them. Days are instants, `to` exclusive. */
export interface RatingFilter {
  reader: string;
  unit?: string | undefined;
  process?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  stars?: number | undefined;
  after?: { at: string; id: string } | undefined;
  limit: number;
}

/** A page of ratings with the titles of their matters, the latest first; one row more than the limit tells that there are more. */
export async function listRatings(db: Database, filter: RatingFilter): Promise<(RatingRow & { title: string | null })[]> {
  const { reader, unit, process: processId, from, to, stars, after, limit } = filter;
  const rows = await db
    .select({ rating: ratings, title: matters.title })
    .from(ratings)
    .leftJoin(matters, eq(matters.id, ratings.matterId))
    .where(
      and(
        readableBy(reader),
        unit === undefined ? undefined : arrayContains(ratings.units, [unit]),
        processId === undefined ? undefined : eq(ratings.processId, processId),
        from === undefined ? undefined : gte(ratings.at, from),
        to === undefined ? undefined : lt(ratings.at, to),
        stars === undefined ? undefined : eq(ratings.stars, stars),
        after === undefined ? undefined : sql`(${ratings.at}, ${ratings.matterId}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(ratings.at), desc(ratings.matterId))
    .limit(limit + 1);
  return rows.map(({ rating, title }) => ({ ...rating, title }));
}

/** Writes the numbers of complaints that have been started beside the ratings that opened them. @returns how many. */
export async function numberCases(db: Database): Promise<number> {
  const written = await db
    .update(ratings)
    .set({ caseNo: matters.no })
    .from(matters)
    .where(and(isNotNull(ratings.caseId), isNull(ratings.caseNo), eq(matters.id, ratings.caseId)))
    .returning({ matterId: ratings.matterId });
  return written.length;
}

/** Ratings whose complaint was to be opened before an instant, is not there, and waits in no intent any more: its start was refused. */
export async function lostCases(db: Database, before: string, limit: number): Promise<RatingRow[]> {
  return db
    .select()
    .from(ratings)
    .where(
      and(
        isNotNull(ratings.caseId),
        isNull(ratings.caseNo),
        lt(ratings.at, before),
        sql`not exists (select 1 from ${matters} where ${matters.id} = ${ratings.caseId})`,
        sql`not exists (select 1 from ${intents} where ${intents.matterId} = ${ratings.caseId}
          and (${intents.settledAt} is null or ${intents.settledAt} > ${before}::timestamptz))`,
      ),
    )
    .orderBy(ratings.at)
    .limit(limit);
}

/**
 * The start of the complaint that a low rating opens. The same rating always names the same matter, so that it opens one and no more.
 * @param matterId the rated matter. @param how.attempt tells one attempt after a refusal from another; absent for the first.
 */
export function caseStart(
  matterId: string,
  how: { definition: { id: string; version: number }; applicant: string; form: JsonObject; attempt?: string },
): WaitingStart {
  const { definition, applicant, form, attempt = '' } = how;
  const id = hashOf(`rating\n${matterId}\n${attempt}`).slice(0, 32);
  const bodyHash = hashOf(canonicalize(form)).slice(0, 32);
  const command: StartMatter & { bodyHash: string } = {
    type: 'start',
    id,
    by: { kind: 'person', id: applicant },
    bodyHash,
    processId: definition.id,
    version: definition.version,
    form,
    attachments: [],
  };
  const caseId = `m-${hashOf(`rating\n${matterId}`).slice(0, 20)}`;
  // A command is plain JSON by its type.
  return { id, personId: applicant, matterId: caseId, bodyHash, payload: command as unknown as JsonObject };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
