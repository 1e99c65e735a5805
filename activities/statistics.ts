/** The chore that keeps statistics quick to read: what has changed is folded into counters. */
import { foldStatistics } from '../db/statistics.ts';
import type { Chore } from './chores.ts';

/** Deltas of one piece: some hundred transitions, folded in some ten milliseconds. */
const PIECE = 5_000;
/** Reading adds what is not yet folded, so nobody waits for this. */
const REST_MS = 5_000;

/** Folds what has changed into the counters. */
export const statisticsChore: Chore = {
  name: 'statistics',
  restMs: REST_MS,
  async run({ db }) {
    return (await foldStatistics(db, PIECE)) === PIECE;
  },
};
