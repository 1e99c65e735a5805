/** Drafts of forms, each its author's own. */
import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { drafts } from './schema/index.ts';

export type DraftRow = typeof drafts.$inferSelect;

/** A page of a person's drafts, the latest first. One row more than asked for tells that there is a next page. */
export async function listDrafts(
  db: Database,
  person: string,
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<DraftRow[]> {
  const { after } = page;
  const beyond =
    after === undefined ? undefined : sql`(${drafts.updatedAt}, ${drafts.id}) < (${after.at}::timestamptz, ${after.id})`;
  return db
    .select()
    .from(drafts)
    .where(and(eq(drafts.personId, person), beyond))
    .orderBy(desc(drafts.updatedAt), desc(drafts.id))
    .limit(page.limit + 1);
}

/** A person's own draft, or null; somebody else's is none. */
export async function draftOf(db: Database, person: string, id: string): Promise<DraftRow | null> {
  const rows = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.personId, person)));
  return rows[0] ?? null;
}

/** Keeps a new draft. @returns false when the person already has as many as are allowed, also when two come at once. */
export async function insertDraft(db: Database, draft: DraftRow, most: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`drafts:${draft.personId}`}, 0))`);
    const rows = await tx.select({ count: count() }).from(drafts).where(eq(drafts.personId, draft.personId));
    if ((rows[0]?.count ?? 0) >= most) return false;
    await tx.insert(drafts).values(draft);
    return true;
  });
}

/** Replaces what a person's own draft holds. @returns the draft, or null when it is not theirs. */
export async function replaceDraft(
  db: Database,
  person: string,
  id: string,
  change: Pick<DraftRow, 'processId' | 'form' | 'attachments' | 'updatedAt'>,
): Promise<DraftRow | null> {
  const rows = await db
    .update(drafts)
    .set(change)
    .where(and(eq(drafts.id, id), eq(drafts.personId, person)))
    .returning();
  return rows[0] ?? null;
}

/** Throws a person's own draft away. @returns whether there was one. */
export async function deleteDraft(db: Database, person: string, id: string): Promise<boolean> {
  const rows = await db
    .delete(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.personId, person)))
    .returning({ id: drafts.id });
  return rows.length > 0;
}
