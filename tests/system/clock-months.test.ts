/**
 * Goal: months go by on the real engine, several matters at once, and every reminder, escalation, extension and stop comes on the
 * school's dates, each once, whatever runs are continued and workers replaced on the way.
 * Method: the server of the tests skips the time of each workflow; what should come is reckoned from the calendar alone.
 */
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Gateway } from '../../api/gateway.ts';
import { digests, outbox } from '../../db/schema/index.ts';
import {
  type Due,
  isWorkingDay,
  nextMorning,
  nextWorkingMoment,
  reckonDue,
  schoolDate,
  type WorkingCalendar,
} from '../../definitions/language/calendar.ts';
import { createLogger } from '../../runtime/log.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { MonthMatter, type Stage } from '../harness/months/matter.ts';
import { people } from '../harness/months/processes.ts';
import { startMonthWorker } from '../harness/months/worker.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { WrappedWorker } from '../harness/wrapped-worker.ts';

/** An alarm rings some milliseconds after its date, and a loaded machine records it later still. */
const LATENESS_MS = 60_000;
const MINUTE_MS = 60_000;

let system: System;
let worker: WrappedWorker;
let stage: Stage;
let calendar: WorkingCalendar;
const played: { matter: MonthMatter; days: number }[] = [];
let seconds = 0;

const later = (instant: string, minutes = 1): string => new Date(Date.parse(instant) + minutes * MINUTE_MS).toISOString();
const dueAfter = (instant: string, limit: '1 workday' | '2 workdays' | '3 workdays'): string =>
  reckonDue(calendar, instant, limit).dueAt;

/** What was told of an alarm at its date; else with its own instant, so that a difference can be read. */
function at(event: MatterEvent, date: string): string {
  const late = Date.parse(event.at) - Date.parse(date);
  return late >= 0 && late < LATENESS_MS ? date : event.at;
}

/** When a step was opened, by the record. */
async function openedAt(matter: MonthMatter, step: string): Promise<string> {
  const opened = (await matter.of('StepOpened')).findLast(({ facts }) => facts.step === step);
  if (opened === undefined) throw new Error(`Step ${step} was not opened`);
  return opened.at;
}

/** Plays one matter and notes how much of its time went by. */
async function story(name: string, tell: (matter: MonthMatter) => Promise<void>): Promise<MonthMatter> {
  const matter = await MonthMatter.started(stage, name);
  await tell(matter);
  const events = await matter.events();
  const [first, last] = [events[0]?.at ?? '', events.at(-1)?.at ?? ''];
  played.push({ matter, days: (Date.parse(last) - Date.parse(first)) / 86_400_000 });
  return matter;
}

let late: MonthMatter;
let extended: MonthMatter;
let stopped: MonthMatter;
let abandoned: MonthMatter;
let silent: MonthMatter;

/** Nobody reviews; then it is reviewed after all, and the rest is done at once. */
async function lateStory(matter: MonthMatter): Promise<void> {
  const due = reckonDue(calendar, await openedAt(matter, 'review'), '2 workdays');
  await matter.clock.forwardTo(later(due.dueAt));
  // A worker that goes and one that comes: what was told is not told again.
  await worker.stop();
  worker = await startMonthWorker(system.config);
  await matter.clock.forwardTo(later(dueAfter(due.dueAt, '3 workdays')));
}

/** More time is asked for and granted; the work ends late all the same. */
async function extendedStory(matter: MonthMatter): Promise<void> {
  await matter.carryTo('work');
  const opened = await openedAt(matter, 'work');
  const due = reckonDue(calendar, opened, '10 workdays');
  const until = schoolDate(calendar, dueAfter(dueAfter(due.dueAt, '3 workdays'), '2 workdays'));
  await matter.clock.forwardTo(later(dueAfter(opened, '3 workdays')));
  await matter.give(people.worker, { type: 'report', text: '过半', percent: 50, attachments: [], task: null });
  await matter.give(people.worker, { type: 'extend', until, reason: '等待外单位材料', task: null });
  await matter.clock.forwardTo(later(dueAfter(dueAfter(opened, '3 workdays'), '1 workday')));
  await matter.act(people.grantor, 'agree');
  const { visits } = await matter.state();
  await matter.clock.forwardTo(later(dueAfter(visits.work?.due.dueAt ?? '', '3 workdays')));
}

