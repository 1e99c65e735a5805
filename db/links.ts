/** Matters that started others, as the record has them. */
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Ending, Link, Matter } from '../workflows/machine/state.ts';
import type { Database } from './client.ts';
import { matters } from './schema/index.ts';

/** What a matter must know of the one that started it. */
export interface ParentFact {
  processId: string;
  open: boolean;
  /** Why it calls the matter back, or absent when it does not. */
  recalled?: string;
}

/** The matter that started another one; null when the record does not know it. @param childId the matter that it started. */
export async function parentOf(db: Database, parentId: string, childId: string): Promise<ParentFact | null> {
  const rows = await db
    .select({
      processId: matters.processId,
      endedAt: matters.endedAt,
      link: sql<Link | null>`(select link.value from jsonb_each(${matters.state}->'links') link where link.value->>'matterId' = ${childId})`,
    })
    .from(matters)
    .where(eq(matters.id, parentId));
  const row = rows[0];
  if (row === undefined) return null;
  const { processId, endedAt, link } = row;
  return { processId, open: endedAt === null, ...(link?.recalled === true ? { recalled: link.text } : {}) };
}

/**
 * The links of a matter as they stand now. What a matter tells the one that started it is heard only while that one runs, so what
 * became of the others after its end is read from their own records. At most as many are read as a matter may start.
 */
export async function linksNow(db: Database, matter: Matter): Promise<Link[]> {
  const links = Object.values(matter.links);
  const unsettled = links.filter(({ status }) => status === 'asked' || status === 'open').map((link) => link.matterId);
  if (unsettled.length === 0) return links;
  const rows = await db
    .select({ id: matters.id, no: matters.no, ending: sql<Ending | null>`${matters.state}->'ending'` })
    .from(matters)
    .where(and(inArray(matters.id, unsettled), isNotNull(matters.endedAt)));
  const ended = new Map(rows.map((row) => [row.id, row]));
  return links.map((link) => {
    const own = ended.get(link.matterId);
    return own?.ending == null ? link : { ...link, no: own.no, status: own.ending.code, text: own.ending.text };
  });
}
