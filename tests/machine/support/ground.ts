/** What a random walk goes over: its school, its process, its people, and what it came to. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { Matter, Task } from '../../../workflows/machine/state.ts';
import type { World } from '../../../workflows/machine/world.ts';

/** What a walk needs of its school and process. */
export interface Ground {
  definition: ProcessDefinition;
  /** The world but for its time. */
  world: Omit<World, 'now'>;
  startAt: string;
  applicant: string;
  form: JsonObject;
  people: readonly string[];
  /** An output that a step may accept. */
  output: (matter: Matter, task: Task, now: string, pick: number) => JsonObject;
  /** A form that the applicant may correct to. */
  correction: (matter: Matter, now: string, pick: number) => JsonObject;
  /** True where a step may refuse every output that a walk knows: an administrator then ends the matter. */
  gated?: boolean;
}

/** What walks came to, to see that they go everywhere. */
export type Tally = Map<string, number>;

/** Freezes a value and everything in it, so that whoever changes what they were only shown is caught. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
