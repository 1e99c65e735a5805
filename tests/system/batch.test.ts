/** Goal: of many tasks in one request each is acted on for itself, and each tells what became of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
let head: PersonClient;

beforeAll(async () => {
  system = await startSystem('batch');
  client = clientOf(system);
  head = await system.as(demoCast.computingHead);
});
afterAll(async () => {
  await system?.stop();
});

interface Result {
  task: string;
  status: number;
  matter?: { no: string; status: string };
  problem?: { code: string; detail: string; errors?: { path: string }[] };
}

async function send(items: unknown[], key: string): Promise<Result[]> {
  const answer = await head.post('/api/tasks/batch', { items }, key);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return (answer.body as unknown as { items: Result[] }).items;
}

const taskOf = (matter: ContractMatter) => matter.tasks[0]?.id ?? '';
const stepOf = async (matter: ContractMatter) => (await client.matter(demoCast.lecturer, matter.no)).tasks[0]?.step;

describe('a batch', () => {
  test('agrees to what can be agreed to; the rest fails alone, each with its own reason', async () => {
    const [first, second, untouched] = [await applyForSeal(client), await applyForSeal(client), await applyForSeal(client)];
    await client.step(second);
    const before = await stepOf(untouched);
    const results = await send(
      [
        { task: taskOf(first), action: 'agree', opinion: '同意' },
        { task: taskOf(second), action: 'agree' },
        { task: 'no-such-task', action: 'read' },
        { task: `${taskOf(first)}9`, action: 'complete' },
      ],
      'batch-1',
    );
    expect(results.map((one) => one.status)).toEqual([200, 409, 404, 404]);
    expect(results[0]).toEqual({ task: taskOf(first), status: 200, matter: { no: first.no, status: 'open' } });
    expect(results[1]).toMatchObject({ matter: { no: second.no }, problem: { code: 'task-closed' } });
    expect(results[2]).toMatchObject({ problem: { code: 'task-unknown', detail: expect.stringContaining('没有这一待办') } });
    expect(await stepOf(first)).toBe('office');
    expect(await stepOf(untouched)).toBe(before);
  });

  test('sent twice counts once; with other words under the same key it is told so', async () => {
    const matter = await applyForSeal(client);
    const items = [{ task: taskOf(matter), action: 'agree', opinion: '同意' }];
    const [first] = await send(items, 'batch-2');
    const [again] = await send(items, 'batch-2');
    expect(again).toEqual(first);
    const acted = (await client.audit(demoCast.lecturer, matter.no)).filter((event) => event.type === 'TaskActed');
    expect(acted).toHaveLength(1);
    const [other] = await send([{ ...items[0], opinion: '另一意见' }], 'batch-2');
    expect(other).toMatchObject({ status: 422, problem: { code: 'key-reused' } });
  });

  test('carries the faults of an item with it', async () => {
    const matter = await applyForSeal(client);
    const [result] = await send([{ task: taskOf(matter), action: 'agree', opinion: '字'.repeat(2_001) }], 'batch-3');
    expect(result).toMatchObject({ status: 422, problem: { code: 'bad-input', errors: [{ path: '/opinion' }] } });
  });

  test('of nothing, of too many, of one task twice or of another action is refused as a whole', async () => {
    const refused = async (items: unknown[]) => {
      const answer = await head.post('/api/tasks/batch', { items });
      expect(answer.status).toBe(422);
      return (answer.body as unknown as { errors: { path: string; message: string }[] }).errors;
    };
    expect(await refused([])).toEqual([{ path: '/items', message: '请选择待办' }]);
    const many = Array.from({ length: 51 }, (_, at) => ({ task: `t${at}`, action: 'agree' }));
    expect(await refused(many)).toEqual([{ path: '/items', message: '一次最多办理50项' }]);
    const one = { task: 't', action: 'agree' };
    expect(await refused([one, one])).toEqual([{ path: '/items', message: '同一待办只能选一次' }]);
    expect(await refused([{ task: 't', action: 'disagree' }])).toEqual([
      { path: '/items/0/action', message: '只能是:agree、complete、read' },
    ]);
    expect((await head.post('/api/tasks/batch', { items: [one] }, null)).status).toBe(400);
  });
});
