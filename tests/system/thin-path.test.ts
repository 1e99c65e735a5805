/** Goal: one seal-use application goes from its form to its end over HTTP, with PostgreSQL and Temporal behind it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('thin_path');
});
afterAll(async () => {
  await system?.stop();
});

const form = (file: string) => ({
  campus: 'south',
  phone: '8201',
  sealType: '行政印章',
  docTitle: '商请函',
  docKind: '公函',
  copies: 2,
  impressions: 1,
  reason: '发函',
  receiver: '某市科学技术局',
  signOff: '华川大学',
  involvesMoney: false,
  major: false,
  complete: true,
  files: [file],
});

describe('a seal-use application', () => {
  test('runs from its form to its end', async () => {
    const applicant = await system.as(demoCast.lecturer);
    const started = await applicant.post('/api/matters', {
      process: 'seal-use',
      form: form('file-00000000-0000-4000-8000-000000000001'),
    });
    expect(started.status, JSON.stringify(started.body)).toBe(201);
    let matter = started.body as unknown as {
      no: string;
      status: string;
      tasks: { id: string; name: string; assignees: { id: string }[] }[];
    };
    expect(matter.no).toMatch(/^YYSQ-\d{4}-0001$/);
    for (let turn = 0; matter.status === 'open' && turn < 10; turn += 1) {
      const task = matter.tasks[0]!;
      const holder = await system.as(task.assignees[0]!.id);
      const list = await holder.get('/api/tasks');
      const mine = (
        list.body as unknown as { items: { id: string; actions: { action: string; output?: { example: unknown } }[] }[] }
      ).items.find((one) => one.id === task.id)!;
      const action = mine.actions[0]!;
      const acted = await holder.post(`/api/tasks/${task.id}/actions`, {
        action: action.action,
        ...(action.output ? { output: action.output.example } : {}),
      });
      expect(acted.status, JSON.stringify(acted.body)).toBe(200);
      matter = acted.body as unknown as typeof matter;
    }
    expect(matter.status).toBe('completed');
    const live = await applicant.get(`/api/matters/${matter.no}`);
    expect(live.body.status).toBe('completed');
  });
});
