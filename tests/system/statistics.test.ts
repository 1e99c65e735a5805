/**
 * Goal: statistics say at every moment what the tables say, whatever happened and however much of it is folded; each sees their own
 * units' figures; and what is kept for lists is what the machine says.
 */
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statisticsChore } from '../../activities/statistics.ts';
import { foldStatistics } from '../../db/statistics.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { rebuild } from '../../scripts/rebuild/rebuild.ts';
import { latenessOf, overdueFrom, taskOverdueFrom } from '../../workflows/machine/clock/overdue.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { bucketOf } from '../../workflows/machine/supervision/statistics.ts';
import { listedOf } from '../../workflows/machine/telling/listed.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import { store, type Walk, walked, walks } from '../harness/walked.ts';

let system: System;
let sql: postgres.Sql;

beforeAll(async () => {
  system = await startSystem('statistics');
  sql = postgres(system.database.url, { max: 2, onnotice: () => undefined });
});
afterAll(async () => {
  await sql?.end();
  await system?.stop();
});

interface Item {
  key: string;
  name: string;
  received: number;
  finished: number;
  onTime: number;
  late: number;
  withdrawn: number;
  archived: number;
  archiveAccuracy: number | null;
  satisfaction: { mean: number | null; count: number };
  done: number;
  medianMinutes: number | null;
}

interface Answer {
  items: Item[];
  nextCursor: string | null;
  bottleneck?: { key: string; name: string } | null;
  code?: string;
}

const YEARS = 'from=2020-01&to=2027-12';

async function figures(person: string, query: string): Promise<{ status: number; body: Answer }> {
  const { status, body } = await (await system.as(person)).get(`/api/statistics?${query}`);
  // Each test looks at the part of the answer that it is about.
  return { status, body: body as unknown as Answer };
}

/** What differs between what statistics say and what is counted from the tables, both ways. */
async function differences(): Promise<unknown[]> {
  const rows =
    await sql`with said as (select measure, month, process_id, unit_id, person_id, step, bucket, sum(count)::int as count from statistics
      group by 1, 2, 3, 4, 5, 6, 7 having sum(count) <> 0),
    counted as (select * from statistics_counted)
    (select 'said' as by, * from (select * from said except select * from counted) as one)
    union all (select 'counted' as by, * from (select * from counted except select * from said) as other)`;
  return [...rows];
}

/** The same again, counted here and not by the functions that the triggers use. */
async function expectPlainCounts(): Promise<void> {
  const { body } = await figures(demoCast.supervisor, `by=process&limit=200&${YEARS}`);
  const rows = await sql`select process_id as key, count(*)::int as received, count(ended_at)::int as finished,
    count(*) filter (where ended_at > due_at)::int as late, count(*) filter (where status = 'withdrawn')::int as withdrawn
    from matters group by 1 order by 1`;
  expect(
    body.items.map(({ key, received, finished, late, withdrawn }) => ({ key, received, finished, late, withdrawn })),
  ).toEqual([...rows]);
  const steps = await figures(demoCast.supervisor, `by=step&limit=200&${YEARS}`);
  const done =
    await sql`select process_id || '/' || step as key, count(*)::int as done from tasks where status = 'done' and action <> 'transfer'
    and step not in ('circulation', 'advice') group by 1 order by (process_id || '/' || step) collate "C"`;
  expect(steps.body.items.map(({ key, done: many }) => ({ key, done: many }))).toEqual([...done]);
}