/** A third party takes its time, and then the applicant. */
async function stoppedStory(matter: MonthMatter): Promise<void> {
  await matter.carryTo('third');
  await matter.clock.forwardTo(later(dueAfter(dueAfter(await openedAt(matter, 'third'), '3 workdays'), '2 workdays'), -60));
  await matter.act(people.outside, 'complete');
  await matter.act(people.worker, 'return');
  await matter.clock.forwardTo(later(dueAfter(await openedAt(matter, 'applicant'), '2 workdays'), -60));
  await matter.act(people.applicant, 'complete');
}

async function abandonedStory(matter: MonthMatter): Promise<void> {
  await matter.act(people.reviewer, 'return');
  const due = reckonDue(calendar, await openedAt(matter, 'applicant'), '5 workdays');
  await matter.clock.forwardTo(later(due.dueAt));
}

async function silentStory(matter: MonthMatter): Promise<void> {
  await matter.carryTo('sign');
  const due = reckonDue(calendar, await openedAt(matter, 'sign'), '2 workdays');
  await matter.clock.forwardTo(later(due.dueAt));
}

beforeAll(async () => {
  system = await startSystem('clock_months', { worker: false });
  worker = await startMonthWorker(system.config);
  const { client, db, cache } = system.api.context;
  const log = createLogger(system.config, 'test');
  stage = { client, db, gateway: new Gateway({ client, db, taskQueue: system.config.taskQueue, log }) };
  ({ calendar } = await cache.now(db));
  const began = performance.now();
  [extended, stopped, abandoned, silent] = await Promise.all([
    story('延期', extendedStory),
    story('暂停', stoppedStory),
    story('放弃', abandonedStory),
    story('默许', silentStory),
  ]);
  late = await story('超期', lateStory);
  seconds = (performance.now() - began) / 1000;
  const days = played.reduce((sum, one) => sum + one.days, 0);
  console.log(`months: ${days.toFixed(1)} virtual days of ${played.length} matters in ${seconds.toFixed(1)} s`);
}, 180_000);
afterAll(async () => {
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  await worker?.stop();
  await system?.stop();
});

/** The alarms of a visit that rang, with the dates at which they should. */
async function rung(matter: MonthMatter, visit: string, due: Due): Promise<[string, string][]> {
  const dates: Record<string, string> = {
    yellow: due.yellowAt,
    orange: due.orangeAt,
    red: due.dueAt,
    superior: dueAfter(due.dueAt, '1 workday'),
    supervision: dueAfter(due.dueAt, '2 workdays'),
  };
  const rang = (await matter.of('AlarmRang')).filter(({ facts }) => facts.visit === visit && facts.kind !== 'report');
  return rang.map((event) => [event.facts.kind, at(event, dates[event.facts.kind] ?? '')]);
}

function ladderOf(due: Due): [string, string][] {
  return [
    ['yellow', due.yellowAt],
    ['orange', due.orangeAt],
    ['red', due.dueAt],
    ['superior', dueAfter(due.dueAt, '1 workday')],
    ['supervision', dueAfter(due.dueAt, '2 workdays')],
  ];
}

