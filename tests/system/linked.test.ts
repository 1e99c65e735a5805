/**
 * Goal: a matter that starts others never loses one and never waits for nothing, whatever is killed on the way.
 * Method: two small processes of the test's own on the real engine; the dying worker kills itself around the letter itself.
 */
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Gateway, type Outcome } from '../../api/gateway.ts';
import { linksNow } from '../../db/links.ts';
import { matterById } from '../../db/matters.ts';
import { matterLinks } from '../../db/schema/index.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { createLogger } from '../../runtime/log.ts';
import type { Command } from '../../workflows/machine/commands.ts';
import { isSettled } from '../../workflows/machine/link.ts';
import type { Link, Matter } from '../../workflows/machine/state.ts';
import { people } from '../harness/linked/processes.ts';
import { startLinkedWorker } from '../harness/linked/worker.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import { startWorkerProcess } from '../harness/worker-process.ts';
import type { WrappedWorker } from '../harness/wrapped-worker.ts';

let system: System;
let gateway: Gateway;
let worker: WrappedWorker | null = null;
beforeAll(async () => {
  system = await startSystem('linked', { worker: false });
  const { client, db } = system.api.context;
  const log = createLogger(system.config, 'test');
  gateway = new Gateway({ client, db, taskQueue: system.config.taskQueue, log });
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
});
afterAll(async () => {
  await system?.stop();
});

const newWorker = async () => {
  worker = await startLinkedWorker(system.config);
};

let count = 0;
const envelope = (person: string) => {
  count += 1;
  return { id: `c-${count}`, by: { kind: 'person', id: person } as const, bodyHash: `b-${count}` };
};

function apply(matterId: string, form: JsonObject, processId = 'test-contract'): Promise<Outcome> {
  const command = { type: 'start', processId, version: 1, form, attachments: [], ...envelope(people.applicant) } as const;
  return gateway.submit(matterId, { ...command, attachments: [] }, people.applicant);
}

async function stateOf(matterId: string): Promise<Matter> {
  const row = await matterById(system.api.context.db, matterId);
  if (row === null) throw new Error(`No matter ${matterId}`);
  return row.state;
}

/** Waits until a matter in the record is as it should be. */
async function until(matterId: string, holds: (matter: Matter) => boolean, timeout = 40_000): Promise<Matter> {
  await expect.poll(async () => holds(await stateOf(matterId)), { timeout, interval: 50 }).toBe(true);
  return stateOf(matterId);
}

async function act(matterId: string, person: string, action: 'agree' | 'disagree'): Promise<Outcome> {
  const matter = await stateOf(matterId);
  const task = Object.values(matter.tasks).find((one) => one.assignees.some((who) => who.id === person));
  if (task === undefined) throw new Error(`${person} has nothing to do in ${matter.no}`);
  const command: Command = {
    type: 'act',
    task: task.id,
    action,
    opinion: '意见',
    output: null,
    attachments: [],
    returnOrder: null,
    ...envelope(person),
  };
  return gateway.submit(matterId, { ...command, bodyHash: `b-${count}` }, person);
}

function withdraw(matterId: string): Promise<Outcome> {
  return gateway.submit(matterId, { type: 'withdraw', reason: '不办了', ...envelope(people.applicant) }, people.applicant);
}

const links = (matter: Matter): Link[] => Object.values(matter.links);
const taken = (matter: Matter): boolean => links(matter).length > 0 && links(matter).every((link) => link.status !== 'asked');
const settled = (matter: Matter): boolean => links(matter).length > 0 && links(matter).every((link) => isSettled(link.status));
const idOf = (matter: Matter, at: number): string => links(matter)[at]?.matterId ?? '';

/** A contract that has come to its uses of the seal. */
async function atSeals(matterId: string, seals: number[]): Promise<Matter> {
  await apply(matterId, { seals });
  await act(matterId, people.office, 'agree');
  return until(matterId, taken);
}

test('children are started with the form filled in, say their numbers, and the parent goes on when they have ended', async () => {
  await newWorker();
  const parent = await atSeals('m-whole', [2, 3]);
  expect(links(parent).map(({ status, no }) => [status, no?.slice(0, 5)])).toEqual([
    ['open', 'TSEAL'],
    ['open', 'TSEAL'],
  ]);
  const child = await stateOf(idOf(parent, 0));
  expect(child).toMatchObject({
    form: { copies: 2, from: '合同' },
    parent: { matterId: 'm-whole', no: parent.no, link: 'seal#1' },
  });
  expect(child.applicant.id).toBe(people.applicant);
  await act(idOf(parent, 0), people.keeper, 'agree');
  await act(idOf(parent, 1), people.keeper, 'disagree');
  const after = await until('m-whole', (matter) => Object.keys(matter.tasks).length > 0);
  expect(links(after).map(({ status }) => status)).toEqual(['completed', 'rejected']);
  await act('m-whole', people.office, 'agree');
  expect((await stateOf('m-whole')).ending?.code).toBe('completed');
  const told = await system.api.context.db
    .select()
    .from(matterLinks)
    .where(eq(matterLinks.matterId, 'm-whole'))
    .orderBy(matterLinks.link);
  expect(told.map(({ link, childId, status }) => [link, childId, status])).toEqual([
    ['seal#1', idOf(after, 0), 'completed'],
    ['seal#2', idOf(after, 1), 'rejected'],
  ]);
  expect((await matterById(system.api.context.db, idOf(after, 0)))?.parentId).toBe('m-whole');
});

