/** Turns matters and tasks into what the contract shows. */
import type { z } from 'zod';
import type { MatterRow, TaskRow } from '../db/matters.ts';
import type { OuterWorld } from '../db/world.ts';
import { findDefinition } from '../definitions/catalog.ts';
import { lightAt } from '../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { ExampleContext } from '../definitions/language/forms.ts';
import type { Matter } from '../workflows/machine/state.ts';
import { matterView, type TaskView } from '../workflows/machine/view.ts';
import type { ApiContext, Asker } from './context.ts';
import { exampleContext, outputExample, outputSchema } from './examples.ts';
import type { matterItemSchema, matterSchema, taskSchema } from './schemas/common.ts';

export type MatterDto = z.input<typeof matterSchema>;
export type TaskDto = z.input<typeof taskSchema>;
type MatterItemDto = z.input<typeof matterItemSchema>;

/** The definition of a matter. Throws when the catalog lost it, which a test forbids. */
export function definitionOf(matter: { processId: string; version: number }): ProcessDefinition {
  const found = findDefinition(matter.processId, matter.version);
  if (found === undefined)
    throw new Error(`Process ${matter.processId}@${matter.version} is no longer in the catalog: put it back`);
  return found;
}

/** A matter as the asker sees it, with schema and example of each output they may give. */
export async function presentMatter(context: ApiContext, asker: Asker, matter: Matter): Promise<MatterDto> {
  const definition = definitionOf(matter);
  const view = matterView(definition, matter, asker.viewer.id, asker.now);
  const acts = view.tasks.some((task) => task.actions.some((action) => action.takesOutput));
  const examples = acts ? await exampleContext(context.db, asker.world, definition, asker.now) : null;
  return { ...view, tasks: view.tasks.map((task) => presentTask(definition, matter, task, examples)) };
}

/** A task with schema and example of its output. */
export function presentTask(
  definition: ProcessDefinition,
  matter: Matter,
  task: TaskView,
  examples: ExampleContext | null,
): TaskDto {
  return {
    ...task,
    actions: task.actions.map(({ action, opinion, takesOutput, targets }) => {
      const open = matter.tasks[task.id];
      const schema = takesOutput ? outputSchema(definition, task.step) : null;
      const output =
        schema === null || examples === null || open === undefined
          ? undefined
          : { schema, example: outputExample(definition, matter, open, examples) };
      return { action, opinion, ...(output === undefined ? {} : { output }), ...(targets.length === 0 ? {} : { targets }) };
    }),
  };
}

/** A matter in a list. */
export function presentItem(row: MatterRow, world: OuterWorld, now: string): MatterItemDto {
  const { state } = row;
  const at = row.endedAt ?? now;
  return {
    no: row.no,
    process: row.processId,
    processName: definitionOf(row).name,
    version: row.version,
    title: row.title,
    status: row.status,
    applicant: { ...state.applicant, unitName: world.directory.units[state.applicant.unit]?.name ?? state.unitName },
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    dueAt: row.dueAt,
    overdue: row.status !== 'suspended' && row.dueAt < at,
    light: lightAt(row, at),
    outcome: state.ending,
    tasks: Object.values(state.tasks).map((task) => ({
      id: task.id,
      step: task.step,
      name: task.name,
      assignees: task.assignees,
      dueAt: task.due.dueAt,
      light: lightAt(task.due, now),
    })),
  };
}

/** A task that is over, from its row. */
export function presentDoneTask(task: TaskRow, matter: MatterRow): TaskDto {
  return {
    id: task.id,
    matter: matter.no,
    step: task.step,
    name: task.name,
    ask: null,
    round: task.round,
    kind: task.kind,
    assignees: task.assignees,
    openedAt: task.openedAt,
    dueAt: task.dueAt,
    provisional: false,
    light: lightAt(task, task.closedAt ?? task.dueAt),
    explanation: task.explanation,
    actions: [],
  };
}
