/** Collecting every fault of what somebody sent, so that they hear all of them at once (一次性告知, source 004). */
import type { CheckContext, Read } from '../../definitions/language/context.ts';
import type { Checks, ProcessDefinition } from '../../definitions/language/define.ts';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import type { World } from './world.ts';

/**
 * Every fault of a form: those of its schema and those of the definition's checks, each place told once.
 * Checks across fields run even when a field is wrong, so that a person hears everything at once (一次性告知).
 */
export function formFaults(definition: ProcessDefinition, context: CheckContext, world: Pick<World, 'schemas'>): Fault[] {
  const found = world.schemas.form(context.form);
  const checks = checkList(definition.checks).map((check) => (form: JsonObject) => check({ ...context, form }));
  return mergeFaults(found, '/form', context.form, checks);
}

function checkList(checks: Checks | undefined): readonly ((context: CheckContext) => Fault[])[] {
  if (checks === undefined) return [];
  return typeof checks === 'function' ? [checks] : checks;
}

/**
 * Adds what checks find to what a schema found. Checks expect a well-formed value, and one may stumble over a field that the schema
 * has faulted already; it is then asked again without the faulted fields, and what it says of these is left out.
 * @param root the JSON Pointer of the value, `/form` or `/output`.
 * @throws what a check threw over a value that its schema accepts: a bug in the definition.
 */
export function mergeFaults(
  schemaFaults: readonly Fault[],
  root: '/form' | '/output',
  value: JsonObject,
  checks: readonly ((value: JsonObject) => Fault[])[],
): Fault[] {
  const faulted = [...new Set(schemaFaults.map((fault) => fieldAt(root, fault.path)))].filter((field) => field !== null);
  const found = checks.flatMap((check) => guarded(check, root, value, schemaFaults.length > 0, faulted));
  const wrong = new Set(schemaFaults.map((fault) => fault.path));
  return [...schemaFaults, ...found.filter((fault) => !wrong.has(fault.path))];
}

/** What one check finds; of a malformed value as much as it can tell. */
function guarded(
  check: (value: JsonObject) => Fault[],
  root: string,
  value: JsonObject,
  malformed: boolean,
  faulted: readonly string[],
): Fault[] {
  try {
    return check(value);
  } catch (error) {
    if (!malformed) throw error;
  }
  // All faulted fields at once, then one at a time: a check may need a field that is merely too long.
  for (const left of [faulted, ...faulted.map((field) => [field])]) {
    try {
      return check(withoutFields(value, left)).filter(({ path }) => !left.includes(fieldAt(root, path) ?? ''));
    } catch {
      // It needs a field that is wrong; what it would say can only be told once that is mended.
    }
  }
  return [];
}

function withoutFields(value: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));
}

/** The top-level field that a pointer lies in, `takeOut` for `/form/takeOut/from`; null for the value itself. */
function fieldAt(root: string, path: string): string | null {
  const field = path.slice(root.length + 1).split('/')[0] ?? '';
  return field === '' ? null : field.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A fault for each attachment that does not exist or is not its sender's to name. */
export function attachmentFaults(attachments: readonly string[], world: Pick<World, 'files'>): Fault[] {
  return attachments.flatMap((id, at) =>
    Object.hasOwn(world.files, id) ? [] : [{ path: `/attachments/${at}`, message: '附件不存在或不是您上传的' }],
  );
}

/** What a form that may be malformed asks to know of other matters; what cannot be asked is left to its schema's faults. */
export function readsOf(definition: ProcessDefinition, form: JsonObject, now: string): Read[] {
  try {
    return definition.reads?.(form, now) ?? [];
  } catch {
    return [];
  }
}
