/** Limits on what a command may carry, checked in the machine too: a command may come by signal, past every check of the API. */
import type { Fault } from '../../../definitions/language/json.ts';
import { COMMAND_LIMITS } from '../commands.ts';
import { attachmentFaults } from '../faults.ts';
import type { World } from '../world.ts';

/** A fault for a text that is missing where it is due, or too long. @param path JSON Pointer, `/reason`. */
export function textFaults(
  path: string,
  text: string | null,
  { max = COMMAND_LIMITS.text, required = null }: { max?: number; required?: string | null } = {},
): Fault[] {
  const written = text?.trim() ?? '';
  if (written === '' && required !== null) return [{ path, message: required }];
  return written.length > max ? [{ path, message: `不超过${max}字` }] : [];
}

/** Faults of attachments: too many of them, and each that does not exist or is not its sender's. */
export function filesFaults(attachments: readonly string[], world: Pick<World, 'files'>): Fault[] {
  const { attachments: max } = COMMAND_LIMITS;
  const tooMany = attachments.length > max ? [{ path: '/attachments', message: `附件不超过${max}个` }] : [];
  return [...tooMany, ...attachmentFaults(attachments.slice(0, max), world)];
}
