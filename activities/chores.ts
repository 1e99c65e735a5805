/**
 * Chores: what every worker does in the background, again and again, beside its workflows. A chore takes its work from rows that
 * a transaction has left (`for update skip locked`), so any number of workers share it, and what one leaves undone another does.
 */
import { archiveChore } from './archive/make.ts';
import { NOTICE_CHORES } from './deliveries/chores.ts';
import type { OfficeMeans } from './office-day.ts';
import { ratingCases } from './ratings.ts';
import { statisticsChore } from './statistics.ts';

/** One chore. */
export interface Chore {
  name: string;
  /** How long to rest when there was nothing to do. */
  restMs: number;
  /** Does a bounded piece of it. @returns whether there may be more at once. */
  run(means: OfficeMeans, now: string): Promise<boolean>;
}

/** All of them. */
export const CHORES: readonly Chore[] = [ratingCases, archiveChore, statisticsChore, ...NOTICE_CHORES];

/** The longest rest after a failure. */
const RECOVERY_MS = 30_000;

/** Begins to do the chores. @returns how to stop, after the pieces in hand. */
export function startChores(
  means: OfficeMeans,
  now: () => string = () => new Date().toISOString(),
  chores: readonly Chore[] = CHORES,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const lanes = chores.map((chore) => keepAt(chore, means, now, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(lanes);
    },
  };
}

async function keepAt(chore: Chore, means: OfficeMeans, now: () => string, stop: AbortSignal): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    let rest = chore.restMs;
    try {
      if (await chore.run(means, now())) rest = 0;
      failures = 0;
    } catch (error) {
      failures += 1;
      rest = Math.min(chore.restMs * 2 ** failures, RECOVERY_MS);
      means.log.warn({ err: error, chore: chore.name }, 'chore failed');
    }
    await pause(rest, stop);
  }
}

/** A rest that ends early when we are asked to stop. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
    stop.addEventListener('abort', done);
  });
}
