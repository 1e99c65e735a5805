/**
 * Goal: while a part of the system is away, requests are taken on (202) or not (503) as the contract says; what was taken on is
 * finished after its return without anybody's help; and health tells which part it is.
 * Method: worker and servers are real; a proxy in front of PostgreSQL and one in front of Temporal are cut and put back.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createLogger } from '../../runtime/log.ts';
import { bundleWorkflows, type RunningWorker, startWorker } from '../../workers/worker.ts';
import { applyForSeal, clientOf, matterIn, nextDecision, send, settled } from '../harness/office.ts';
import { type CuttableProxy, startProxy, through } from '../harness/proxy.ts';
import { inspectRecord } from '../harness/record.ts';
import { type Bundle, type System, startSystem } from '../harness/system.ts';

/** Longer than any of the system's own waits (connections, retries, sweeps) adds up to. */
const RETURN = { timeout: 60_000, interval: 100 };

let system: System;
let bundle: Bundle;
let database: CuttableProxy;
let temporal: CuttableProxy;
let worker: RunningWorker;
let direct: postgres.Sql;
const newWorker = async () => {
  worker = await startWorker(system.config, createLogger(system.config, 'test'), bundle);
};
beforeAll(async () => {
  database = await startProxy(new URL(inject('postgresAdminUrl')).host);
  temporal = await startProxy(inject('temporalAddress'));
  bundle = await bundleWorkflows();
  system = await startSystem('away', {
    worker: false,
    env: (url) => ({ DATABASE_URL: through(database, url), TEMPORAL_ADDRESS: temporal.address }),
  });
  direct = postgres(system.database.url, { max: 1 });
  await newWorker();
});
afterAll(async () => {
  await direct?.end();
  await worker?.stop();
  await system?.stop();
  await database?.close();
  await temporal?.close();
});

interface Health {
  status: number;
  body: { ready: boolean; database: boolean; temporal: boolean; worker: boolean };
}
const ready = async (): Promise<Health> => {
  const response = await system.api.api.inject({ url: '/api/health/ready' });
  return { status: response.statusCode, body: response.json() };
};
const live = async () => (await system.api.api.inject({ url: '/api/health/live' })).statusCode;
const untilReady = () => vi.waitFor(async () => expect((await ready()).status).toBe(200), RETURN);
const committed = async (no: string, task: string): Promise<boolean> =>
  (
    await direct`select 1 from tasks join matters on matters.id = matter_id where no = ${no} and tasks.id = ${task} and tasks.status = 'done'`
  ).length > 0;
const since = (began: number) => `${Math.round(performance.now() - began)} ms`;

/** An application as its applicant sends it, again and again under one key. */
async function application(key: string) {
  const { example } = await clientOf(system).guide('seal-use');
  const applicant = await system.as(example.person);
  const body = { process: 'seal-use', form: example.form, attachments: example.attachments };
  return () => applicant.post('/api/matters', body, key);
}
const intentsOpen = async () => (await direct`select 1 from intents where settled_at is null`).length;

describe('while the worker is away', () => {
  test('an application is taken on after five seconds and carried out after its return', async () => {
    await worker.stop();
    const ask = await application('without a worker');
    const began = performance.now();
    const first = await ask();
    const waited = performance.now() - began;
    expect(first.status).toBe(202);
    expect(first.body).toEqual({ retryAfter: expect.any(Number) });
    expect(first.headers['retry-after']).toBeDefined();
    expect(waited).toBeGreaterThan(4_500);
    expect(waited).toBeLessThan(8_000);
    expect((await ask()).status).toBe(202);
    expect(await ready()).toEqual({ status: 503, body: { ready: false, database: true, temporal: true, worker: false } });
    expect(await live()).toBe(200);

    const returned = performance.now();
    await newWorker();
    await vi.waitFor(async () => expect(await intentsOpen()).toBe(0), RETURN);
    console.log(`application carried out ${since(returned)} after the worker's return`);
    const answer = await ask();
    expect(answer.status).toBe(201);
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
    await untilReady();
  });

  test('a decision is taken on and carried out after its return; a second click under another key is told so', async () => {
    const matter = await applyForSeal(clientOf(system));
    const decision = await nextDecision(system, matter);
    await worker.stop();
    const [first, second] = await Promise.all([send(decision, 'a'), send(decision, 'b')]);
    expect([first.status, second.status]).toEqual([202, 202]);
    const returned = performance.now();
    await newWorker();
    await vi.waitFor(async () => expect(await committed(matter.no, decision.task)).toBe(true), RETURN);
    console.log(`decision carried out ${since(returned)} after the worker's return`);
    await vi.waitFor(async () => expect(await intentsOpen()).toBe(0), RETURN);
    const told = await Promise.all([send(decision, 'a'), send(decision, 'b')]);
    expect(told.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(told.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'task-closed', matter: { no: matter.no } });
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  });
});

