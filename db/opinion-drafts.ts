/** What people have written on their tasks and not yet sent. */
import { and, eq, inArray } from 'drizzle-orm';
import type { Database, Transaction } from './client.ts';
import { opinionDrafts, tasks } from './schema/index.ts';

export type OpinionDraftRow = typeof opinionDrafts.$inferSelect;

/** A person's drafts on tasks, by the task's id. */
export async function opinionDraftsOf(
  db: Database,
  person: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OpinionDraftRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(opinionDrafts)
    .where(and(eq(opinionDrafts.personId, person), inArray(opinionDrafts.taskId, [...ids])));
  return new Map(rows.map((row) => [row.taskId, row]));
}

/** Keeps a draft in the place of an earlier one. @returns false when its task is over meanwhile, and nothing was kept. */
export async function saveOpinionDraft(db: Database, draft: OpinionDraftRow): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Whoever closes the task at the same moment waits for us, and then throws the draft away.
    const rows = await tx.select({ status: tasks.status }).from(tasks).where(eq(tasks.id, draft.taskId)).for('share');
    if (rows[0]?.status !== 'open' && rows[0]?.status !== 'waiting') return false;
    await tx
      .insert(opinionDrafts)
      .values(draft)
      .onConflictDoUpdate({ target: [opinionDrafts.taskId, opinionDrafts.personId], set: draft });
    return true;
  });
}

/** Throws a person's draft away. @returns whether there was one. */
export async function deleteOpinionDraft(db: Database, task: string, person: string): Promise<boolean> {
  const rows = await db
    .delete(opinionDrafts)
    .where(and(eq(opinionDrafts.taskId, task), eq(opinionDrafts.personId, person)))
    .returning({ task: opinionDrafts.taskId });
  return rows.length > 0;
}

/**
 * Lets what anybody wrote on a task go with it to the task that came after: it is still its author's alone, there for who takes their
 * hand-over back, and gone when that task is over. To be sent between the tasks' own statements and {@link dropOpinionDrafts}.
 */
export function moveOpinionDrafts(tx: Transaction, { task, by }: { task: string; by: string }): Promise<unknown> {
  return tx.update(opinionDrafts).set({ taskId: by }).where(eq(opinionDrafts.taskId, task));
}

/** Throws away what anybody wrote on tasks that are over. To be sent after the tasks' own statement, see {@link saveOpinionDraft}. */
export function dropOpinionDrafts(tx: Transaction, ids: readonly string[]): Promise<unknown> {
  return tx.delete(opinionDrafts).where(inArray(opinionDrafts.taskId, [...ids]));
}
