/**
 * Goal: the record is enough. From it come back the read model, row for row, and every workflow that Temporal has lost; and a
 * record that was tampered with is found and named.
 */
import { spawn } from 'node:child_process';
import { Client } from '@temporalio/client';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectApi } from '../../api/build.ts';
import { READ_MODEL_TABLES } from '../../db/read-model.ts';
import { createLogger } from '../../runtime/log.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes, type TemporalClient } from '../../runtime/temporal.ts';
import { type RebuildSummary, rebuild } from '../../scripts/rebuild/rebuild.ts';
import { bundleWorkflows, startWorker } from '../../workers/worker.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { applyForSeal, clientOf, matterIn, nextDecision, send } from '../harness/office.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
let temporal: TemporalClient;
/** A superuser of the test's database: whoever can switch the record's guard off. */
let superuser: postgres.Sql;
/** A matter of each process on its way, the same for all tests. */
let underWay: ContractMatter[];
let idOf: (no: string) => Promise<string>;

beforeAll(async () => {
  system = await startSystem('rebuild');
  temporal = await connectTemporal(system.config);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/rebuild';
  superuser = postgres(url.href, { max: 1, onnotice: () => undefined });
  idOf = async (no) => (await superuser`select id from matters where no = ${no}`)[0]?.id;
  const client = clientOf(system);
  underWay = [];
  for (const { id } of await client.guides()) {
    const { example } = await client.guide(id);
    await client.carryToEnd(await client.apply(id, example));
    underWay.push(await client.step(await client.apply(id, (await client.guide(id)).example)));
  }
  await reportAndUrge(client);
});
afterAll(async () => {
  await superuser?.end();
  await temporal?.close();
  await system?.stop();
});

/** What no matter needs on its way to its end: a report of progress, and an urge. */
async function reportAndUrge(client: ContractClient): Promise<void> {
  let matter = await client.apply('instruction-follow-up', (await client.guide('instruction-follow-up')).example);
  while (matter.tasks[0]?.step !== 'undertake') matter = await client.step(matter);
  const commands = `/api/matters/${matter.no}/commands`;
  const holder = await system.as(matter.tasks[0].assignees[0]?.id ?? '');
  expect((await holder.post(commands, { type: 'report', text: '方案已定', percent: 30 })).status).toBe(200);
  expect((await (await system.as(matter.applicant.id)).post(commands, { type: 'urge' })).status).toBe(200);
  await client.carryToEnd(await client.matter(matter.applicant.id, matter.no));
}

const run = (client: Client = temporal.client): Promise<RebuildSummary> =>
  rebuild({
    databaseUrl: system.database.url,
    client,
    taskQueue: system.config.taskQueue,
    report: () => undefined,
  });

/** Every row of every table that is made from the record, and of those that stand beside it. */
async function dump(): Promise<Record<string, string[]>> {
  const tables = [...READ_MODEL_TABLES, 'commands', 'numbers', 'outbox'];
  const entries = await Promise.all(
    tables.map(async (table) => {
      // Notices are delivered in the background whatever a rebuild does.
      const rows = await superuser.unsafe(`select (to_jsonb(t) - 'delivered_at')::text as row from ${table} t order by 1`);
      return [table, rows.map((row) => String(row.row))] as const;
    }),
  );
  return Object.fromEntries(entries);
}

const goneOn = async (matter: ContractMatter) => {
  const applicant = await system.as(matter.applicant.id);
  const seen = matterIn(await applicant.get(`/api/matters/${matter.no}`));
  const answer = await send(await nextDecision(system, seen));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};

