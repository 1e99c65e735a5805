/** Goal: a holiday notice or a day of the school's own moves every open due date that it touches, shown before and told after. */
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matters } from '../../db/schema/index.ts';
import { addDays, reckonDue, schoolDate } from '../../definitions/language/calendar.ts';
import type { Duration } from '../../definitions/language/duration.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf, matterIn, settled } from '../harness/office.ts';
import { type Answer, type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

interface Move {
  matter: string;
  step: string | null;
  dueAt: { from: string; to: string };
}

let system: System;
let matter: ContractMatter;
let day: string;
let body: { days: unknown[]; reason: string };

beforeAll(async () => {
  system = await startSystem('calendar');
  const client = clientOf(system);
  const guide = await client.guide('seal-use');
  matter = await client.apply('seal-use', guide.example);
  const { calendar } = await system.api.context.cache.now(system.api.context.db);
  // The first working day within every limit that was opened just now.
  day = schoolDate(calendar, reckonDue(calendar, system.api.context.now(), '1 workday').dueAt);
  body = { days: [{ date: day, kind: 'off', name: '校庆', source: '校办通知' }], reason: '校庆放假' };
});
afterAll(async () => {
  await system?.stop();
});

async function put(person: string, change: unknown, key: string) {
  const token = await system.api.context.sessions.issue(person);
  const response = await system.api.api.inject({
    method: 'PUT',
    url: '/api/calendar',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' },
    payload: JSON.stringify(change),
  });
  return { status: response.statusCode, body: response.json() };
}

async function dueOf(no: string): Promise<string> {
  const { body: found } = await (await system.as(matter.applicant.id)).get(`/api/matters/${no}`);
  return String(found.dueAt);
}

test('only a process administrator may change the calendar', async () => {
  expect((await put(demoCast.lecturer, body, randomUUID())).status).toBe(403);
  const preview = await (await system.as(demoCast.lecturer)).post('/api/calendar/preview', body);
  expect(preview.status).toBe(403);
});

test('what would move is shown before, and nothing has moved then', async () => {
  const before = await dueOf(matter.no);
  const { status, body: page } = await (await system.as(demoCast.administrator)).post('/api/calendar/preview', body);
  expect(status, JSON.stringify(page)).toBe(200);
  const moves = (page.items as unknown as Move[]).filter((move) => move.matter === matter.no);
  expect(moves.map((move) => move.step)).toContain(null);
  for (const { dueAt } of moves) expect(dueAt.to > dueAt.from).toBe(true);
  expect(await dueOf(matter.no)).toBe(before);
});

test('once it is put, open due dates move, say why, and explain themselves by the new day; the same request counts once', async () => {
  const before = await dueOf(matter.no);
  const key = randomUUID();
  const answer = await put(demoCast.administrator, body, key);
  expect([200, 202], JSON.stringify(answer.body)).toContain(answer.status);
  await expect
    .poll(
      async () => {
        await system.api.context.gateway.sweep();
        return (await put(demoCast.administrator, body, key)).body;
      },
      { timeout: 30_000 },
    )
    .toMatchObject({ pending: 0, refused: [] });
  expect((await dueOf(matter.no)) > before).toBe(true);
  const audit = await clientOf(system).audit(matter.applicant.id, matter.no);
  const changes = audit.filter((event) => event.type === 'DueChanged');
  expect(changes.filter((event) => event.facts.visit === null)).toHaveLength(1);
  expect(new Set(changes.map((event) => event.facts.because))).toEqual(new Set(['校庆放假']));
  expect(JSON.stringify(changes[0]?.facts.due)).toContain('校庆');
  const { body: year } = await (await system.as(demoCast.lecturer)).get(`/api/calendar?year=${day.slice(0, 4)}`);
  expect(year.items).toContainEqual({ date: day, kind: 'off', name: '校庆', source: '校办通知' });
});

test('a matter that was being started when the calendar changed has no date of the old one', async () => {
  const { db, cache, now } = system.api.context;
  const { example } = await clientOf(system).guide('seal-use');
  const applicant = await system.as(example.person);
  const { calendar: before } = await cache.now(db);
  const firstDay = schoolDate(before, reckonDue(before, now(), '1 workday').dueAt);
  const change = { days: [{ date: firstDay, kind: 'off', name: '停电', source: '校办通知' }], reason: '停电放假' };
  const application = { process: 'seal-use', form: example.form, attachments: example.attachments };
  const holder = postgres(system.database.url, { max: 1 });
  const watch = postgres(system.database.url, { max: 1 });
  const isWaiting = async (what: string): Promise<boolean> => {
    const rows = await watch`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and starts_with(query, ${what})`;
    return rows.length > 0;
  };
  let applied: Promise<Answer> | null = null;
  let changed: ReturnType<typeof put> | null = null;
  let over = false;
  await holder.begin(async (tx) => {
    await tx`lock table matters in share row exclusive mode`;
    applied = settled(() => applicant.post('/api/matters', application, 'while-the-calendar-changes'));
    // It has read the calendar and decided; what it writes waits for us.
    await expect.poll(() => isWaiting('insert into "matters"'), { timeout: 20_000 }).toBe(true);
    changed = put(demoCast.administrator, change, 'power-cut').finally(() => {
      over = true;
    });
    await expect
      .poll(async () => over || (await isWaiting("select pg_advisory_xact_lock(hashtextextended('world'")), { timeout: 20_000 })
      .toBe(true);
  });
  const answers = await Promise.all([applied, changed]);
  await Promise.all([holder.end(), watch.end()]);
  expect(answers.map((answer) => (answer as unknown as Answer).status)).toEqual([201, expect.any(Number)]);
  await expect
    .poll(async () => {
      await system.api.context.gateway.sweep();
      return (await put(demoCast.administrator, change, 'power-cut')).body;
    })
    .toMatchObject({ pending: 0, refused: [] });
  const { no } = matterIn(answers[0] as unknown as Answer);
  const [row] = await db.select({ state: matters.state }).from(matters).where(eq(matters.no, no));
  const { calendar } = await cache.now(db);
  const visits = Object.values(row?.state.visits ?? {});
  expect(visits).toHaveLength(1);
  for (const { limit, countedFrom, due } of visits) {
    expect(due.dueAt).toBe(reckonDue(calendar, countedFrom, limit as Duration).dueAt);
    expect(due.dueAt).not.toBe(reckonDue(before, countedFrom, limit as Duration).dueAt);
  }
});

test('a day may be given back, and a key used for one change is no key for another', async () => {
  const key = randomUUID();
  const usual = { days: [{ date: day, kind: 'usual', name: '校庆', source: '校办通知' }], reason: '校庆改期' };
  expect([200, 202]).toContain((await put(demoCast.administrator, usual, key)).status);
  const { body: year } = await (await system.as(demoCast.lecturer)).get(`/api/calendar?year=${day.slice(0, 4)}`);
  expect((year.items as unknown as { date: string }[]).map((one) => one.date)).not.toContain(day);
  const other = { days: [{ date: addDays(day, 1), kind: 'off', name: '校庆', source: '校办通知' }], reason: '校庆放假' };
  expect((await put(demoCast.administrator, other, key)).status).toBe(422);
});
