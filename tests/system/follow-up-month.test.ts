/** Goal: a follow-up of thirty days goes by on the real engine, and each of its dates comes when the school's calendar says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Due, reckonDue, type WorkingCalendar } from '../../definitions/language/calendar.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import { WorkflowClock } from '../harness/time-skipping.ts';
import type { AuditEntry, ContractClient, ContractMatter, Guide } from '../support/contract-client.ts';

const { officeClerk: recorder, academicHead, supervisor, lecturer } = demoCast;
const otherSupervisor = 'p-song-jie';
const MINUTE_MS = 60_000;

interface OverdueItem {
  matter: { no: string };
  task: { step: string; assignees: { id: string }[]; light: string };
  overdueSince: string;
}

let system: System;
let client: ContractClient;
let calendar: WorkingCalendar;
let clock: WorkflowClock;
let matter: ContractMatter;
let opened: string;
/** What the calendar says. */
let due: Due;
let requests: string[];
let overdueBefore: OverdueItem[];
let overdueAfter: OverdueItem[];
let overdueOfStranger: number;
let lights: string[];
let speed: { days: number; seconds: number };
let audit: AuditEntry[];

const later = (instant: string, minutes: number) => new Date(Date.parse(instant) + minutes * MINUTE_MS).toISOString();

/** The feedback dates within a limit, each a week after the one before. */
function weeklyDates(from: string, until: string): string[] {
  const dates: string[] = [];
  for (let next = reckonDue(calendar, from, '7 days').dueAt; next < until; next = reckonDue(calendar, next, '7 days').dueAt) {
    dates.push(next);
  }
  return dates;
}

/** Somebody carries the matter on until only the lead unit's work is open. */
async function carryToWork(started: ContractMatter): Promise<ContractMatter> {
  let now = started;
  while (now.tasks.some((task) => task.step !== 'undertake')) {
    const others = now.tasks.filter((task) => task.step !== 'undertake');
    now = await client.step({ ...now, tasks: others });
  }
  return now;
}