describe('statistics', () => {
  test('put a handling time into the same class in SQL as in the machine', async () => {
    const rows = await sql<{ minutes: number; bucket: number }[]>`
      select minutes, statistic_bucket(minutes) as bucket from generate_series(0, 70000) as minutes`;
    expect(rows.filter(({ minutes, bucket }) => bucketOf(minutes) !== bucket)).toEqual([]);
  });

  test('are what the tables say after any transitions, however much is folded', async () => {
    let serial = 0;
    const check = async (generated: Walk[]): Promise<void> => {
      for (const walk of generated) {
        const found = walked(walk);
        serial += 1;
        if (found !== null) await store(system.api.context, serial, found);
        if (serial % 3 === 0) await foldStatistics(system.api.context.db, 7);
      }
      expect(await differences()).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(walks, check), { numRuns: 5, endOnFailure: true });
    await expectPlainCounts();
  });

  test('keep for each matter and open task what the machine says of it', async () => {
    const rows = await sql<
      { id: string; state: Matter; from: Date | null; corrections: number; listed: unknown; tasks: TaskKept[] }[]
    >`
      select id, state, overdue_from as from, corrections, listed,
        (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'from', overdue_from,
          'held', (select array_agg(distinct coalesce(overdue_from::text, '')) from task_people where task_id = tasks.id))), '[]')
        from tasks where matter_id = matters.id and status in ('open', 'waiting')) as tasks from matters`;
    let looked = 0;
    for (const { id, state, from, corrections, listed, tasks } of rows) {
      const expected = overdueFrom(latenessOf(state));
      expect(from?.toISOString() ?? null, id).toBe(expected);
      expect(corrections).toBe(state.counts.corrections);
      expect(listed).toEqual(listedOf(state));
      for (const task of tasks) {
        const open = state.tasks[task.id];
        if (open === undefined) throw new Error(`${task.id} is not open`);
        const since = taskOverdueFrom(open, expected);
        expect(instantOf(task.from), task.id).toBe(since);
        expect(task.held?.map((one) => instantOf(one === '' ? null : one)) ?? [since], task.id).toEqual([since]);
        looked += 1;
      }
    }
    expect(looked).toBeGreaterThan(10);
  });

  test('stay true through decisions, a withdrawal, ticks, checks and ratings, taken back and put right', async () => {
    const contract = clientOf(system);
    const { matter: ended } = await contract.carryToEnd(await applyForSeal(contract));
    const withdrawn = await applyForSeal(contract);
    const applicant = await system.as(withdrawn.applicant.id);
    expect((await applicant.post(`/api/matters/${withdrawn.no}/commands`, { type: 'withdraw' })).status).toBe(200);
    const [row] = await sql`select id, process_id, unit_id from matters where no = ${ended.no}`;
    const id = String(row?.id);
    expect(await differences()).toEqual([]);
    await sql`delete from archive_ticks where matter_id = ${id}`;
    await sql.begin(async (tx) => {
      await tx`insert into archive_ticks values (${id}, 'paper', null, now(), null), (${id}, 'electronic', null, now(), null)`;
      await tx`insert into archive_checks (matter_id, accurate, checked_by, checked_at) values (${id}, false, 'p', now())`;
      await tx`insert into ratings (matter_id, no, process_id, units, person_id, stars, at)
        values (${id}, ${ended.no}, 'seal-use', ${['u-office', 'u-hr']}, 'p', 4, now())`;
    });
    expect(await differences()).toEqual([]);
    const { body } = await figures(demoCast.supervisor, `by=process&${YEARS}`);
    expect(body.items.find((one) => one.key === 'seal-use')).toMatchObject({
      archived: 1,
      archiveAccuracy: 0,
      satisfaction: { mean: 4, count: 1 },
    });
    const units = await figures(demoCast.supervisor, `by=unit&limit=200&${YEARS}`);
    expect(units.body.items.find((one) => one.key === 'u-hr')?.satisfaction).toEqual({ mean: 4, count: 1 });
    await sql`delete from archive_ticks where matter_id = ${id}`;
    await sql`update archive_checks set accurate = true where matter_id = ${id}`;
    await sql`update ratings set stars = 1 where matter_id = ${id}`;
    expect(await differences()).toEqual([]);
  });

  test('are the whole school’s for supervisors, a unit’s for its head, and nobody else’s', async () => {
    expect((await figures(demoCast.supervisor, 'by=unit')).status).toBe(200);
    const own = await figures(demoCast.computingHead, `by=unit&${YEARS}`);
    expect(own.body.items.every((one) => one.key === 'u-computing')).toBe(true);
    expect((await figures(demoCast.computingHead, 'by=person&unit=u-hr')).body).toMatchObject({ code: 'forbidden' });
    expect((await figures(demoCast.lecturer, 'by=process')).status).toBe(403);
  });

  test('name people, steps and months in Chinese, page by page', async () => {
    const steps = await figures(demoCast.supervisor, `by=step&${YEARS}`);
    expect(steps.body.items.find((one) => one.key === 'seal-use/unit-head')?.name).toContain('部门负责人');
    expect(steps.body.bottleneck).not.toBeNull();
    const months = await figures(demoCast.supervisor, `by=month&${YEARS}`);
    expect(months.body.items[0]?.name).toMatch(/^\d{4}年\d{1,2}月$/);
    const whole = await figures(demoCast.supervisor, `by=person&limit=200&${YEARS}`);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Answer = (
        await figures(demoCast.supervisor, `by=person&limit=1&${YEARS}${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items.map((one) => one.key));
      cursor = page.nextCursor;
    }
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(whole.body.items.map((one) => one.key));
  });

  test('tell every fault of what was asked for', async () => {
    expect((await figures(demoCast.supervisor, 'by=day')).status).toBe(422);
    expect((await figures(demoCast.supervisor, 'from=2026-05&to=2026-03')).status).toBe(422);
    expect((await figures(demoCast.supervisor, 'from=2026-13')).status).toBe(422);
    expect((await figures(demoCast.supervisor, 'unit=u-nowhere&process=nothing')).body).toMatchObject({ code: 'bad-input' });
  });

  test('are true again after a damaged read model was rebuilt', async () => {
    // Generated rows have no events: a rebuild takes them out.
    await sql`update matters set status = 'withdrawn', ended_at = started_at where status = 'completed'`;
    await sql`delete from tasks where status = 'done'`;
    expect(await differences()).toEqual([]);
    await rebuild({
      databaseUrl: system.database.url,
      client: system.api.context.client,
      taskQueue: system.config.taskQueue,
      report: () => undefined,
    });
    while (await statisticsChore.run({ ...system.api.context, cache: system.api.context.cache }, new Date().toISOString()));
    expect(await differences()).toEqual([]);
    await expectPlainCounts();
  });
});

interface TaskKept {
  id: string;
  from: string | null;
  held: string[] | null;
}

function instantOf(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}
