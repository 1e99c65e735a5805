/**
 * What a process's forms bring beside the flow: zod schemas, and examples that the demo school accepts. Never imported by
 * workflow code: zod is dear in the workflow bundle.
 */
import type { z } from 'zod';
import type { WorkingCalendar } from './calendar.ts';
import type { Directory, ResourceKind } from './directory.ts';
import type { Json, JsonObject } from './json.ts';

/** What an example may be made from, read when it is asked for: dates lie ahead, files exist, what it books is free. */
export interface ExampleContext {
  now: string;
  calendar: WorkingCalendar;
  directory: Directory;
  settings: Readonly<Record<string, Json>>;
  /** Ids of sample files that anybody may name. */
  files: { pdf: string; docx: string };
  /** Resources of a kind that nobody has booked between two instants. */
  free: (kind: ResourceKind, from: string, to: string) => string[];
  /** A number that differs from call to call, to spread dates and make names and codes unlike earlier ones. */
  serial: number;
}

/** What an example output may be made from besides. */
export interface OutputExampleContext extends ExampleContext {
  form: JsonObject;
  outputs: Readonly<Record<string, JsonObject | undefined>>;
  item: string | null;
  startedAt: string;
}

/** The filled-in example of a process. */
export interface Example {
  person: string;
  form: JsonObject;
  attachments: string[];
}

/** The forms of one process version. */
export interface ProcessForms {
  form: z.ZodType;
  /** The output form of each handling step, by step id. */
  outputs: Readonly<Record<string, z.ZodType>>;
  example: (context: ExampleContext) => Example;
  /** An output that the step accepts, by step id. */
  outputExamples: Readonly<Record<string, (context: OutputExampleContext) => JsonObject>>;
}

/** Ties the forms of a process to its outputs, so that a step without schema or example does not compile. */
export function defineForms<Outputs extends Readonly<Record<string, z.ZodType>>>(forms: {
  form: z.ZodType;
  outputs: Outputs;
  example: (context: ExampleContext) => Example;
  outputExamples: { [K in keyof Outputs]: (context: OutputExampleContext) => JsonObject & z.input<Outputs[K]> };
}): ProcessForms {
  return forms;
}
