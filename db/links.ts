/** Matters that started others, as the record has them. */
import { eq, sql } from 'drizzle-orm';
import type { Link } from '../workflows/machine/state.ts';
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
