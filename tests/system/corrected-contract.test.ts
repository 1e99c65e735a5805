/** Goal: a contract that comes back for correction is compared with other contracts of the same party, and not with itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('corrected_contract');
});
afterAll(async () => {
  await system?.stop();
});

interface Matter {
  no: string;
  tasks: {
    id: string;
    kind: string;
    assignees: { id: string }[];
    actions: { action: string; output?: { example: unknown } }[];
  }[];
}

test('a contract below a signer’s threshold, returned, is accepted again as it was; another beside it looks split', async () => {
  const guide = await (await system.as('p-hu-anqi')).get('/api/guide/contract-review');
  const { example } = guide.body as unknown as { example: { person: string; form: Record<string, unknown> } };
  const form = { ...example.form, type: '科研技术', direction: '收入', fundSource: '合同收入', amount: 9_800_000 };
  const applicant = await system.as(example.person);
  const started = await applicant.post('/api/matters', { process: 'contract-review', form });
  expect(started.status, JSON.stringify(started.body)).toBe(201);
  const { no, tasks } = started.body as unknown as Matter;
  const approver = await system.as(tasks[0]?.assignees[0]?.id ?? '');
  const order = { action: 'return', to: 'applicant', opinion: '请核对金额' };
  expect((await approver.post(`/api/tasks/${tasks[0]?.id}/actions`, order)).status).toBe(200);

  const live = (await applicant.get(`/api/matters/${no}`)).body as unknown as Matter;
  const output = live.tasks[0]?.actions.find((one) => one.action === 'complete')?.output?.example;
  const corrected = await applicant.post(`/api/tasks/${live.tasks[0]?.id}/actions`, { action: 'complete', output });
  expect(corrected.status, JSON.stringify(corrected.body)).toBe(200);

  const second = await applicant.post('/api/matters', { process: 'contract-review', form });
  expect(second.status).toBe(422);
  expect(JSON.stringify(second.body.errors)).toContain('疑似拆分');
});
