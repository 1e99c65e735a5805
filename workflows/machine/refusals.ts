/**
 * Refusals are values, not throws: something a person asked for and the rules do not allow. The code is stable and the same in
 * the machine, the update's failure, the HTTP answer and the greyed button.
 */
import type { Fault } from '../../definitions/language/json.ts';

/** Every code, with the HTTP status it is answered with. In order of precedence: the first that applies is told. */
export const REFUSALS = {
  'matter-unknown': 404,
  'task-unknown': 404,
  'not-allowed': 403,
  'matter-ended': 409,
  'task-closed': 409,
  'action-not-offered': 409,
  'too-late': 409,
  'too-early': 409,
  'too-many-rounds': 409,
  'resource-taken': 409,
  'bad-input': 422,
  /** A fault of ours kept the command from being decided; it had no effect. */
  internal: 500,
} as const;
export type RefusalCode = keyof typeof REFUSALS;

/** Why a command was refused: a stable code, a sentence in Chinese with the cure, and for bad input every fault at once. */
export interface Refusal {
  refused: true;
  code: RefusalCode;
  message: string;
  faults: Fault[];
}

/** Makes a refusal. */
export function refuse(code: RefusalCode, message: string, faults: Fault[] = []): Refusal {
  return { refused: true, code, message, faults };
}

/** Tells a refusal from anything else a decision may give. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && value.refused === true;
}

/** Why something was refused, in one text: what is wrong with each field, where that is known, else the message. */
export function reasonOf({ message, faults }: { message: string; faults?: readonly Fault[] | undefined }): string {
  const found = [...new Set((faults ?? []).map((fault) => fault.message))];
  return found.length === 0 ? message : found.join(';');
}
