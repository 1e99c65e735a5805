/** Examples and output schemas, made when asked for: dates lie ahead, files exist, what they book is free. */
import { bookingsFrom } from '../db/bookings.ts';
import type { Database } from '../db/client.ts';
import { sampleFiles } from '../db/files.ts';
import type { OuterWorld } from '../db/world.ts';
import { formsOf, jsonFormsOf } from '../definitions/forms.ts';
import { settingsFor } from '../definitions/language/common-settings.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { Directory, ResourceKind } from '../definitions/language/directory.ts';
import type { Example, ExampleContext, OutputExampleContext } from '../definitions/language/forms.ts';
import type { Json, JsonObject } from '../definitions/language/json.ts';
import { contextAt } from '../workflows/machine/context.ts';
import { APPLICANT_STEP, type Matter, type Task } from '../workflows/machine/state.ts';
import { parseKey, placeOf } from '../workflows/machine/tree.ts';

/** The JSON Schema of a process's form. */
export function formSchema(definition: ProcessDefinition): JsonObject {
  return jsonFormsOf(definition).form;
}

/** The JSON Schema of what a task's `complete` takes. */
export function outputSchema(definition: ProcessDefinition, step: string): JsonObject | null {
  return step === APPLICANT_STEP ? formSchema(definition) : (jsonFormsOf(definition).outputs[step] ?? null);
}

/** What people call the fields of a process's form: their titles, or their names where they have none. */
export function titlesOf(definition: ProcessDefinition): (field: string) => string {
  const { properties } = formSchema(definition);
  return (field) => titleIn(isObject(properties) ? properties[field] : undefined) ?? field;
}

function titleIn(schema: Json | undefined): string | null {
  return isObject(schema) && typeof schema.title === 'string' ? schema.title : null;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

let serial = 0;

/** What all examples of one request are made from: read when the first is asked for, and once. */
export class Examples {
  readonly #db: Database;
  readonly #world: OuterWorld;
  readonly #now: string;
  #read: Promise<[Booking[], ExampleContext['files']]> | null = null;

  constructor(db: Database, world: OuterWorld, now: string) {
    this.#db = db;
    this.#world = world;
    this.#now = now;
  }

  /** What examples of a process are made from. */
  async of(definition: ProcessDefinition): Promise<ExampleContext> {
    this.#read ??= Promise.all([bookingsFrom(this.#db, this.#now), sampleFiles(this.#db)]);
    const [booked, files] = await this.#read;
    const { calendar, directory, settings } = this.#world;
    serial += 1;
    return {
      now: this.#now,
      calendar,
      directory,
      settings: settingsFor(definition, { ...settings['*'], ...settings[definition.id] }),
      files,
      free: (kind, from, to) => freeResources(directory, booked, kind, from, to),
      // Unlike from call to call and from process to process of the API.
      serial: (Date.parse(this.#now) % 1_000_000) * 100 + (serial % 100),
    };
  }
}

type Booking = Awaited<ReturnType<typeof bookingsFrom>>[number];

function freeResources(directory: Directory, booked: readonly Booking[], kind: ResourceKind, from: string, to: string): string[] {
  const taken = new Set(
    booked
      .filter((one) => Date.parse(one.from) < Date.parse(to) && Date.parse(from) < Date.parse(one.to))
      .map((one) => one.resource),
  );
  return Object.values(directory.resources)
    .filter((one) => one.kind === kind && one.active && !taken.has(one.id))
    .map((one) => one.id);
}

/** Reads what examples of one process are made from. */
export function exampleContext(
  db: Database,
  world: OuterWorld,
  definition: ProcessDefinition,
  now: string,
): Promise<ExampleContext> {
  return new Examples(db, world, now).of(definition);
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