async function report(text: string, percent: number): Promise<void> {
  const head = await system.as(academicHead);
  const answer = await head.post(`/api/matters/${matter.no}/commands`, { type: 'report', text, percent });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function overdueFor(person: string): Promise<OverdueItem[]> {
  const found = await client.all<OverdueItem>(person, '/api/supervision/overdue?process=instruction-follow-up');
  return found.filter((one) => one.matter.no === matter.no);
}

async function lightAt(instant: string): Promise<void> {
  await clock.forwardTo(instant);
  const head = await system.as(academicHead);
  const { body } = await head.get('/api/tasks');
  const mine = (body as unknown as { items: { matter: { no: string }; step: string; light: string }[] }).items;
  lights.push(mine.find((task) => task.step === 'undertake')?.light ?? 'none');
}

/** The whole story; the tests below look at what it left. */
async function play(): Promise<void> {
  const { example }: Guide = await client.guide('instruction-follow-up');
  const form = { ...example.form, difficulty: '难度较大', feedback: '每周反馈', assist: ['u-it'] };
  matter = await carryToWork(await client.apply('instruction-follow-up', { ...example, person: recorder, form }));
  audit = await client.audit(recorder, matter.no);
  opened = audit.find((event) => event.type === 'StepOpened' && event.facts.step === 'undertake')?.at ?? '';
  due = reckonDue(calendar, opened, '30 days');
  requests = weeklyDates(opened, due.dueAt);

  const [row] = audit;
  clock = new WorkflowClock(system.api.context.client, row?.matterId ?? '');
  system.api.context.now = clock.now;
  const began = performance.now();
  // The first is delivered in time, the second is not delivered at all.
  await clock.forwardTo(later(requests[0] ?? '', 1));
  await report('已完成选课系统排队机制的方案', 40);
  await clock.forwardTo(later(requests[1] ?? '', 1));
  lights = [];
  await lightAt(later(due.yellowAt, -2));
  await lightAt(later(due.yellowAt, 1));
  await lightAt(later(due.orangeAt, 1));
  overdueBefore = await overdueFor(supervisor);
  await lightAt(later(due.dueAt, 1));
  speed = { days: (Date.parse(due.dueAt) - Date.parse(opened)) / 86_400_000, seconds: (performance.now() - began) / 1000 };
  overdueAfter = await overdueFor(supervisor);
  overdueOfStranger = (await (await system.as(lecturer)).get('/api/supervision/overdue')).status;
  ({ matter } = await client.carryToEnd(await client.matter(academicHead, matter.no)));
  audit = await client.audit(recorder, matter.no);
}

beforeAll(async () => {
  system = await startSystem('follow_up_month');
  ({ calendar } = await system.api.context.cache.now(system.api.context.db));
  client = clientOf(system);
  await play();
  console.log(
    `follow-up: ${speed.days.toFixed(1)} virtual days in ${speed.seconds.toFixed(1)} s, ${(speed.days / speed.seconds).toFixed(1)} days a second`,
  );
}, 120_000);
afterAll(async () => {
  await system?.stop();
});

/** An alarm rings some milliseconds after its date, and a loaded machine records it later still. */
const LATENESS_MS = 60_000;

/** What happened at these instants, each told by its expected date when it came at it, else by its own. */
function toldBy(expected: readonly string[], actual: readonly string[]): string[] {
  return actual.map((at, index) => {
    const date = expected[index] ?? '';
    const late = Date.parse(at) - Date.parse(date);
    return late >= 0 && late < LATENESS_MS ? date : at;
  });
}

const ofUndertake = (event: AuditEntry) => event.facts.visit === 'undertake';
const instantsOf = (type: string) => audit.filter((event) => event.type === type && ofUndertake(event)).map((event) => event.at);

describe('a follow-up of thirty days on the real engine', () => {
  test('has the limit that the calendar gives it', () => {
    const step = audit.find((event) => event.type === 'StepOpened' && ofUndertake(event));
    expect(step?.facts.due).toMatchObject({ dueAt: due.dueAt, yellowAt: due.yellowAt, orangeAt: due.orangeAt });
    expect(requests.length).toBeGreaterThanOrEqual(3);
  });

  test('asks for feedback on each of its school dates, and never drifts', () => {
    expect(toldBy(requests, instantsOf('ReportRequested'))).toEqual(requests);
  });

  test('counts the feedback that came in time as delivered, and records each that did not come', () => {
    const reported = audit.filter((event) => event.type === 'ProgressReported');
    expect(reported.map((event) => [event.facts.person, event.facts.percent, event.at.slice(0, 10)])).toEqual([
      [academicHead, 40, requests[0]?.slice(0, 10)],
    ]);
    const missed = audit.filter((event) => event.type === 'ReportMissed');
    // The last is judged when the due date passes, since no request follows it.
    const judged = [...requests.slice(2), due.dueAt];
    expect(missed.map((event) => event.facts.number)).toEqual(judged.map((_, index) => index + 2));
    expect(toldBy(judged, instantsOf('ReportMissed'))).toEqual(judged);
  });

  test('is warned of yellow, then orange, then red', () => {
    const rang = audit.filter((event) => event.type === 'AlarmRang' && ofUndertake(event) && event.facts.kind !== 'report');
    const dates = [due.yellowAt, due.orangeAt, due.dueAt];
    expect(rang.map((event) => event.facts.kind)).toEqual(['yellow', 'orange', 'red']);
    expect(
      toldBy(
        dates,
        rang.map((event) => event.at),
      ),
    ).toEqual(dates);
    expect(lights).toEqual(['green', 'yellow', 'orange', 'red']);
  });

  test('stands in the overdue list once it is late, with who holds it, for supervisors only', () => {
    expect(overdueBefore).toEqual([]);
    expect(overdueAfter).toMatchObject([
      { task: { step: 'undertake', assignees: [{ id: academicHead }], light: 'red' }, overdueSince: due.dueAt },
    ]);
    expect(overdueOfStranger).toBe(403);
  });

  test('still ends as it should, at its own time, with a record without a hole', () => {
    expect(matter.status).toBe('completed');
    expect(audit.map((event) => event.sequence)).toEqual(audit.map((_, index) => index + 1));
    const instants = audit.map((event) => event.at);
    expect(instants).toEqual([...instants].sort());
    const handler = audit.find((event) => event.type === 'TaskActed' && event.facts.step === 'verify')?.actor.id;
    expect([supervisor, otherSupervisor]).toContain(handler);
    expect(matter.outcome?.at.slice(0, 10)).toBe(later(due.dueAt, 1).slice(0, 10));
  });

  test('goes by in seconds', () => {
    expect(speed.seconds).toBeLessThan(30);
  });
});
