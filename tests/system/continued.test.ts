/** Goal: a matter that goes on in a new run of its workflow keeps its due dates, though nobody acts on it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOptions, stateQuery } from '../../workflows/contract.ts';
import { type System, startSystem } from '../harness/system.ts';
import { WorkflowClock } from '../harness/time-skipping.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('continued');
});
afterAll(async () => {
  await system?.stop();
});

test('the alarms of a matter ring in a run that began from its state', async () => {
  const guide = await (await system.as('p-chen-siqi')).get('/api/guide/seal-use');
  const { example } = guide.body as unknown as { example: { person: string; form: unknown } };
  const applicant = await system.as(example.person);
  const started = await applicant.post('/api/matters', { process: 'seal-use', form: example.form });
  const { no, dueAt } = started.body as unknown as { no: string; dueAt: string };
  const audit = async () =>
    (await applicant.get(`/api/matters/${no}/audit?limit=100`)).body as unknown as {
      items: { matterId: string; type: string; facts: { kind?: string; visit?: string | null } }[];
    };
  const matterId = (await audit()).items[0]?.matterId ?? '';

  // What continue-as-new does, without the two thousand events that it takes.
  const { client } = system.api.context;
  const state = await client.workflow.getHandle(matterId).query(stateQuery);
  await client.workflow.getHandle(matterId).terminate();
  await client.workflow.start('seal-use', startOptions({ matterId, start: null, state }, 'seal-use', system.config.taskQueue));

  await new WorkflowClock(client, matterId).forwardTo(new Date(Date.parse(dueAt) + 60_000).toISOString());
  const rang = (await audit()).items.filter((event) => event.type === 'AlarmRang');
  expect(rang.map((event) => event.facts.kind)).toContain('yellow');
  expect(rang.some((event) => event.facts.kind === 'red' && event.facts.visit === null)).toBe(true);
}, 30_000);