describe('months on the real engine', () => {
  test('tell of a late step in yellow, orange, red, upwards and to supervision, each once and on its date', async () => {
    const due = reckonDue(calendar, await openedAt(late, 'review'), '2 workdays');
    expect(await rung(late, 'review', due)).toEqual(ladderOf(due));
    const escalated = await late.of('Escalated');
    expect(escalated.map(({ facts }) => facts.level)).toEqual(['superior', 'supervision']);
    for (const { facts } of escalated) expect(facts.people.length, facts.level).toBeGreaterThan(0);
  });

  test('move a due date once more time is granted, with its lights and its ladder', async () => {
    const [granted] = await extended.of('ExtensionAnswered');
    expect(granted?.facts).toMatchObject({ granted: true, person: people.grantor });
    const { visits } = await extended.state();
    const due = visits.work?.due;
    if (due === undefined) throw new Error('The work was not opened');
    expect(schoolDate(calendar, due.dueAt)).toBe(granted?.facts.until);
    const rang = await rung(extended, 'work', due);
    expect(rang.filter(([kind]) => kind !== 'yellow' && kind !== 'orange')).toEqual(ladderOf(due).slice(2));
  });

  test('ask for feedback in its rhythm up to the later date, and note what did not come', async () => {
    const opened = await openedAt(extended, 'work');
    const { visits } = await extended.state();
    const until = visits.work?.due.dueAt ?? '';
    const dates: string[] = [];
    for (let next = dueAfter(opened, '3 workdays'); next < until; next = dueAfter(next, '3 workdays')) dates.push(next);
    const asked = await extended.of('ReportRequested');
    expect(asked.map((event, index) => at(event, dates[index] ?? ''))).toEqual(dates);
    // The first was answered; no other.
    const missed = await extended.of('ReportMissed');
    expect(missed.map(({ facts }) => facts.number)).toEqual(dates.slice(1).map((_date, index) => index + 2));
  });

  test('stand still with a third party and with the applicant, and leave what was left', async () => {
    const { suspensions, startedAt, due } = await stopped.state();
    expect(suspensions.map((stop) => stop.reason)).toEqual(['征求第三方意见', '退回申请人修改期间不计时']);
    expect(suspensions.every((stop) => stop.to !== null)).toBe(true);
    expect(due.dueAt).toBe(reckonDue(calendar, startedAt, '20 workdays', { suspensions }).dueAt);
    expect(due.dueAt > reckonDue(calendar, startedAt, '20 workdays').dueAt).toBe(true);
  });

  test('end a matter whose applicant does not correct it in time', async () => {
    const { ending } = await abandoned.state();
    expect(ending).toMatchObject({ code: 'withdrawn', text: '逾期未补正,视为放弃申请' });
  });

  test('take silence for agreement where the definition says so', async () => {
    const { ending, visits } = await silent.state();
    expect([ending?.code, visits.sign?.outcome]).toEqual(['completed', 'agreed']);
  });

  test('tell what presses within office hours only, and what can wait once a person and day', async () => {
    const ids = played.map(({ matter }) => matter.id);
    const { db } = stage;
    const told = await db.select().from(outbox).where(inArray(outbox.matterId, ids));
    const pressing = told.filter((one) => ['task-overdue', 'matter-overdue', 'escalated'].includes(one.kind));
    expect(pressing.length).toBeGreaterThan(3);
    for (const one of pressing) {
      expect(one.deliverAt, one.text).toBe(nextWorkingMoment(calendar, one.createdAt));
      expect(isWorkingDay(calendar, schoolDate(calendar, one.deliverAt))).toBe(true);
    }
    const rows = await db.select().from(digests);
    expect(rows.length).toBeGreaterThan(3);
    for (const { day, deliverAt, items } of rows) {
      expect([schoolDate(calendar, deliverAt), nextMorning(calendar, deliverAt)]).toEqual([day, deliverAt]);
      expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(items.length);
    }
    const waiting = rows.flatMap((row) => row.items.map((item) => item.kind));
    expect(waiting).toEqual(expect.arrayContaining(['task-warned', 'report-due']));
  });

  test('go by in seconds', () => {
    expect(seconds).toBeLessThan(90);
  });
});
