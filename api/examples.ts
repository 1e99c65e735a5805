/** Examples and output schemas, made when asked for: dates lie ahead, files exist, what they book is free. */
import { z } from 'zod';
import { bookingsFrom } from '../db/bookings.ts';
import type { Database } from '../db/client.ts';
import { sampleFiles } from '../db/files.ts';
import type { OuterWorld } from '../db/world.ts';
import { formsOf } from '../definitions/forms.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { Example, ExampleContext, OutputExampleContext } from '../definitions/language/forms.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import { settingValues } from '../definitions/language/settings.ts';
import { contextAt } from '../workflows/machine/context.ts';
import { APPLICANT_STEP, type Matter, type Task } from '../workflows/machine/state.ts';
import { parseKey, placeOf } from '../workflows/machine/tree.ts';

const schemas = new Map<string, JsonObject>();

/** A zod schema as JSON Schema 2020-12, made once. */
function jsonSchema(key: string, schema: z.ZodType): JsonObject {
  const known = schemas.get(key);
  if (known !== undefined) return known;
  // z.toJSONSchema gives plain JSON; its type says so less exactly.
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
  schemas.set(key, made);
  return made;
}

/** The JSON Schema of a process's form. */
export function formSchema(definition: ProcessDefinition): JsonObject {
  return jsonSchema(`${definition.id}@${definition.version}`, formsOf(definition).form);
}

/** The JSON Schema of what a task's `complete` takes. */
export function outputSchema(definition: ProcessDefinition, step: string): JsonObject | null {
  if (step === APPLICANT_STEP) return formSchema(definition);
  const schema = formsOf(definition).outputs[step];
  return schema === undefined ? null : jsonSchema(`${definition.id}@${definition.version}/${step}`, schema);
}

let serial = 0;

/** Reads what examples of a process are made from. */
export async function exampleContext(
  db: Database,
  world: OuterWorld,
  definition: ProcessDefinition,
  now: string,
): Promise<ExampleContext> {
  const [booked, files] = await Promise.all([bookingsFrom(db, now), sampleFiles(db)]);
  serial += 1;
  return {
    now,
    calendar: world.calendar,
    directory: world.directory,
    settings: settingValues(definition.settings, { ...world.settings['*'], ...world.settings[definition.id] }),
    files,
    free: (kind, from, to) =>
      Object.values(world.directory.resources)
        .filter((one) => one.kind === kind && one.active)
        .filter(
          (one) =>
            !booked.some(
              (b) => b.resource === one.id && Date.parse(b.from) < Date.parse(to) && Date.parse(from) < Date.parse(b.to),
            ),
        )
        .map((one) => one.id),
    // Unlike from call to call and from process to process of the API.
    serial: (Date.parse(now) % 1_000_000) * 100 + (serial % 100),
  };
}

/** The filled-in example of a process. */
export function exampleOf(definition: ProcessDefinition, context: ExampleContext): Example {
  return formsOf(definition).example(context);
}

/** An output that a task's step accepts, or null for a step without output. */
export function outputExample(
  definition: ProcessDefinition,
  matter: Matter,
  task: Pick<Task, 'step' | 'visit'>,
  context: ExampleContext,
): JsonObject | null {
  if (task.step === APPLICANT_STEP) return matter.form;
  const make = formsOf(definition).outputExamples[task.step];
  if (make === undefined) return null;
  const { loops } = placeOf(definition, task.step);
  const at = contextAt(definition, matter, loops, parseKey(task.visit).scope);
  const full: OutputExampleContext = {
    ...context,
    settings: matter.settings,
    form: matter.form,
    outputs: at.outputs,
    item: at.item,
    startedAt: matter.startedAt,
  };
  return make(full);
}
