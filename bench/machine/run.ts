/**
 * `npm run bench:machine`: how many transitions a second the pure machine makes, beside copying and writing down the same states,
 * and what a matter with 1,000 events costs in memory and time to fold. Both sides of a ratio run by turns in one process; the
 * figures go into docs/benchmark.md between its marks.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decide } from '../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { evolveAll } from '../../workflows/machine/fold/evolve.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { newMatter } from '../../workflows/machine/state.ts';
import { median } from '../measure.ts';
import { followUpWalk, longFollowUp, type RecordedWalk, sealUseWalk } from './walks.ts';

const TURNS = Number(process.env.BENCH_TURNS ?? 7);
const TURN_MS = Number(process.env.BENCH_TURN_MS ?? 400);
const UNITS = Number(process.env.BENCH_UNITS ?? 20);
const LONG_EVENTS = 1_000;
const page = new URL('../../docs/benchmark.md', import.meta.url);

/** Decides every transition of a walk anew, and folds its events as the workflow does that did not decide them. */
function transitions(walk: RecordedWalk): void {
  for (const { state, command, world } of walk.steps) {
    const decided = decide(walk.definition, state, command, world);
    if (isRefusal(decided)) throw new Error(`${command.type} was refused: ${decided.message}`);
    evolveAll(state, decided.events);
  }
}

/** The least that anything durable must do with the same states: copy each and write it down. */
function baseline(walk: RecordedWalk): void {
  for (const { state } of walk.steps) JSON.stringify(structuredClone(state));
}

/** How many steps of a walk are gone through in a second. */
function perSecond(walk: RecordedWalk, work: (walk: RecordedWalk) => void): number {
  const began = performance.now();
  let rounds = 0;
  while (performance.now() - began < TURN_MS) {
    work(walk);
    rounds += 1;
  }
  return (rounds * walk.steps.length * 1_000) / (performance.now() - began);
}

interface Speed {
  name: string;
  steps: number;
  machine: number;
  baseline: number;
  ratio: number;
}

function speedOf(name: string, walk: RecordedWalk): Speed {
  const turns = Array.from({ length: TURNS + 1 }, () => ({
    machine: perSecond(walk, transitions),
    baseline: perSecond(walk, baseline),
  })).slice(1);
  return {
    name,
    steps: walk.steps.length,
    machine: median(turns.map((turn) => turn.machine)),
    baseline: median(turns.map((turn) => turn.baseline)),
    ratio: median(turns.map((turn) => turn.machine / turn.baseline)),
  };
}

/** Frees what can be freed and tells what is left on the heap, in bytes. */
function settledHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Bytes on the heap that one of many equal things takes. */
function bytesOf<T>(make: () => T): number {
  const copies = 50;
  const before = settledHeap();
  const kept = Array.from({ length: copies }, make);
  const bytes = (settledHeap() - before) / kept.length;
  return Math.round(bytes);
}

function longMatter() {
  const { events, matter } = longFollowUp(LONG_EVENTS);
  const record = JSON.stringify(events);
  const stateText = JSON.stringify(matter);
  const parsed: MatterEvent[] = JSON.parse(record);
  const folds = Array.from({ length: TURNS * 3 }, () => {
    const began = performance.now();
    evolveAll(newMatter('m1'), parsed);
    return performance.now() - began;
  });
  return {
    events: events.length,
    recordKb: Math.round(record.length / 1024),
    stateKb: Number((stateText.length / 1024).toFixed(1)),
    stateHeapKb: Number((bytesOf((): unknown => JSON.parse(stateText)) / 1024).toFixed(1)),
    recordHeapKb: Math.round(bytesOf((): unknown => JSON.parse(record)) / 1024),
    foldMs: Number(median(folds).toFixed(2)),
  };
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

function section(speeds: readonly Speed[], long: ReturnType<typeof longMatter>): string {
  const rows = speeds.map(
    ({ name, steps, machine, baseline: plain, ratio }) =>
      `| ${name} | ${steps} | ${whole(machine)} | ${whole(plain)} | **${ratio.toFixed(2)}** |`,
  );
  return [
    `\`npm run bench:machine\` decides and folds every transition of a matter again and again, by turns with the least that anything`,
    `durable must do with the same states: \`structuredClone\` and \`JSON.stringify\`. Median of ${TURNS} turns on one core; the ratio is worth`,
    'quoting, the rates hang on the machine.',
    '',
    '| walk | transitions | decided and folded a second | copied and written a second | ratio |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `A follow-up with ${whole(long.events)} events (feedback and remarks): its record is ${long.recordKb} KB of JSON, ${long.recordHeapKb} KB in memory; its state`,
    `${long.stateKb} KB of JSON, ${long.stateHeapKb} KB in memory; folding the whole record takes ${long.foldMs} ms.`,
  ].join('\n');
}

/** Puts the figures between the marks of the page. */
function publish(text: string): void {
  const begin = '<!-- bench:machine begin -->';
  const end = '<!-- bench:machine end -->';
  const old = readFileSync(page, 'utf8');
  const head = old.includes(begin) ? old.slice(0, old.indexOf(begin)) : `${old.trimEnd()}\n\n# The pure machine\n\n`;
  const tail = old.includes(end) ? old.slice(old.indexOf(end) + end.length) : '\n';
  writeFileSync(page, `${head}${begin}\n${text}\n${end}${tail}`);
}

const speeds = [
  speedOf('用印 from form to end', sealUseWalk()),
  speedOf(`督办 of ${UNITS} units from form to end`, followUpWalk(UNITS)),
];
const long = longMatter();
publish(section(speeds, long));
console.log(JSON.stringify({ speeds, long }, null, 2));
