/** Small instruments: load with a fixed number in flight, percentiles, CPU time of other processes. */
import { readFileSync } from 'node:fs';

/** The value below which a share of the sorted values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What one run of a load gave. */
export interface LoadResult {
  perSecond: number;
  milliseconds: number[];
  seconds: number;
}

/** Runs `count` pieces of work with `inFlight` at once. */
export async function load(
  count: number,
  inFlight: number,
  work: (told: (milliseconds: number) => void) => Promise<void>,
): Promise<LoadResult> {
  const milliseconds: number[] = [];
  let left = count;
  const began = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await work((one) => milliseconds.push(one));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: count / seconds, milliseconds, seconds };
}

/** Clock ticks a second in /proc, the same on every Linux that matters. */
const TICKS = 100;

/** CPU seconds of a process so far, 0 where the system does not tell. */
export function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // User and system time.
    return [11, 12].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) / TICKS;
  } catch {
    return 0;
  }
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const pair = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return pair.reduce((sum, one) => sum + one, 0) / pair.length;
}
