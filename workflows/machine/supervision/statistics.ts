/** What is made of counted measures: rates, handling times, the step at which most time is lost; and who may see them. */
import type { Viewer } from '../people/rights.ts';
import type { StatisticMeasure } from '../words.ts';

/** Below this many minutes each minute is a class of its own. */
const SINGLE_MINUTES = 8;
/** Classes to each doubling above. */
const CLASSES = 4;
/** The exponent of the first doubling that is divided. */
const FIRST = 3;

/**
 * The class of a handling time: single minutes up to eight, then four classes to each doubling, so that a value told from its class
 * is wrong by an eighth at most. The same as `statistic_bucket` in SQL.
 * @param minutes whole minutes of office hours.
 */
export function bucketOf(minutes: number): number {
  if (minutes < SINGLE_MINUTES) return Math.max(minutes, 0);
  const exponent = 31 - Math.clz32(minutes);
  return SINGLE_MINUTES + (exponent - FIRST) * CLASSES + ((minutes >> (exponent - 2)) & (CLASSES - 1));
}

/** The first minute of a class, and how many minutes it holds. */
export function minutesOf(bucket: number): { from: number; width: number } {
  if (bucket < SINGLE_MINUTES) return { from: bucket, width: 1 };
  const exponent = FIRST + Math.floor((bucket - SINGLE_MINUTES) / CLASSES);
  const width = 2 ** exponent / CLASSES;
  return { from: 2 ** exponent + ((bucket - SINGLE_MINUTES) % CLASSES) * width, width };
}

/** How many there are of each class. */
export type Buckets = ReadonlyMap<number, number>;

/** The handling time within which a share of the tasks was done, in whole minutes, reckoned within its class; null without tasks. */
export function percentile(buckets: Buckets, share: number): number | null {
  const sorted = [...buckets].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(total * share));
  let before = 0;
  for (const [bucket, count] of sorted) {
    if (before + count >= rank) {
      const { from, width } = minutesOf(bucket);
      return Math.floor(from + (width * (rank - before - 0.5)) / count);
    }
    before += count;
  }
  return null;
}

/** Counts by measure; what is missing is 0. */
export type Counts = Readonly<Partial<Record<StatisticMeasure, number>>>;

/** What is told of matters. Rates lie between 0 and 1, null where nothing was counted; `satisfaction.mean` between 1 and 5. */
export interface MatterFigures {
  received: number;
  finished: number;
  onTime: number;
  late: number;
  /** Of all that ended. */
  onTimeRate: number | null;
  completed: number;
  rejected: number;
  withdrawn: number;
  returned: number;
  completeAtOnce: number;
  completeAtOnceRate: number | null;
  archived: number;
  /** Of those that ended otherwise than withdrawn: what is withdrawn is not archived. */
  archiveRate: number | null;
  archiveAccuracy: number | null;
  satisfaction: { mean: number | null; count: number };
}

/** What is told of tasks. Minutes are those of office hours. */
export interface TaskFigures {
  done: number;
  doneLate: number;
  onTimeRate: number | null;
  medianMinutes: number | null;
  p90Minutes: number | null;
}

/** A share to four decimals, null of nothing. */
function share(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

/** {@link MatterFigures} of counts. */
export function matterFigures(counts: Counts): MatterFigures {
  const of = (measure: StatisticMeasure) => counts[measure] ?? 0;
  const [finished, rated] = [of('finished'), of('rated')];
  return {
    received: of('received'),
    finished,
    onTime: of('on-time'),
    late: of('late'),
    onTimeRate: share(of('on-time'), finished),
    completed: of('completed'),
    rejected: of('rejected'),
    withdrawn: of('withdrawn'),
    returned: of('returned'),
    completeAtOnce: of('complete-at-once'),
    completeAtOnceRate: share(of('complete-at-once'), finished),
    archived: of('archived'),
    archiveRate: share(of('archived'), finished - of('withdrawn')),
    archiveAccuracy: share(of('archive-accurate'), of('archive-checked')),
    satisfaction: { mean: rated === 0 ? null : Math.round((of('stars') / rated) * 100) / 100, count: rated },
  };
}

/** {@link TaskFigures} of counts and handling times. */
export function taskFigures(counts: Counts, buckets: Buckets): TaskFigures {
  const done = counts.done ?? 0;
  const doneLate = counts['done-late'] ?? 0;
  return {
    done,
    doneLate,
    onTimeRate: share(done - doneLate, done),
    medianMinutes: percentile(buckets, 0.5),
    p90Minutes: percentile(buckets, 0.9),
  };
}

/**
 * The step at which most time is lost 瓶颈环节: whose p90 times the number of its tasks is greatest; with its share of what all steps
 * come to. Null where nothing was done.
 */
export function bottleneckOf<T extends Pick<TaskFigures, 'done' | 'p90Minutes'>>(
  steps: readonly T[],
): { step: T; share: number } | null {
  const weight = ({ done, p90Minutes }: T) => done * (p90Minutes ?? 0);
  const total = steps.reduce((sum, one) => sum + weight(one), 0);
  const worst = steps.reduce<T | null>((most, one) => (most === null || weight(one) > weight(most) ? one : most), null);
  return worst === null || total === 0 ? null : { step: worst, share: share(weight(worst), total) ?? 0 };
}

/**
 * The units whose statistics somebody may see: null for the whole school, which supervisors and administrators follow; for the head
 * of units those; none for anybody else.
 */
export function unitsToCount(viewer: Viewer): readonly string[] | null {
  return viewer.supervisor || viewer.administrator ? null : viewer.headedUnits;
}
