/** The forms of every published process, `id@version` → forms. Holds zod schemas: never imported by workflow code. */
import { z } from 'zod';
import type { ProcessForms } from './language/forms.ts';
import type { Fault, Json, JsonObject } from './language/json.ts';
import { inPlainWords } from './language/plain-words.ts';
import { contractReviewForms } from './processes/contract-review/form.ts';
import { contractReviewForms as contractReviewFormsV1 } from './processes/contract-review-v1/form.ts';
import { instructionFollowUpForms } from './processes/instruction-follow-up/form.ts';
import { instructionFollowUpForms as instructionFollowUpFormsV1 } from './processes/instruction-follow-up-v1/form.ts';
import { instructionFollowUpForms as instructionFollowUpFormsV2 } from './processes/instruction-follow-up-v2/form.ts';
import { keyWorkForms } from './processes/key-work/form.ts';
import { sealUseForms } from './processes/seal-use/form.ts';
import { sealUseForms as sealUseFormsV1 } from './processes/seal-use-v1/form.ts';
import { serviceComplaintForms } from './processes/service-complaint/form.ts';
import { vehicleUseForms } from './processes/vehicle-use/form.ts';
import { vehicleUseForms as vehicleUseFormsV1 } from './processes/vehicle-use-v1/form.ts';

// What no schema says itself is said in the words of people, in forms and in the API's bodies.
z.config({ localeError: inPlainWords });

/** All forms, `id@version` → forms. */
export const formCatalog: Readonly<Record<string, ProcessForms>> = {
  'contract-review@1': contractReviewFormsV1,
  'contract-review@2': contractReviewForms,
  'instruction-follow-up@1': instructionFollowUpFormsV1,
  'instruction-follow-up@2': instructionFollowUpFormsV2,
  'instruction-follow-up@3': instructionFollowUpForms,
  'key-work@1': keyWorkForms,
  'seal-use@1': sealUseFormsV1,
  'seal-use@2': sealUseForms,
  'service-complaint@1': serviceComplaintForms,
  'vehicle-use@1': vehicleUseFormsV1,
  'vehicle-use@2': vehicleUseForms,
};

/** The forms of a definition. Throws when the catalogs disagree, which a test forbids. */
export function formsOf(definition: { id: string; version: number }): ProcessForms {
  const found = formCatalog[`${definition.id}@${definition.version}`];
  if (found === undefined)
    throw new Error(`No forms for ${definition.id}@${definition.version}: add its line to definitions/forms.ts`);
  return found;
}

/** A zod schema as JSON Schema 2020-12, of what is sent. */
export function jsonSchemaOf(schema: z.ZodType): JsonObject {
  // z.toJSONSchema gives plain JSON; its type says so less exactly.
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
}

const jsonSchemas = new WeakMap<z.ZodType, JsonObject>();

/** {@link jsonSchemaOf}, made once for each schema. */
function keptJsonSchema(schema: z.ZodType): JsonObject {
  let made = jsonSchemas.get(schema);
  if (made === undefined) {
    made = jsonSchemaOf(schema);
    jsonSchemas.set(schema, made);
  }
  return made;
}

/** The forms of a definition as JSON Schemas, `outputs` by step id. */
export function jsonFormsOf(definition: { id: string; version: number }): {
  form: JsonObject;
  outputs: Record<string, JsonObject>;
} {
  const { form, outputs } = formsOf(definition);
  const schemas = Object.entries(outputs).map(([step, schema]) => [step, keptJsonSchema(schema)] as const);
  return { form: keptJsonSchema(form), outputs: Object.fromEntries(schemas) };
}

/** The top-level fields of a form. */
export function fieldsOf(schema: z.ZodType): string[] {
  const { properties } = jsonSchemaOf(schema);
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** Checks a value against a schema; every fault with a JSON Pointer below `root`. */
export function schemaFaults(schema: z.ZodType, root: string, value: Json): Fault[] {
  const result = schema.safeParse(value);
  return result.success ? [] : faultsOf(root, result.error);
}

/** Every issue of a failed parse as a fault, with a JSON Pointer below `root`; each unknown key is a fault of its own. */
export function faultsOf(root: string, error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null];
    return keys.map((key) => ({
      path: [root, ...issue.path.map(String), ...(key === null ? [] : [key])]
        .map((part, at) => (at === 0 ? part : escapePointer(part)))
        .join('/'),
      message: key === null ? issue.message : '没有这一项',
    }));
  });
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The schema checks of a definition, as the machine takes them: the form, and each step's output. */
export function schemaChecks(definition: { id: string; version: number }): {
  form: (value: Json) => Fault[];
  outputs: Record<string, (value: Json) => Fault[]>;
} {
  const { form, outputs } = formsOf(definition);
  return {
    form: (value) => schemaFaults(form, '/form', value),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([step, schema]) => [step, (value: Json) => schemaFaults(schema, '/output', value)]),
    ),
  };
}
