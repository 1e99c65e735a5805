/** A matter as it stood at a past moment: the fold of the events until then, told as an onlooker would have been told. */
import { z } from 'zod';
import { foldEvents, lastSequenceAt } from '../db/events.ts';
import type { MatterRow } from '../db/matters.ts';
import { evolve } from '../workflows/machine/fold/evolve.ts';
import { type MatterState, newMatter } from '../workflows/machine/state.ts';
import { matterView } from '../workflows/machine/telling/view.ts';
import type { ApiContext, Asker } from './context.ts';
import { titlesOf } from './examples.ts';
import { definitionOf, presentCourse } from './present.ts';
import { matterSchema, taskSchema } from './schemas/common.ts';

const task = taskSchema.pick({
  id: true,
  step: true,
  visit: true,
  name: true,
  ask: true,
  round: true,
  kind: true,
  assignees: true,
  openedAt: true,
  dueAt: true,
  provisional: true,
  light: true,
  explanation: true,
  waiting: true,
  returned: true,
  changed: true,
  claimedBy: true,
});

/** A matter as it stood; nobody can act on the past, so it offers nothing. */
export const pastMatterSchema = matterSchema
  .omit({ takeBacks: true, intervene: true, commands: true, tasks: true })
  .extend({ tasks: z.array(task) });

/** What was known of a matter at an instant. */
export interface PastMatter {
  matter: z.input<typeof pastMatterSchema>;
  /** The last event that had happened. */
  sequence: number;
}

/**
 * A matter as of an instant, or null before it began. Who held a task is told by the directory as it is kept today: its posts and
 * absences carry their dates. A link shows what its matter knew of the other.
 */
export async function matterAsOf(
  context: ApiContext,
  { world }: Asker,
  row: Pick<MatterRow, 'id'>,
  at: string,
): Promise<PastMatter | null> {
  const sequence = await lastSequenceAt(context.db, row.id, at);
  if (sequence === 0) return null;
  const state = await foldEvents<MatterState>(context.db, row.id, newMatter(row.id), evolve, sequence);
  if (state.phase === 'new') return null;
  const definition = definitionOf(state);
  // Nobody has this id: what only somebody concerned may see or do is left out.
  const {
    tasks,
    takeBacks: _,
    intervene: __,
    commands: ___,
    ...view
  } = matterView(definition, state, '', { ...world, now: at }, titlesOf(definition));
  return {
    sequence,
    matter: {
      ...view,
      ...presentCourse(state, Object.values(state.links)),
      tasks: tasks.map(({ item: _item, actions: _actions, next: _next, ...shown }) => ({
        ...shown,
        visit: state.tasks[shown.id]?.visit ?? shown.step,
        waiting: state.tasks[shown.id]?.waiting ?? false,
      })),
    },
  };
}
