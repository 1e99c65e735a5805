/** Commands that wait for their turn in a workflow, and how whoever waits for one hears what became of it. */
import { ApplicationFailure } from '@temporalio/common';
import type { CommandAnswer } from './contract.ts';
import type { Command } from './machine/commands.ts';
import { isRefusal, type Refusal } from './machine/refusals.ts';

/** A command in the queue, and how whoever waits for it is told. */
export interface Pending {
  command: Command | null;
  tell: (answer: CommandAnswer | Refusal) => void;
}

/** For commands that nobody waits for. */
export const nobody = () => undefined;

/** Tells an update's promise what became of its command. */
export function teller(resolve: (answer: CommandAnswer) => void, reject: (error: Error) => void, word?: string): Pending['tell'] {
  return (answer) => {
    if (isRefusal(answer)) reject(failureOf(answer, word));
    else resolve(answer);
  };
}

/** A refusal as Temporal carries it. @param word what a fault of ours gives back to whoever asked. */
export function failureOf(refusal: Refusal, word?: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: refusal.message,
    type: refusal.code,
    nonRetryable: true,
    details: [refusal.faults, ...(refusal.code === 'internal' && word !== undefined ? [word] : [])],
  });
}
