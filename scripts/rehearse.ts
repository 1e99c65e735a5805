/**
 * `npm run --silent rehearse <process> [--version n] [--at INSTANT] [--all] [--json]`: plays a definition through virtual time on the
 * demo university, without any server, and prints for each path who is asked, why, when and until when, what the reminders do, and
 * how it ends. Ends with 1 when a path comes to no end.
 */
import { parseArgs } from 'node:util';
import { definitions, findDefinition } from '../definitions/catalog.ts';
import { atSchoolTime, nextWorkingMoment, schoolTime } from '../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { MatterEvent } from '../workflows/machine/events.ts';
import { type RehearsedPath, rehearse } from '../workflows/machine/telling/rehearse.ts';
import { timelineEntry } from '../workflows/machine/telling/timeline.ts';
import { plansOf } from './rehearse/plans.ts';
import { demoCalendar } from './rehearse/school.ts';

const USAGE = 'Usage: npm run --silent rehearse <process> [--version n] [--at INSTANT] [--all] [--json]';
/** When a rehearsal begins unless told otherwise: a Monday morning in a year whose holidays are known. */
const MONDAY = '2026-03-02T01:00:00.000Z';
/** Paths and lines of one path that are printed without `--all`. */
const PRINTED = { paths: 40, lines: 80 };
/** Nobody waits longer than this without a word. */
const SILENCE_MS = 1_000;

const OUTCOMES: Readonly<Record<string, string>> = {
  completed: '办结',
  rejected: '不予同意',
  withdrawn: '已撤回',
  terminated: '已终止',
};

/** One line of a path. */
interface Line {
  at: string;
  step: string | null;
  who: string | null;
  text: string;
  opinion: string | null;
  dueAt: string | null;
}

function linesOf(events: readonly MatterEvent[]): Line[] {
  return events.flatMap((event) => {
    const entry = timelineEntry(event);
    if (entry === null) return [];
    const { step, who, text, opinion, dueAt } = entry;
    return [{ at: event.at, step, who, text, opinion, dueAt }];
  });
}

function told({ at, step, who, text, dueAt }: Line): string {
  const limit = dueAt === null ? '' : `,时限 ${schoolTime(demoCalendar, dueAt)}`;
  return `  ${schoolTime(demoCalendar, at)} ${step === null ? '' : `〔${step}〕`}${who ?? ''}${text}${limit}`;
}

function print(path: RehearsedPath, number: number, all: boolean): void {
  console.log(`\n路径${number} ${path.name}`);
  if (path.from !== null && path.shared > 0) {
    const last = path.events[path.shared - 1];
    console.log(`  (至${last === undefined ? '' : schoolTime(demoCalendar, last.at)}与路径${path.from}相同)`);
  }
  const lines = linesOf(path.events.slice(path.shared));
  const shown = all ? lines : lines.slice(0, PRINTED.lines);
  for (const line of shown) console.log(told(line));
  if (shown.length < lines.length) console.log(`  ……另有${lines.length - shown.length}行,加 --all 全部列出`);
  console.log(`  结果:${path.outcome === null ? '没有走到终点' : (OUTCOMES[path.outcome] ?? path.outcome)}`);
}

/** The instant at which a version is rehearsed: not before its first day. */
function beginning({ effectiveFrom }: ProcessDefinition, at: string | undefined): string {
  if (at !== undefined) {
    if (Number.isNaN(Date.parse(at))) throw new Error(`--at ${at} is no instant. Write for example 2026-03-02T09:00+08:00`);
    return new Date(at).toISOString();
  }
  const first =
    effectiveFrom === undefined ? MONDAY : nextWorkingMoment(demoCalendar, atSchoolTime(demoCalendar, effectiveFrom, '09:00'));
  return first > MONDAY ? first : MONDAY;
}

function named(id: string | undefined, version: string | undefined): ProcessDefinition {
  if (id === undefined) throw new Error(USAGE);
  const versions = definitions.filter((one) => one.id === id).sort((a, b) => a.version - b.version);
  const found = version === undefined ? versions.at(-1) : findDefinition(id, Number(version));
  if (found !== undefined) return found;
  const known = definitions.map((one) => `${one.id}@${one.version}`).join(', ');
  throw new Error(`There is no ${id}${version === undefined ? '' : `@${version}`} in the catalog, only ${known}. ${USAGE}`);
}

/** Plays every path. */
function play(definition: ProcessDefinition, at: string): RehearsedPath[] {
  const paths: RehearsedPath[] = [];
  let said = performance.now();
  for (const path of rehearse(definition, plansOf(definition, at))) {
    paths.push(path);
    if (performance.now() - said < SILENCE_MS) continue;
    said = performance.now();
    process.stderr.write(`已推演${paths.length}条路径……\n`);
  }
  return paths;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'string' }, at: { type: 'string' }, all: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const definition = named(positionals[0], values.version);
  const paths = play(definition, beginning(definition, values.at));
  if (paths.some((path) => path.outcome === null)) process.exitCode = 1;
  if (values.json === true) {
    const told = paths.map(({ name, from, outcome, events }) => ({ name, from, outcome, entries: linesOf(events) }));
    console.log(JSON.stringify({ process: definition.id, version: definition.version, paths: told }));
    return;
  }
  console.log(`《${definition.name}》第${definition.version}版,共${paths.length}条路径`);
  const shown = values.all === true ? paths : paths.slice(0, PRINTED.paths);
  for (const [at, path] of shown.entries()) print(path, at + 1, values.all === true);
  if (shown.length < paths.length) console.log(`\n另有${paths.length - shown.length}条路径,加 --all 全部列出`);
  const ends = new Map<string, number>();
  for (const { outcome } of paths) ends.set(outcome ?? 'none', (ends.get(outcome ?? 'none') ?? 0) + 1);
  console.log(`\n合计:${[...ends].map(([end, count]) => `${OUTCOMES[end] ?? '没有走到终点'}${count}条`).join('、')}`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
