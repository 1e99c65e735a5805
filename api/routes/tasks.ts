/** A person's tasks, and acting on them. */
import { z } from 'zod';
import { actsOn } from '../../db/acts.ts';
import type { Counted } from '../../db/counted.ts';
import type { ListedTask } from '../../db/matters.ts';
import { opinionDraftsOf } from '../../db/opinion-drafts.ts';
import { countOwn } from '../../db/todo.ts';
import { mayStandInFor } from '../../workflows/machine/people/covers.ts';
import { whyNotTakeBack } from '../../workflows/machine/round/take-back.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { type TaskView, taskView } from '../../workflows/machine/telling/view.ts';
import { taskForActing } from '../acting.ts';
import { BOXES, type Box, tasksInBox } from '../boxes.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor } from '../cursor.ts';
import { Examples, titlesOf } from '../examples.ts';
import { actedOnBy, definitionOf, presentDoneTask, presentSurroundings, presentTask } from '../present.ts';
import { Problem } from '../problem.ts';
import { actCommand, actionBody } from '../schemas/actions.ts';
import {
  countedListOf,
  idempotent,
  matterSchema,
  pageQuery,
  pendingSchema,
  problemSchema,
  reads,
  taskItemSchema,
} from '../schemas/common.ts';
import { answerCommand, keyOf } from '../submit.ts';

type TaskItem = z.input<typeof taskItemSchema>;

/** Routes under `/api/tasks`. */
export function taskRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/tasks',
    {
      schema: {
        tags: ['tasks'],
        description:
          '本人的待办 todo、待阅 read(最急的在前)和已办 done(最近的在前);count 为现在可办的件数,只在第一页,more 表示不止此数',
        querystring: z.strictObject({ box: z.enum(BOXES).default('todo'), ...pageQuery }),
        response: reads(countedListOf(taskItemSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { box, cursor, limit } = request.query;
      const { rows, nextCursor } = await tasksInBox(context, asker, box, { after: decodeCursor(cursor), limit });
      const items = box === 'done' ? await doneItems(context, asker, rows) : await openItems(context, asker, rows);
      const whole = cursor === undefined && nextCursor === null;
      const counted = whole
        ? { count: items.filter((one) => !one.waiting).length }
        : cursor === undefined
          ? await countOf(context, asker, box)
          : {};
      return { items, nextCursor, ...counted };
    },
  );

  api.post(
    '/api/tasks/:id/actions',
    {
      schema: {
        tags: ['tasks'],
        description: '办理:待办的 actions 列出现在可做的操作',
        headers: idempotent,
        params: z.object({ id: z.string().max(80) }),
        body: actionBody,
        response: { 200: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer } = askerOf(request);
      const { id } = request.params;
      const key = keyOf(request, `POST /api/tasks/${id}/actions`);
      const found = await taskForActing(context, request, id);
      if (found instanceof Problem) throw found;
      return answerCommand(context, request, reply, {
        key,
        status: 200,
        target: id,
        make: async () => ({ matterId: found.matter.id, command: actCommand(id, request.body, key, viewer) }),
      });
    },
  );
}

async function openItems(context: ApiContext, asker: Asker, rows: readonly ListedTask[]): Promise<TaskItem[]> {
  const world = { ...asker.world, now: asker.now };
  const viewed: { row: ListedTask; matter: Matter; view: TaskView }[] = [];
  for (const row of rows) {
    const { state } = row.matter;
    const open = state?.tasks[row.task.id];
    // The record closed it after the list was read: it is in no list any more.
    if (state === null || open === undefined) continue;
    const definition = definitionOf(row.matter);
    const view = taskView(definition, state, open, asker.viewer.id, world, titlesOf(definition));
    viewed.push({ row, matter: state, view });
  }
  const drafts = await opinionDraftsOf(context.db, asker.viewer.id, actedOnBy(viewed.map((one) => one.view)));
  const examples = new Examples(context.db, asker.world, asker.now);
  const items: TaskItem[] = [];
  for (const { row, matter, view } of viewed) {
    const task = await presentTask({
      definition: definitionOf(row.matter),
      matter,
      task: view,
      examples,
      drafts,
      world: asker.world,
    });
    items.push({ ...task, ...presentSurroundings(row.matter, asker.world, asker.now), own: null });
  }
  return items;
}

async function doneItems(context: ApiContext, asker: Asker, rows: readonly ListedTask[]): Promise<TaskItem[]> {
  const acts = await actsOn(
    context.db,
    rows.map(({ task }) => task),
  );
  return rows.map(({ task, matter }) => ({
    ...presentDoneTask(task, matter, mayTakeBack(asker, matter, task.id) ? [{ action: 'takeBack', opinion: 'none' }] : []),
    ...presentSurroundings(matter, asker.world, asker.now),
    own: acts.get(task.id) ?? null,
  }));
}

function mayTakeBack({ viewer }: Asker, matter: ListedTask['matter'], task: string): boolean {
  return matter.state !== null && whyNotTakeBack(definitionOf(matter), matter.state, task, viewer.id) === null;
}

/** How many items a box holds beyond its first page; not told to who stands in for others now, whose tasks are found one by one. */
async function countOf(context: ApiContext, { viewer, world, now }: Asker, box: Box): Promise<Partial<Counted>> {
  if (box !== 'done' && mayStandInFor(world.directory, viewer.id, { calendar: world.calendar, now }).length > 0) return {};
  return countOwn(context.db, viewer.id, box);
}
