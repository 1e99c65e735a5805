/** Goal: of those who act on one thing at once, one succeeds and the others are told how it stands now; a repeated command counts once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyForSeal, clientOf, matterIn, nextDecision, send, settled } from '../harness/office.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

const ROUNDS = 20;

let system: System;
beforeAll(async () => {
  system = await startSystem('race');
});
afterAll(async () => {
  await system?.stop();
});

const faults = async () => (await inspectRecord(system.database.url)).faults;

/** An application that has come to the finance office, where either of two people decides 或签. */
async function atFinance(): Promise<ContractMatter> {
  const client = clientOf(system);
  let matter = await applyForSeal(client, { involvesMoney: true });
  while (matter.tasks[0]?.step !== 'finance') matter = await client.step(matter);
  expect(matter.tasks[0].assignees.length).toBeGreaterThan(1);
  return matter;
}

test('of two people who decide the same task at once one succeeds, and the other is shown the matter', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const matter = await atFinance();
    const both = await Promise.all([nextDecision(system, matter, 0), nextDecision(system, matter, 1)]);
    const answers = await Promise.all(both.map((decision) => send(decision)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const winner = answers.find((answer) => answer.status === 200)!;
    const loser = answers.find((answer) => answer.status === 409)!;
    expect(loser.body).toMatchObject({ code: 'task-closed', matter: { no: matter.no } });
    const shown = loser.body.matter as unknown as ContractMatter;
    expect(shown.tasks.map((task) => task.id)).toEqual(matterIn(winner).tasks.map((task) => task.id));
    const done = await Promise.all(both.map(({ holder }) => holder.get('/api/tasks?box=done&limit=100')));
    const has = done.map(({ body }) =>
      (body as unknown as { items: { id: string }[] }).items.some((one) => one.id === both[0].task),
    );
    expect(has.filter(Boolean)).toHaveLength(1);
  }
  expect(await faults()).toEqual([]);
});

test('ten identical decisions at once count once and are answered alike', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  const before = (await inspectRecord(system.database.url)).count;
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(decision, 'one click')));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(new Set(answers.map((answer) => JSON.stringify(matterIn(answer).tasks.map((task) => task.id)))).size).toBe(1);
  expect((await inspectRecord(system.database.url)).count.commands).toBe(before.commands + 1);
});

test('ten identical applications at once make one matter', async () => {
  const { example } = await clientOf(system).guide('seal-use');
  const applicant = await system.as(example.person);
  const before = (await inspectRecord(system.database.url)).count;
  const body = { process: 'seal-use', form: example.form, attachments: example.attachments };
  const answers = await Promise.all(Array.from({ length: 10 }, () => applicant.post('/api/matters', body, 'one application')));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => matterIn(answer).no)).size).toBe(1);
  expect((await inspectRecord(system.database.url)).count.matters).toBe(before.matters + 1);
});

test('the same key with another body is told apart, however close behind', async () => {
  const matter = await applyForSeal(clientOf(system));
  const applicant = await system.as(matter.applicant.id);
  const url = `/api/matters/${matter.no}/commands`;
  const answers = await Promise.all(['一', '二'].map((text) => applicant.post(url, { type: 'comment', text }, 'one key')));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
});

test('thirty commands in flight on one matter are all carried out, though Temporal takes ten at a time', async () => {
  const matter = await applyForSeal(clientOf(system));
  const applicant = await system.as(matter.applicant.id);
  const url = `/api/matters/${matter.no}/commands`;
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, at) => {
      const key = randomUUID();
      return settled(() => applicant.post(url, { type: 'comment', text: `第${at}条` }, key));
    }),
  );
  console.log(`30 commands on one matter in ${Math.round(performance.now() - began)} ms`);
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(await faults()).toEqual([]);
});
