/** Collecting every fault of what somebody sent, so that they hear all of them at once (一次性告知, source 004). */
import type { CheckContext, Read } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import type { World } from './world.ts';

/**
 * Every fault of a form: those of its schema and those of the definition's checks, each place told once.
 * Checks across fields run even when a field is wrong, so that a person hears everything at once (一次性告知).
 */
export function formFaults(definition: ProcessDefinition, context: CheckContext, world: Pick<World, 'schemas'>): Fault[] {
  const found = world.schemas.form(context.form);
  return mergeFaults(found, () => definition.checks?.(context) ?? []);
}

/** Adds what checks find to what a schema found. A check that stumbles over a field the schema already faulted is passed over. */
export function mergeFaults(schemaFaults: readonly Fault[], checks: () => Fault[]): Fault[] {
  let checked: Fault[] = [];
  try {
    checked = checks();
  } catch (error) {
    if (schemaFaults.length === 0) throw error;
  }
  const wrong = new Set(schemaFaults.map((fault) => fault.path));
  return [...schemaFaults, ...checked.filter((fault) => !wrong.has(fault.path))];
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