test('a child that is refused says why, and the parent does not hang', async () => {
  await newWorker();
  const parent = await atSeals('m-refused', [0]);
  expect(links(parent)[0]).toMatchObject({ status: 'refused', no: null });
  expect(links(parent)[0]?.text).toContain('份数须大于0');
  expect(Object.values(parent.tasks).map((task) => task.step)).toEqual(['close']);
});

test('a parent that is taken back calls back what is open', async () => {
  await newWorker();
  const parent = await atSeals('m-back', [1, 1]);
  await act(idOf(parent, 1), people.keeper, 'agree');
  await until('m-back', (matter) => links(matter)[1]?.status === 'completed');
  await withdraw('m-back');
  const child = await until(idOf(parent, 0), (matter) => matter.phase === 'ended');
  expect(child.ending).toMatchObject({ code: 'withdrawn', text: '发起它的办件已结束:申请人撤回:不办了' });
  expect((await stateOf(idOf(parent, 1))).ending?.code).toBe('completed');
  // The parent no longer hears it; whoever looks at it sees what became of its children.
  const shown = await linksNow(system.api.context.db, await stateOf('m-back'));
  expect(shown.map(({ status }) => status)).toEqual(['withdrawn', 'completed']);
});

test.each(['before', 'after'] as const)(
  'a worker killed between the commit and the start of children, %s the letter was sent, loses none',
  async (dieAt) => {
    const dying = await startWorkerProcess(system.config, 'tests/harness/linked/dying-worker.ts');
    const matterId = `m-killed-${dieAt}`;
    await apply(matterId, { seals: [1, 2] });
    await dying.tell({ dieAt });
    await act(matterId, people.office, 'agree');
    expect(await dying.ended).toBe('SIGKILL');
    await newWorker();
    const parent = await until(matterId, taken);
    await act(idOf(parent, 0), people.keeper, 'agree');
    await act(idOf(parent, 1), people.keeper, 'agree');
    expect(links(await until(matterId, settled)).map(({ status }) => status)).toEqual(['completed', 'completed']);
  },
  90_000,
);

test('a worker killed between a child’s end and its word to the parent loses nothing', async () => {
  const dying = await startWorkerProcess(system.config, 'tests/harness/linked/dying-worker.ts');
  const parent = await atSeals('m-word', [1]);
  await dying.tell({ dieAt: 'before' });
  await act(idOf(parent, 0), people.keeper, 'agree');
  expect(await dying.ended).toBe('SIGKILL');
  await newWorker();
  expect(links(await until('m-word', settled))[0]?.status).toBe('completed');
}, 90_000);

test('a parent that Temporal has lost is brought back by its child’s word', async () => {
  await newWorker();
  const parent = await atSeals('m-lost', [1]);
  await system.api.context.client.workflow.getHandle('m-lost').terminate('lost');
  await act(idOf(parent, 0), people.keeper, 'agree');
  const after = await until('m-lost', settled);
  expect(Object.values(after.tasks).map((task) => task.step)).toEqual(['close']);
});

test('a parent made anew from its events asks its children again: an answer that was lost is heard', async () => {
  await newWorker();
  const { client } = system.api.context;
  const parent = await atSeals('m-anew', [1, 1]);
  // The parent is gone, and its child's word comes to nobody: as if Temporal had lost both.
  await client.workflow.getHandle(idOf(parent, 0)).terminate('lost');
  await client.workflow.getHandle('m-anew').terminate('lost');
  await gateway.revive('m-anew', 'test-contract');
  await until(idOf(parent, 0), (matter) => matter.phase === 'open');
  await act(idOf(parent, 0), people.keeper, 'agree');
  await act(idOf(parent, 1), people.keeper, 'agree');
  await until('m-anew', settled);
  // Ended and told, and still it answers whoever asks again.
  await client.workflow.getHandle('m-anew').terminate('lost');
  await gateway.revive('m-anew', 'test-contract');
  await act('m-anew', people.office, 'agree');
  expect((await stateOf('m-anew')).ending?.code).toBe('completed');
});

test('a child whose call back was lost hears of it when it says how it stands', async () => {
  await newWorker();
  const { client } = system.api.context;
  const parent = await atSeals('m-recall', [1]);
  const child = idOf(parent, 0);
  // Temporal loses both in the moment of the withdrawal; only the child is started again, as a rebuild does with open matters.
  await client.workflow.getHandle(child).terminate('lost');
  const stopped = worker;
  worker = null;
  await stopped?.stop();
  const dying = await startWorkerProcess(system.config, 'tests/harness/linked/dying-worker.ts');
  await dying.tell({ dieAt: 'before' });
  await withdraw('m-recall');
  await dying.ended;
  await client.workflow.getHandle('m-recall').terminate('lost');
  await newWorker();
  expect((await stateOf(child)).phase).toBe('open');
  await gateway.revive(child, 'test-seal');
  expect((await until(child, (matter) => matter.phase === 'ended')).ending?.code).toBe('withdrawn');
}, 90_000);
