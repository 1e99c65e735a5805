/** A person's tasks, and acting on them. */
import { z } from 'zod';
import { listTasks, taskById } from '../../db/matters.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { ActOnTask } from '../../workflows/machine/commands.ts';
import { taskView } from '../../workflows/machine/view.ts';
import { ACTIONS } from '../../workflows/machine/words.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { exampleContext } from '../examples.ts';
import { definitionOf, presentDoneTask, presentTask, type TaskDto } from '../present.ts';
import { Problem } from '../problem.ts';
import {
  fileIds,
  idempotent,
  jsonObject,
  listOf,
  matterSchema,
  pageQuery,
  pendingSchema,
  problemSchema,
  reads,
  taskSchema,
} from '../schemas/common.ts';
import { answerCommand, keyOf } from '../submit.ts';
import { canView, deny } from '../visible.ts';

/** Actions of the contract whose issue is still to come. */
const LATER_ACTIONS = ['transfer', 'delegate', 'addSigners', 'removeSigners', 'claim', 'release', 'takeBack'];

// How long an opinion may be is the machine's rule, told together with the faults of the output.
const opinion = z.string().nullish();
const actionBody = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.enum(ACTIONS).exclude(['return']),
    opinion,
    output: jsonObject.optional(),
    attachments: fileIds.default([]),
  }),
  z.strictObject({
    action: z.literal('return'),
    opinion,
    to: z.string().max(200),
    // biome-ignore lint/suspicious/noThenProperty: the contract's word (design §6); the machine calls it `next`.
    then: z.enum(['replay', 'back']).default('replay'),
    attachments: fileIds.default([]),
  }),
]);

/** Routes under `/api/tasks`. */
export function taskRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/tasks',
    {
      schema: {
        tags: ['tasks'],
        querystring: z.strictObject({ box: z.enum(['todo', 'done', 'read']).default('todo'), ...pageQuery }),
        response: reads(listOf(taskSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { box, cursor, limit } = request.query;
      const rows = await listTasks(context.db, asker.viewer.id, box, { after: decodeCursor(cursor), limit });
      const key = ({ task }: (typeof rows)[number]) => ({
        at: (box === 'done' ? task.closedAt : task.dueAt) ?? task.dueAt,
        id: task.id,
      });
      const page = pageOf(rows, limit, key, (row) => row);
      const items: TaskDto[] = [];
      for (const { task, matter } of page.items) {
        const definition = definitionOf(matter);
        const open = matter.state.tasks[task.id];
        if (open === undefined) items.push(presentDoneTask(task, matter));
        else {
          const view = taskView(definition, matter.state, open, asker.viewer.id, asker.now);
          const examples = view.actions.some((one) => one.takesOutput)
            ? await exampleContext(context.db, asker.world, definition, asker.now)
            : null;
          items.push(presentTask(definition, matter.state, view, examples));
        }
      }
      return { items, nextCursor: page.nextCursor };
    },
  );

  api.post(
    '/api/tasks/:id/actions',
    {
      preValidation: async (request) => {
        const action =
          typeof request.body === 'object' && request.body !== null && 'action' in request.body ? request.body.action : null;
        if (typeof action === 'string' && LATER_ACTIONS.includes(action)) throw new Problem('not-implemented');
      },
      schema: {
        tags: ['tasks'],
        headers: idempotent,
        params: z.object({ id: z.string().max(80) }),
        body: actionBody,
        response: { 200: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { id } = request.params;
      const key = keyOf(request, `POST /api/tasks/${id}/actions`);
      const found = await taskById(context.db, id);
      // Whoever once had the task may hear what became of it, also when somebody else was quicker.
      const had = found?.task.assignees.some((one) => one.id === asker.viewer.id) === true;
      if (found === null || !(had || canView(asker, found.matter))) {
        return deny(context, request, id, new Problem('task-unknown', '没有这一待办,或您无权查看'));
      }
      return answerCommand(context, request, reply, {
        key,
        status: 200,
        target: id,
        make: async () => ({ matterId: found.matter.id, command: commandFrom(id, request.body, key, asker.viewer.id) }),
      });
    },
  );
}

function commandFrom(
  task: string,
  body: z.output<typeof actionBody>,
  key: { commandId: string; bodyHash: string },
  person: string,
): ActOnTask & { bodyHash: string } {
  return {
    type: 'act',
    id: key.commandId,
    by: { kind: 'person', id: person },
    bodyHash: key.bodyHash,
    task,
    action: body.action,
    opinion: body.opinion?.trim() || null,
    // The body passed the JSON parser: it is plain JSON.
    output: body.action === 'return' ? null : ((body.output as JsonObject | undefined) ?? null),
    attachments: body.attachments,
    returnOrder: body.action === 'return' ? { to: body.to, next: body.then } : null,
  };
}
