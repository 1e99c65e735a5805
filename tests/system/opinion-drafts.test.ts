/** Goal: what somebody is writing on a task is kept for them alone, and is gone with the task. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opinionDrafts } from '../../db/schema/index.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
let head: PersonClient;
let applicant: PersonClient;
let stranger: PersonClient;

beforeAll(async () => {
  system = await startSystem('opinion_drafts');
  client = clientOf(system);
  head = await system.as(demoCast.computingHead);
  applicant = await system.as(demoCast.lecturer);
  stranger = await system.as(demoCast.otherLecturer);
});
afterAll(async () => {
  await system?.stop();
});

async function opened(): Promise<{ no: string; task: string; url: string }> {
  const matter = await applyForSeal(client);
  const task = matter.tasks[0]?.id ?? '';
  return { no: matter.no, task, url: `/api/tasks/${task}/draft` };
}

const put = (who: PersonClient, url: string, body: unknown) => who.request('PUT', url, body);

async function draftIn(who: PersonClient, no: string): Promise<unknown> {
  const { body } = await who.get(`/api/matters/${no}`);
  return (body as unknown as { tasks: { draft: unknown }[] }).tasks[0]?.draft;
}

async function taskIn(who: PersonClient, no: string): Promise<string> {
  const { body } = await who.get(`/api/matters/${no}`);
  return (body as unknown as { tasks: { id: string }[] }).tasks[0]?.id ?? '';
}

describe('a draft of an opinion', () => {
  test('is kept, replaced and shown to its author wherever the task is', async () => {
    const { no, task, url } = await opened();
    expect((await head.get(url)).status).toBe(404);
    expect((await put(head, url, { opinion: '初稿' })).status).toBe(200);
    expect((await put(head, url, { opinion: '二稿', output: { half: 'done' } })).status).toBe(200);
    const kept = { opinion: '二稿', output: { half: 'done' }, attachments: [], updatedAt: expect.stringMatching(/Z$/) };
    expect((await head.get(url)).body).toEqual(kept);
    expect(await draftIn(head, no)).toEqual(kept);
    const { body } = await head.get('/api/tasks?limit=200');
    const items = (body as unknown as { items: { id: string; draft: unknown }[] }).items;
    expect(items.find((one) => one.id === task)?.draft).toEqual(kept);
    expect(await draftIn(applicant, no)).toBeNull();
  });

  test('is nobody else’s to read or write', async () => {
    const { url } = await opened();
    await put(head, url, { opinion: '拟同意' });
    for (const [who, status] of [
      [applicant, 403],
      [stranger, 404],
    ] as const) {
      expect((await who.get(url)).status).toBe(status);
      expect((await put(who, url, { opinion: '偷看' })).status).toBe(status);
      expect((await who.request('DELETE', url)).status).toBe(status);
    }
    expect((await head.get(url)).body).toMatchObject({ opinion: '拟同意' });
  });

  test('is thrown away by its author, and by the task when it is done', async () => {
    const { task, url } = await opened();
    await put(head, url, { opinion: '一' });
    expect((await head.request('DELETE', url)).status).toBe(204);
    expect((await head.request('DELETE', url)).status).toBe(404);
    await put(head, url, { opinion: '二' });
    expect((await head.post(`/api/tasks/${task}/actions`, { action: 'agree' })).status).toBe(200);
    expect(await system.api.context.db.select().from(opinionDrafts).where(eq(opinionDrafts.taskId, task))).toEqual([]);
    expect((await head.get(url)).status).toBe(409);
    expect((await put(head, url, { opinion: '三' })).status).toBe(409);
  });

  test('is kept for who hands the task on without it, and found again by who takes it back', async () => {
    const { no, task, url } = await opened();
    await put(head, url, { opinion: '写了一半' });
    const deputy = await system.as(demoCast.computingDeputy);
    const given = await head.post(`/api/tasks/${task}/actions`, { action: 'transfer', to: demoCast.computingDeputy });
    expect(given.status).toBe(200);
    expect(await draftIn(head, no)).toMatchObject({ opinion: '写了一半' });
    expect([await draftIn(deputy, no), await draftIn(applicant, no)]).toEqual([null, null]);
    const next = await taskIn(head, no);
    expect((await head.get(`/api/tasks/${next}/draft`)).body).toMatchObject({ opinion: '写了一半' });
    expect((await deputy.get(`/api/tasks/${next}/draft`)).status).toBe(404);
    // They may read it and throw it away, but write no more on what is another's.
    expect((await put(head, `/api/tasks/${next}/draft`, { opinion: '再写' })).status).toBe(403);
    await put(deputy, `/api/tasks/${next}/draft`, { opinion: '接手的人所写' });
    expect((await head.post(`/api/tasks/${task}/actions`, { action: 'takeBack' })).status).toBe(200);
    expect(await draftIn(head, no)).toMatchObject({ opinion: '写了一半' });
    const again = await taskIn(head, no);
    const rows = () => system.api.context.db.select().from(opinionDrafts).where(eq(opinionDrafts.taskId, again));
    expect(await rows()).toHaveLength(2);
    expect((await head.post(`/api/tasks/${again}/actions`, { action: 'agree' })).status).toBe(200);
    expect(await rows()).toEqual([]);
  });

  test('stays while a delegate answers', async () => {
    const { no, task, url } = await opened();
    await put(head, url, { opinion: '待委派人答复' });
    const asked = await head.post(`/api/tasks/${task}/actions`, { action: 'delegate', to: demoCast.computingDeputy });
    expect(asked.status).toBe(200);
    expect(await draftIn(head, no)).toMatchObject({ opinion: '待委派人答复' });
  });

  test('too long is refused with its place', async () => {
    const { url } = await opened();
    const answer = await put(head, url, { opinion: '字'.repeat(2_001), output: { text: 'x'.repeat(60_000) }, more: 1 });
    expect(answer.status).toBe(422);
    const paths = (answer.body as unknown as { errors: { path: string }[] }).errors.map((one) => one.path);
    expect(paths.sort()).toEqual(['/more', '/opinion', '/output']);
  });
});