describe('the read model', () => {
  test('that is sound is left as it is', async () => {
    const before = await dump();
    for (const table of READ_MODEL_TABLES) expect(before[table]?.length, table).toBeGreaterThan(0);
    const summary = await run();
    expect(summary).toMatchObject({ different: 0, rows: 0, restarted: 0, unanswered: 0, broken: [] });
    expect(summary.matters).toBe(summary.rebuilt);
    expect(summary.events).toBe((await inspectRecord(system.database.url)).count.events);
    expect(await dump()).toEqual(before);
  });

  test('that was deleted comes back row for row', async () => {
    const before = await dump();
    for (const table of READ_MODEL_TABLES) await superuser.unsafe(`delete from ${table}`);
    const summary = await run();
    expect(summary).toMatchObject({ different: summary.matters, restarted: 0, broken: [] });
    expect(await dump()).toEqual(before);
  });

  test('that was damaged is put right, and what nobody ever decided is taken out', async () => {
    const before = await dump();
    await superuser`update matters set title = 'another', status = 'withdrawn', state = state || '{"sequence": 99}' where no = ${underWay[0]!.no}`;
    await superuser`update matters set no = 'X-' || no`;
    await superuser`update matters set no = (select max(no) from matters) || 'a' where no = (select min(no) from matters)`;
    await superuser`delete from task_people where ctid in (select ctid from task_people limit 5)`;
    await superuser`update tasks set status = 'open', due_at = due_at + interval '1 day' where ctid in (select ctid from tasks limit 5)`;
    await superuser`insert into tasks select 'm-ghost-1', 'm-ghost', process_id, unit_id, step, name, round, kind, 'open', assignees,
      opened_at, null, due_at, yellow_at, orange_at, explanation, null, null from tasks limit 1`;
    await superuser`insert into task_people values ('m-ghost-1', 'p-nobody', 'open', 'approve', now(), null)`;
    await superuser`update archive_entries set retention = 'permanent'`;
    await superuser`update numbers set last = 0`;
    const summary = await run();
    expect(summary).toMatchObject({ different: summary.matters, broken: [] });
    expect(await dump()).toEqual(before);
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  });

  test('is put right though wrong bookings of two matters stand in each other’s way', async () => {
    const client = clientOf(system);
    for (let trip = 0; trip < 2; trip += 1) {
      let booked = await client.apply('vehicle-use', (await client.guide('vehicle-use')).example);
      while ((await superuser`select 1 from bookings where matter_id = ${await idOf(booked.no)}`).length === 0) {
        booked = await client.step(booked);
      }
    }
    const before = await dump();
    const rows =
      await superuser`select matter_id, step, resource, during from bookings where not isempty(during) order by matter_id`;
    const [one, other] = [rows[0], rows.find((row) => row.matter_id !== rows[0]?.matter_id)];
    expect(other).toBeDefined();
    // Each now holds what is the other's.
    await superuser`delete from bookings`;
    await superuser`insert into bookings values (${one!.matter_id}, ${one!.step}, ${other!.resource}, ${other!.during}),
      (${other!.matter_id}, ${other!.step}, ${one!.resource}, ${one!.during})`;
    expect(await run()).toMatchObject({ broken: [] });
    expect(await dump()).toEqual(before);
  });

  test('a command that the list has lost counts once still', async () => {
    const applicant = await system.as(underWay[0]!.applicant.id);
    const url = `/api/matters/${underWay[0]!.no}/commands`;
    const comment = () => applicant.post(url, { type: 'comment', text: '请尽快' }, 'a remark');
    expect((await comment()).status).toBe(200);
    const before = (await dump()).commands!.map((row) => ({ ...JSON.parse(row), body_hash: null }));
    await superuser`delete from commands`;
    expect(await run()).toMatchObject({ broken: [] });
    expect((await dump()).commands!.map((row) => JSON.parse(row))).toEqual(before);
    const { count } = await inspectRecord(system.database.url);
    expect((await comment()).status).toBe(200);
    expect((await inspectRecord(system.database.url)).count).toEqual(count);
  });
});

