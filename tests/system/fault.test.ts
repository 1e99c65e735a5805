/**
 * Goal: a fault of ours in deciding one command refuses that command and holds up nothing else; what passes by itself is waited out.
 * Method: the real worker, whose one activity fails for marked commands as a bug in a definition or a lost connection would.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateQuery } from '../../workflows/contract.ts';
import type { Command } from '../../workflows/machine/commands.ts';
import { applyForSeal, clientOf, matterIn, nextDecision, send, settled } from '../harness/office.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import { WorkflowClock } from '../harness/time-skipping.ts';
import { startWrappedWorker, type WrappedWorker } from '../harness/wrapped-worker.ts';

let system: System;
let worker: WrappedWorker;
/** Thrown in the place of deciding, or null. */
let fault: (command: Command) => Error | null = () => null;
let tries = 0;
beforeAll(async () => {
  system = await startSystem('fault', { worker: false });
  worker = await startWrappedWorker(system.config, (transact) => async (request) => {
    const error = request.command === null ? null : fault(request.command);
    if (error === null) return transact(request);
    tries += 1;
    throw error;
  });
});
afterAll(async () => {
  await worker?.stop();
  await system?.stop();
});

const comment = (text: string) => ({ type: 'comment', text });
const bug = () => new TypeError("Cannot read properties of undefined (reading 'amount')");

test('a command that a bug keeps from being decided is refused, and the matter goes on', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  const before = (await inspectRecord(system.database.url)).count;
  fault = (command) => (command.type === 'act' ? bug() : null);
  tries = 0;
  const applicant = await system.as(matter.applicant.id);
  const url = `/api/matters/${matter.no}/commands`;
  const began = performance.now();
  // Sent at the same time, decided after it.
  const [failed, other] = await Promise.all([
    settled(() => send(decision, 'meets a bug')),
    settled(() => applicant.post(url, comment('请尽快办理'), 'beside it')),
  ]);
  console.log(`refused after ${tries} tries in ${Math.round(performance.now() - began)} ms`);
  expect(failed.status).toBe(500);
  expect(failed.body).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(failed.body)).not.toContain('amount');
  expect(tries).toBeLessThanOrEqual(5);
  expect(other.status).toBe(200);
  expect((await inspectRecord(system.database.url)).count).toMatchObject({ commands: before.commands + 1 });

  // Asked again while the bug is there it is tried again, and once it is mended the same key carries it out.
  tries = 0;
  expect((await settled(() => send(decision, 'meets a bug'))).status).toBe(500);
  expect(tries).toBeGreaterThan(0);
  fault = () => null;
  const mended = await send(decision, 'meets a bug');
  expect(mended.status).toBe(200);
  expect(matterIn(mended).tasks.map((task) => task.id)).not.toContain(decision.task);
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
});

test('an application that a bug keeps from being decided is refused, and accepted under the same key once it is mended', async () => {
  fault = (command) => (command.type === 'start' ? bug() : null);
  const { example } = await clientOf(system).guide('seal-use');
  const applicant = await system.as(example.person);
  const body = { process: 'seal-use', form: example.form, attachments: example.attachments };
  const failed = await settled(() => applicant.post('/api/matters', body, 'meets a bug'));
  expect(failed.status).toBe(500);
  expect(failed.body).toMatchObject({ code: 'internal' });
  fault = () => null;
  const accepted = await settled(() => applicant.post('/api/matters', body, 'meets a bug'));
  expect(accepted.status).toBe(201);
  const again = await settled(() => applicant.post('/api/matters', body, 'meets a bug'));
  expect([again.status, matterIn(again).no]).toEqual([201, matterIn(accepted).no]);
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
});

test('a lost connection is tried for longer than any bug', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  tries = 0;
  fault = () => (tries < 8 ? Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) : null);
  const answer = await settled(() => send(decision, 'while it is away'));
  expect(answer.status).toBe(200);
  expect(tries).toBe(8);
  fault = () => null;
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
});

test('what a lost connection said does not reach Temporal’s history', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  tries = 0;
  const secret = '身份证号110101199001010000';
  fault = () =>
    tries < 3 ? Object.assign(new Error(`Failed query: insert … params: ${secret}`), { code: 'CONNECTION_CLOSED' }) : null;
  expect((await settled(() => send(decision, 'with a secret'))).status).toBe(200);
  fault = () => null;
  const id = decision.task.slice(0, decision.task.lastIndexOf('-'));
  const history = await system.api.context.client.workflow.getHandle(id).fetchHistory();
  const failures = JSON.stringify(
    history.events?.map((event) => [
      event.markerRecordedEventAttributes?.failure,
      event.activityTaskStartedEventAttributes?.lastFailure,
    ]),
  );
  expect(failures).toContain('CONNECTION_CLOSED');
  expect(failures).not.toContain(secret);
});

test('an alarm that a bug keeps from ringing rests a while, rings when the bug is mended, and holds up nobody', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  const id = decision.task.slice(0, decision.task.lastIndexOf('-'));
  const handle = system.api.context.client.workflow.getHandle(id);
  const due = (await handle.query(stateQuery))?.tasks[decision.task]?.due;
  const yellow = due?.yellowAt ?? '';
  expect(yellow).not.toBe('');
  tries = 0;
  // One whole command of the clock meets the bug; the next does not.
  let met = '';
  fault = (command) => {
    if (command.type !== 'tick' || tries >= 5) return null;
    met = command.id;
    return bug();
  };
  const later = new Date(Date.parse(yellow) + 30 * 60_000).toISOString();
  await new WorkflowClock(system.api.context.client, id).forwardTo(later);
  expect(tries).toBe(5);
  expect(met).toContain(id);
  const state = await handle.query(stateQuery);
  expect(Object.values(state?.alarms ?? {}).filter((alarm) => alarm.at <= later)).toEqual([]);
  fault = () => null;
  expect((await settled(() => send(decision, 'after the alarm'))).status).toBe(200);
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
});