describe('while PostgreSQL is away', () => {
  test('requests are not taken on, and a decision in flight is carried out after its return', async () => {
    const matter = await applyForSeal(clientOf(system));
    const decision = await nextDecision(system, matter);
    // Whoever holds a matter's lock holds its decision in flight.
    const [row] = await direct`select id from matters where no = ${matter.no}`;
    await direct`select pg_advisory_lock(hashtextextended(${row?.id}, 0))`;
    const inFlight = send(decision, 'in flight');
    await vi.waitFor(async () => {
      const waiting = await direct`select 1 from pg_locks where locktype = 'advisory' and not granted`;
      expect(waiting.length).toBeGreaterThan(0);
    }, RETURN);
    database.cut();
    await direct`select pg_advisory_unlock(hashtextextended(${row?.id}, 0))`;

    const ask = async () => decision.holder.get('/api/tasks');
    const began = performance.now();
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBeDefined();
    expect(performance.now() - began).toBeLessThan(6_000);
    expect((await decision.holder.post(decision.url, decision.body)).status).toBe(503);
    const health = await ready();
    expect(health).toMatchObject({ status: 503, body: { ready: false, database: false, temporal: true } });
    expect(await live()).toBe(200);
    // Temporal holds it: it will be carried out.
    expect((await inFlight).status).toBe(202);

    const returned = performance.now();
    database.restore();
    await vi.waitFor(async () => expect(await committed(matter.no, decision.task)).toBe(true), RETURN);
    console.log(`decision in flight carried out ${since(returned)} after PostgreSQL's return`);
    await untilReady();
    console.log(`ready ${since(returned)} after PostgreSQL's return`);
    expect((await settled(() => send(decision, 'in flight'))).status).toBe(200);
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  });
});

describe('while Temporal is away', () => {
  test('applications and decisions are taken on, lists are still read, and all is carried out after its return', async () => {
    const matter = await applyForSeal(clientOf(system));
    const decision = await nextDecision(system, matter);
    const ask = await application('without Temporal');
    temporal.cut();
    const [applied, decided] = await Promise.all([ask(), send(decision, 'without Temporal')]);
    expect([applied.status, decided.status]).toEqual([202, 202]);
    expect(await ready()).toMatchObject({ status: 503, body: { ready: false, database: true, temporal: false } });
    expect(await live()).toBe(200);
    expect((await decision.holder.get('/api/tasks')).status).toBe(200);
    const seen = await decision.holder.get(`/api/matters/${matter.no}`);
    expect(seen.status).toBe(200);
    expect(matterIn(seen).tasks[0]?.id).toBe(decision.task);

    const returned = performance.now();
    temporal.restore();
    await vi.waitFor(async () => expect(await committed(matter.no, decision.task)).toBe(true), RETURN);
    await vi.waitFor(async () => expect(await intentsOpen()).toBe(0), RETURN);
    console.log(`both carried out ${since(returned)} after Temporal's return`);
    await untilReady();
    expect((await ask()).status).toBe(201);
    expect((await send(decision, 'without Temporal')).status).toBe(200);
    expect((await inspectRecord(system.database.url)).faults).toEqual([]);
  });
});