describe('a workflow', () => {
  test('that Temporal has lost is started again from its events', async () => {
    const lost = underWay[0]!;
    await temporal.client.workflow.getHandle(await idOf(lost.no)).terminate();
    expect(await run()).toMatchObject({ different: 0, restarted: 1, broken: [] });
    expect(await run()).toMatchObject({ restarted: 0, unanswered: 0 });
    await goneOn(lost);
  });

  test('that Temporal has lost is started again by the next decision itself', async () => {
    const lost = await applyForSeal(clientOf(system));
    await temporal.client.workflow.getHandle(await idOf(lost.no)).terminate();
    await goneOn(lost);
    const { matter } = await clientOf(system).carryToEnd(
      matterIn(await (await system.as(lost.applicant.id)).get(`/api/matters/${lost.no}`)),
    );
    expect(matter.status).toBe('completed');
  });

  test('that is behind its record is brought up to it, not started again', async () => {
    const matter = await applyForSeal(clientOf(system));
    const id = await idOf(matter.no);
    const [row] = await superuser`select state from matters where id = ${id}`;
    await goneOn(matter);
    await restartFrom(id, row?.state);
    expect(await run()).toMatchObject({ different: 0, restarted: 0, unanswered: 0 });
    await goneOn(matter);
  });

  test('whose state is not its record’s is replaced', async () => {
    const matter = await applyForSeal(clientOf(system));
    const id = await idOf(matter.no);
    const [row] = await superuser`select state from matters where id = ${id}`;
    await restartFrom(id, { ...row?.state, title: 'another' });
    expect(await run()).toMatchObject({ different: 1, restarted: 1, broken: [] });
    expect(await run()).toMatchObject({ different: 0, restarted: 0 });
    await goneOn(matter);
  });

  test('of every open matter comes back on an empty Temporal', async () => {
    const config = { ...system.config, temporal: { ...system.config.temporal, namespace: 'rebuild-empty' } };
    await ensureNamespace(temporal.connection, config);
    await ensureSearchAttributes(temporal.connection, config);
    const client = new Client({ connection: temporal.connection, namespace: config.temporal.namespace });
    const [open] = await superuser`select count(*)::int as count from matters where status in ('open', 'suspended')`;
    const began = performance.now();
    expect(await run(client)).toMatchObject({ restarted: open?.count, broken: [] });
    console.log(`${open?.count} workflows started again on an empty Temporal in ${Math.round(performance.now() - began)} ms`);
    const log = createLogger(config, 'test');
    const worker = await startWorker(config, log, await bundleWorkflows());
    const api = await connectApi(config, log);
    const moved: System = { ...system, api, as: system.as };
    try {
      const contract = clientOf(moved);
      for (const { applicant, no } of underWay) {
        const { matter } = await contract.carryToEnd(await contract.matter(applicant.id, no));
        expect(matter.status).toBe('completed');
      }
    } finally {
      await api.close();
      await worker.stop();
    }
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  });
});

/** Starts a matter's workflow anew from a state, as a new run is, in the place of the running one. */
async function restartFrom(matterId: string, state: Matter): Promise<void> {
  await temporal.client.workflow.start(state.processId, {
    workflowId: matterId,
    taskQueue: system.config.taskQueue,
    args: [{ matterId, start: null, state }],
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `npm run rebuild` as an operator runs it. */
function command(): Promise<Ran> {
  const { temporal: server, taskQueue } = system.config;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/rebuild.ts'], {
      env: {
        ...process.env,
        DATABASE_URL: system.database.url,
        TEMPORAL_ADDRESS: server.address,
        TEMPORAL_NAMESPACE: server.namespace,
        TASK_QUEUE: taskQueue,
        SESSION_SECRET: system.config.session.secret,
      },
    });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (part) => {
      ran.stdout += part;
    });
    child.stderr.on('data', (part) => {
      ran.stderr += part;
    });
    child.on('close', (code) => resolve({ ...ran, code }));
  });
}

describe('a record', () => {
  test('is final for the role that the system works with', async () => {
    const own = postgres(system.database.url, { max: 1 });
    await expect(own`update events set type = 'Commented' where sequence = 1`).rejects.toThrow('never changed');
    await expect(own`delete from events`).rejects.toThrow('never changed');
    await own.end();
  });

  test.each([
    [
      'changed',
      'update events set facts = facts || \'{"text": "another"}\' where matter_id = $ and sequence = 3',
      3,
      'not what was written',
    ],
    ['taken out', 'delete from events where matter_id = $ and sequence = 2', 2, 'missing'],
    ['cut off', 'delete from events where matter_id = $ and sequence >= 3', 3, 'missing'],
    ['taken away', 'delete from events where matter_id = $', 1, 'missing'],
  ])('of which an event was %s is found and named, and its read model left alone', async (_what, tampering, sequence, reason) => {
    const matter = await clientOf(system).step(await applyForSeal(clientOf(system)));
    const id = await idOf(matter.no);
    await superuser`alter table events disable trigger events_are_final`;
    await superuser`create temporary table kept as select * from events where matter_id = ${id}`;
    await superuser.unsafe(tampering.replaceAll('$', `'${id}'`));
    const before = await dump();
    const { code, stdout, stderr } = await command();
    expect(code, stderr).toBe(1);
    const [broken, ...others] = (JSON.parse(stdout) as RebuildSummary).broken;
    expect(others).toEqual([]);
    expect(broken).toMatchObject({ matter: id, sequence });
    expect(broken?.reason).toContain(reason);
    expect(stderr).toContain(`BROKEN: matter ${id}, event ${sequence}`);
    expect(await dump()).toEqual(before);
    await superuser`delete from events where matter_id = ${id}`;
    await superuser`insert into events select * from kept`;
    await superuser`drop table kept`;
    await superuser`alter table events enable trigger events_are_final`;
    expect(await run()).toMatchObject({ broken: [] });
  });
});
