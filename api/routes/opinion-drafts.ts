/**
 * What somebody is writing on a task: theirs alone. They write as long as the task is theirs to act on; what they wrote stays theirs to
 * read and to throw away until the task is over, also when it was handed on.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deleteOpinionDraft, opinionDraftsOf, saveOpinionDraft } from '../../db/opinion-drafts.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { taskView } from '../../workflows/machine/telling/view.ts';
import { taskForActing } from '../acting.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { definitionOf, presentOpinionDraft } from '../present.ts';
import { Problem } from '../problem.ts';
import { fileIds, jsonObject, opinionDraftSchema, problemSchema, reads } from '../schemas/common.ts';
import { deny } from '../visible.ts';

/** Characters of an output that is not finished; no output form comes near it. */
const OUTPUT_MAX = 50_000;

const draftBody = z.strictObject({
  opinion: z.string().max(COMMAND_LIMITS.opinion, `意见不超过${COMMAND_LIMITS.opinion}字`).nullish(),
  output: jsonObject.refine((output) => JSON.stringify(output).length <= OUTPUT_MAX, `内容不超过${OUTPUT_MAX}字`).nullish(),
  attachments: fileIds.default([]),
});
const params = z.object({ id: z.string().max(80) });
const url = '/api/tasks/:id/draft';

/** Routes under `/api/tasks/:id/draft`. */
export function opinionDraftRoutes(api: Api, context: ApiContext): void {
  /** Only who may act on the task now has a draft on it. @throws Problem 404, 409, 403 for everybody else. */
  const mine = async (request: FastifyRequest, id: string): Promise<void> => {
    const asker = askerOf(request);
    const found = await taskForActing(context, request, id);
    if (found instanceof Problem) throw found;
    const { state } = found.matter;
    const open = state.phase === 'open' ? state.tasks[id] : undefined;
    if (open === undefined) throw new Problem('task-closed', '该待办已办理或已收回,不能再存拟稿');
    const { actions } = taskView(definitionOf(found.matter), state, open, asker.viewer.id, {
      ...asker.world,
      now: asker.now,
    });
    if (actions.length === 0) return deny(context, request, id, new Problem('not-allowed', '您现在不能办理该待办'));
  };

  api.get(url, { schema: { tags: ['tasks'], params, response: reads(opinionDraftSchema) } }, async (request) => {
    const { id } = request.params;
    const draft = (await opinionDraftsOf(context.db, askerOf(request).viewer.id, [id])).get(id);
    if (draft !== undefined) return presentOpinionDraft(draft);
    await mine(request, id);
    throw new Problem('not-found', '您没有在该待办上存过拟稿');
  });

  api.put(
    url,
    {
      schema: {
        tags: ['tasks'],
        description:
          '暂存意见:仅本人可见;转办时愿意的,可在 transfer 的 draft 中移交;转办后仍为本人保留(取回后可续写),待办办结即删除',
        params,
        body: draftBody,
        response: reads(opinionDraftSchema),
      },
    },
    async (request) => {
      const { id } = request.params;
      await mine(request, id);
      const { viewer, now } = askerOf(request);
      const { opinion, output, attachments } = request.body;
      const draft = {
        taskId: id,
        personId: viewer.id,
        opinion: opinion ?? null,
        // The body passed the JSON parser: it is plain JSON.
        output: (output as JsonObject | null | undefined) ?? null,
        attachments,
        updatedAt: now,
      };
      if (!(await saveOpinionDraft(context.db, draft))) throw new Problem('task-closed', '该待办刚刚办理完毕或已收回');
      return presentOpinionDraft(draft);
    },
  );

  api.delete(
    url,
    { schema: { tags: ['tasks'], params, response: { 204: z.null(), default: problemSchema } } },
    async (request, reply) => {
      const { id } = request.params;
      if (await deleteOpinionDraft(context.db, id, askerOf(request).viewer.id)) return reply.code(204).send(null);
      await mine(request, id);
      throw new Problem('not-found', '您没有在该待办上存过拟稿');
    },
  );
}
