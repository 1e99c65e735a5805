/** Tasks that somebody wants to act on. */
import type { FastifyRequest } from 'fastify';
import { type MatterRow, type TaskRow, taskById } from '../db/matters.ts';
import { type ApiContext, askerOf } from './context.ts';
import { Problem } from './problem.ts';
import { canView, noteRefusal } from './visible.ts';

/**
 * A task that the asker may hear of, with its matter: whoever once had it may hear what became of it, also when somebody else was
 * quicker. For any other the problem to answer with, noted in the access log.
 */
export async function taskForActing(
  context: ApiContext,
  request: FastifyRequest,
  id: string,
): Promise<{ task: TaskRow; matter: MatterRow } | Problem> {
  const asker = askerOf(request);
  const found = await taskById(context.db, id);
  const had = found?.task.assignees.some((one) => one.id === asker.viewer.id) === true;
  if (found !== null && (had || canView(asker, found.matter))) return found;
  const problem = new Problem('task-unknown', '没有这一待办,或您无权查看');
  await noteRefusal(context, request, id, problem.code);
  return problem;
}
