/** How a process is rehearsed: its beginnings on the demo university, and what people there would write. */
import { formsOf } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contextAt } from '../../workflows/machine/context.ts';
import type { Matter, Task } from '../../workflows/machine/state.ts';
import type { RehearsalPlan } from '../../workflows/machine/telling/rehearse.ts';
import { parseKey, placesOf } from '../../workflows/machine/tree.ts';
import { demoUniversity } from '../demo/university.ts';
import { demoCalendar, exampleContextOf, type School, worldOf } from './school.ts';
import { type Variant, variantsOf } from './variants.ts';

/** The plans of a process: its example first, then what else leads to other branches. @param at when all of them are sent, UTC. */
export function plansOf(definition: ProcessDefinition, at: string): RehearsalPlan[] {
  const variants = variantsOf(definition);
  return variants.starts.map((variant, index) => planOf(definition, variant, variants.outputs, at, index));
}

function planOf(
  definition: ProcessDefinition,
  variant: Variant,
  others: Readonly<Record<string, readonly JsonObject[]>>,
  at: string,
  index: number,
): RehearsalPlan {
  const { form: changes = {}, person, ...school } = variant;
  const played: School = { directory: demoUniversity(), calendar: demoCalendar, settings: {}, files: [], facts: {}, ...school };
  const example = formsOf(definition).example(exampleContextOf(definition, at, played, 1));
  const form = Object.fromEntries(Object.entries({ ...example.form, ...changes }).filter(([, value]) => value !== undefined));
  return {
    name: index === 0 ? '示例申请,各环节同意' : `${describe(variant)},各环节同意`,
    at,
    start: {
      type: 'start',
      id: 'start',
      by: { kind: 'person', id: person ?? example.person },
      bodyHash: null,
      processId: definition.id,
      version: definition.version,
      form,
      attachments: [],
    },
    world: (now) => worldOf(definition, now, played),
    outputs: (matter, task, now) => [
      exampleOutput(definition, matter, task, now, played),
      ...(task.kind === 'correct' ? [] : (others[task.step] ?? [])),
    ],
  };
}

/** What differs from the example, in a few words. */
function describe({ form = {}, settings = {}, person }: Variant): string {
  const parts = Object.entries({ ...form, ...settings }).map(
    ([key, value]) => `${key}=${value === undefined ? '不填' : JSON.stringify(value)}`,
  );
  if (person !== undefined) parts.push(`申请人=${demoUniversity().people[person]?.name ?? person}`);
  return `申请(${parts.join(',') || '示例'})`;
}

/** What the people of a task would write: the step's example, or for a correction the form as it is. */
export function exampleOutput(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  now: string,
  school: School,
): JsonObject {
  if (task.kind === 'correct') return matter.form;
  const make = formsOf(definition).outputExamples[task.step];
  if (make === undefined) return {};
  const loops = placesOf(definition).get(task.step)?.loops ?? [];
  const { form, outputs, item, startedAt } = contextAt(definition, matter, loops, parseKey(task.visit).scope);
  return make({ ...exampleContextOf(definition, now, school, matter.sequence), form, outputs, item, startedAt });
}
