/**
 * Goal: an absence, a hand-over and a re-organisation change who sees and acts on open tasks, at once and without losing any; what
 * somebody no longer has to do with, they no longer see.
 * Method: the whole system; seal applications whose first step lies with the head of the applicant's unit; the directory is changed
 * by its own routes.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { workloads } from '../../db/facts.ts';
import { addDays, schoolDate } from '../../definitions/language/calendar.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';
import { demoCalendar } from '../support/school.ts';

const ADMINISTRATOR = 'p-ding-hongyi';
const HEAD_POST = 'head-u-computing';

let system: System;
let head: PersonClient;
let cover: PersonClient;
let next: PersonClient;
let stranger: PersonClient;
let admin: PersonClient;
let applicant: PersonClient;
beforeAll(async () => {
  system = await startSystem('people');
  head = await system.as(demoCast.computingHead);
  cover = await system.as('p-liu-zhen');
  next = await system.as('p-yang-bo');
  stranger = await system.as('p-pu-hui');
  admin = await system.as(ADMINISTRATOR);
  applicant = await system.as(demoCast.lecturer);
});
afterAll(async () => {
  await system?.stop();
});

interface Task {
  id: string;
  matter: string;
  step: string;
  waiting?: boolean;
  assignees: { id: string; reason: string; coverFor?: string }[];
  actions: { action: string }[];
}
interface Matter {
  no: string;
  tasks: Task[];
}

// Each test looks at the part of an answer that it is about; the schemas of the routes check the rest.
const itemsOf = <T>({ body }: Answer): T[] => (body as unknown as { items: T[] }).items;
const matterOf = ({ body }: Answer): Matter => body as unknown as Matter;
const todoOf = async (person: PersonClient, box = 'todo'): Promise<Task[]> =>
  itemsOf<Task>(await person.get(`/api/tasks?box=${box}&limit=200`));
const idsOf = (tasks: readonly Task[]): string[] => tasks.map((task) => task.id);

const involved = async (person: PersonClient): Promise<string[]> =>
  itemsOf<Matter>(await person.get('/api/matters?box=involved&limit=100')).map((matter) => matter.no);

/** The applicant uploads a text of their own. @returns its id. */
async function uploaded(): Promise<string> {
  const boundary = randomUUID();
  const part = 'Content-Disposition: form-data; name="file"; filename="own.txt"\r\nContent-Type: text/plain';
  const response = await system.api.api.inject({
    method: 'POST',
    url: '/api/files',
    headers: {
      authorization: `Bearer ${await system.api.context.sessions.issue(applicant.person)}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: `--${boundary}\r\n${part}\r\n\r\n${randomUUID()}\r\n--${boundary}--\r\n`,
  });
  expect(response.statusCode, response.body).toBe(201);
  return response.json<{ id: string }>().id;
}

const opened = async (person: PersonClient, file: string): Promise<number> => {
  const token = await system.api.context.sessions.issue(person.person);
  const response = await system.api.api.inject({ url: `/api/files/${file}`, headers: { authorization: `Bearer ${token}` } });
  return response.statusCode;
};

/** A seal application of a lecturer of the computing college, whose head must agree first. */
async function applied(attachments: string[] = []): Promise<{ no: string; task: Task }> {
  const guide = await applicant.get('/api/guide/seal-use');
  const { example } = guide.body as unknown as { example: { form: Record<string, unknown> } };
  const answer = await applicant.post('/api/matters', { process: 'seal-use', form: example.form, attachments });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const { no, tasks } = matterOf(answer);
  const task = tasks[0];
  if (task === undefined) throw new Error(`${no} asks nobody`);
  return { no, task };
}

const today = (): string => schoolDate(demoCalendar, new Date().toISOString());

/** Somebody notes their absence, from now until tomorrow evening. @returns its id. */
async function goesAway(person: PersonClient, stands?: string): Promise<string> {
  const answer = await person.post('/api/people/absences', {
    from: new Date().toISOString(),
    to: { date: addDays(today(), 1), half: 'evening' },
    reason: '外出调研',
    ...(stands === undefined ? {} : { cover: stands }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.id);
}

const comesBack = async (person: PersonClient, absence: string): Promise<void> => {
  expect((await person.request('DELETE', `/api/people/absences/${encodeURIComponent(absence)}`)).status).toBe(204);
};

/** Waits until a change to many matters is through. */
async function through(person: PersonClient, answer: Answer): Promise<Record<string, unknown>> {
  expect([200, 202], JSON.stringify(answer.body)).toContain(answer.status);
  const url = `/api/people/changes/${String(answer.body.batch)}`;
  return vi.waitFor(
    async () => {
      const { body } = await person.get(url);
      expect(body.pending).toBe(0);
      return body;
    },
    { timeout: 60_000, interval: 200 },
  );
}

describe('while somebody is away', () => {
  test('who covers their post sees their tasks, old and new, and acts in their place', async () => {
    const old = await applied();
    expect(idsOf(await todoOf(cover))).not.toContain(old.task.id);
    expect((await cover.get(`/api/matters/${old.no}`)).status).toBe(404);
    const absence = await goesAway(head);
    const fresh = await applied();

    const seen = await todoOf(cover);
    expect(idsOf(seen)).toEqual(expect.arrayContaining([old.task.id, fresh.task.id]));
    const mine = seen.find((task) => task.id === old.task.id);
    expect(mine?.assignees.find((one) => one.coverFor === head.person)?.id).toBe(cover.person);
    expect(mine?.actions.map((one) => one.action)).toContain('agree');
    expect(idsOf(await todoOf(head))).toEqual(expect.arrayContaining([old.task.id, fresh.task.id]));
    expect(idsOf(await todoOf(next))).not.toContain(old.task.id);

    expect((await cover.get(`/api/matters/${old.no}`)).status).toBe(200);
    const acted = await cover.post(`/api/tasks/${old.task.id}/actions`, { action: 'agree', opinion: '同意' });
    expect(acted.status, JSON.stringify(acted.body)).toBe(200);
    const audit = itemsOf<{ type: string; facts: { decision?: Record<string, unknown> } }>(
      await applicant.get(`/api/matters/${old.no}/audit`),
    );
    expect(audit.find((one) => one.type === 'TaskActed')?.facts.decision).toMatchObject({
      person: cover.person,
      coverFor: head.person,
    });
    expect(idsOf(await todoOf(cover, 'done'))).toContain(old.task.id);
    // Whose task it was keeps it among the done, and keeps seeing what became of it.
    expect(idsOf(await todoOf(head, 'done'))).toContain(old.task.id);
    expect((await head.get(`/api/matters/${old.no}`)).status).toBe(200);
    expect(await involved(head)).toContain(old.no);

    await comesBack(head, absence);
    expect(idsOf(await todoOf(cover))).not.toContain(fresh.task.id);
    expect((await cover.get(`/api/matters/${fresh.no}`)).status).toBe(404);
    expect((await cover.post(`/api/tasks/${fresh.task.id}/actions`, { action: 'agree' })).status).toBe(404);
    // What was done in somebody's place stays seen by who did it.
    expect((await cover.get(`/api/matters/${old.no}`)).status).toBe(200);
    expect((await head.post(`/api/tasks/${fresh.task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('who stands in reads the papers of the matter and has it in their list, while they do', async () => {
    const file = await uploaded();
    const { no, task } = await applied([file]);
    expect([await opened(head, file), await opened(cover, file)]).toEqual([200, 404]);
    const absence = await goesAway(head);
    expect([await opened(cover, file), await opened(next, file)]).toEqual([200, 404]);
    expect(await involved(cover)).toContain(no);
    expect(await involved(next)).not.toContain(no);
    await comesBack(head, absence);
    expect(await opened(cover, file)).toBe(404);
    expect(await involved(cover)).not.toContain(no);
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('a task that who stands in hands on is done by whose it was too', async () => {
    const { no, task } = await applied();
    const absence = await goesAway(head);
    const order = { action: 'transfer', to: next.person, opinion: '请代为办理' };
    const given = await cover.post(`/api/tasks/${task.id}/actions`, order);
    expect(given.status, JSON.stringify(given.body)).toBe(200);
    await comesBack(head, absence);
    for (const one of [head, cover]) {
      expect(idsOf(await todoOf(one, 'done')), one.person).toContain(task.id);
      expect(await involved(one), one.person).toContain(no);
    }
    const received = (await todoOf(next)).find((one) => one.matter === no);
    expect((await next.post(`/api/tasks/${received?.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('both away: the next in line; back: theirs alone', async () => {
    const { task } = await applied();
    const absences = [await goesAway(head), await goesAway(cover)];
    expect(idsOf(await todoOf(next))).toContain(task.id);
    expect(idsOf(await todoOf(cover))).not.toContain(task.id);
    await comesBack(cover, absences[1] ?? '');
    expect(idsOf(await todoOf(cover))).toContain(task.id);
    expect(idsOf(await todoOf(next))).not.toContain(task.id);
    await comesBack(head, absences[0] ?? '');
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('whom the absence names comes before the covers of the post', async () => {
    const { task } = await applied();
    const absence = await goesAway(head, next.person);
    expect(idsOf(await todoOf(next))).toContain(task.id);
    expect(idsOf(await todoOf(cover))).not.toContain(task.id);
    await comesBack(head, absence);
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('an absence is refused with every fault at once, and one’s own only', async () => {
    const body = {
      person: stranger.person,
      from: { date: '2026-01-05', half: 'afternoon' },
      to: { date: '2026-01-05', half: 'morning' },
      reason: '外出',
      cover: stranger.person,
    };
    const faults = await admin.post('/api/people/absences', body);
    expect(faults.status).toBe(422);
    expect(faults.body.errors).toEqual([
      { path: '/to', message: '结束时间须晚于开始时间' },
      { path: '/cover', message: '本人不能给自己顶岗' },
    ]);
    expect((await head.post('/api/people/absences', body)).status).toBe(403);
  });
});

describe('what lies with people', () => {
  test('a task handed on is done by the giver and to do for the receiver', async () => {
    const { task } = await applied();
    const given = await head.post(`/api/tasks/${task.id}/actions`, {
      action: 'transfer',
      to: cover.person,
      opinion: '请代为办理',
    });
    expect(given.status, JSON.stringify(given.body)).toBe(200);
    expect(idsOf(await todoOf(head, 'done'))).toContain(task.id);
    expect(idsOf(await todoOf(head))).not.toContain(task.id);
    const received = (await todoOf(cover)).find((one) => one.matter === task.matter);
    expect(received?.id).not.toBe(task.id);
    expect((await cover.post(`/api/tasks/${received?.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('a task that waits for a signer before it stays in sight, offers no decision and counts as none to do', async () => {
    const { task } = await applied();
    const countOf = async (person: PersonClient) => (await person.get('/api/tasks?box=todo')).body.count as unknown as number;
    const before = await countOf(head);
    const added = await head.post(`/api/tasks/${task.id}/actions`, {
      action: 'addSigners',
      people: [next.person],
      position: 'before',
      mode: 'all',
      opinion: '请先审核',
    });
    expect(added.status, JSON.stringify(added.body)).toBe(200);
    const held = (await todoOf(head)).find((one) => one.id === task.id);
    expect(held?.actions.map((one) => one.action)).not.toContain('agree');
    expect(await countOf(head)).toBe(before - 1);
    const asked = (await todoOf(next)).find((one) => one.matter === task.matter);
    expect((await next.post(`/api/tasks/${asked?.id}/actions`, { action: 'agree' })).status).toBe(200);
    expect((await todoOf(head)).find((one) => one.id === task.id)?.actions.map((one) => one.action)).toContain('agree');
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('how much each has to do is read for those who are given one of several', async () => {
    const { task } = await applied();
    const loads = await workloads(system.api.context.db, 'seal-use');
    expect(loads[head.person]?.open).toBeGreaterThanOrEqual(1);
    expect(loads[head.person]?.lastAt).toMatch(/Z$/);
    expect((await workloads(system.api.context.db, 'vehicle-use'))[head.person]?.lastAt).toBeNull();
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });
});

describe('a hand-over', () => {
  const order = { from: demoCast.computingHead, to: 'p-liu-zhen', reason: '调离岗位' };

  test('is previewed, moves every open task once, marks it, and shows the giver no more than that it went on', async () => {
    const first = await applied();
    const second = await applied();
    const shown = itemsOf<{ matter: string; from: { id: string }[]; to: { id: string }[]; refused: string | null }>(
      await admin.post('/api/people/hand-over/preview', order),
    );
    expect(shown.map((one) => one.matter)).toEqual(expect.arrayContaining([first.no, second.no]));
    for (const one of shown) expect([one.from.map((p) => p.id), one.to.map((p) => p.id)]).toEqual([[order.from], [order.to]]);
    expect(idsOf(await todoOf(head))).toContain(first.task.id);

    const answer = await admin.post('/api/people/hand-over', order, 'hand over once');
    expect(answer.body.total).toBe(shown.length);
    expect(await through(admin, answer)).toMatchObject({ done: shown.length, refused: [] });
    const again = await admin.post('/api/people/hand-over', order, 'hand over once');
    expect(again.body).toMatchObject({ batch: answer.body.batch, total: shown.length, done: shown.length });
    expect((await admin.post('/api/people/hand-over', { ...order, reason: '别的理由' }, 'hand over once')).status).toBe(422);

    expect(await todoOf(head)).toEqual([]);
    const received = await todoOf(cover);
    expect(received.map((task) => task.matter)).toEqual(expect.arrayContaining([first.no, second.no]));
    const audit = itemsOf<{ type: string }>(await admin.get(`/api/matters/${first.no}/audit`)).map((one) => one.type);
    expect(audit).toEqual(expect.arrayContaining(['AdminIntervened', 'SeatReassigned']));
    expect(itemsOf(await admin.post('/api/people/hand-over/preview', order))).toEqual([]);
    for (const task of received) {
      expect((await cover.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
    }
  });

  test('an old task tells whoever lost it that it went on, and nothing of the matter', async () => {
    const lawHead = await system.as('p-ye-zhiqiu');
    const { task, no } = await applied();
    const moved = await admin.post(`/api/matters/${no}/interventions`, {
      kind: 'reassign',
      task: task.id,
      people: [lawHead.person],
      reason: '误派',
    });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    const theirs = (await todoOf(lawHead)).find((one) => one.matter === no);
    const back = await admin.post(`/api/matters/${no}/interventions`, {
      kind: 'reassign',
      task: theirs?.id,
      people: [head.person],
      reason: '改回',
    });
    expect(back.status, JSON.stringify(back.body)).toBe(200);
    expect((await lawHead.get(`/api/matters/${no}`)).status).toBe(404);
    const stale = await lawHead.post(`/api/tasks/${theirs?.id}/actions`, { action: 'agree' });
    expect(stale.status).toBe(409);
    expect(stale.body.matter).toEqual({ no, status: 'open', actedBy: null, action: null, at: expect.any(String) });
    const [task2] = (await todoOf(head)).filter((one) => one.matter === no);
    expect((await head.post(`/api/tasks/${task2?.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('tells of each matter that refuses why', async () => {
    const { no, task } = await applied();
    // Nobody decides on what they applied for.
    const wrong = { ...order, to: applicant.person };
    const shown = itemsOf<{ matter: string; refused: string | null }>(await admin.post('/api/people/hand-over/preview', wrong));
    const why = shown.find((one) => one.matter === no)?.refused;
    expect(why).toContain('申请人');
    const body = await through(admin, await admin.post('/api/people/hand-over', wrong));
    expect(body.refused).toContainEqual({ matter: no, code: 'bad-input', message: why });
    expect((await head.post(`/api/tasks/${task.id}/actions`, { action: 'agree' })).status).toBe(200);
  });

  test('is refused to whoever is no administrator, and for people who are not there', async () => {
    expect((await head.post('/api/people/hand-over', order)).status).toBe(403);
    const wrong = await admin.post('/api/people/hand-over', { from: 'p-nobody', to: 'p-nobody', reason: '离职' });
    expect(wrong.body.errors).toEqual([
      { path: '/from', message: '学校人员名录中没有p-nobody' },
      { path: '/to', message: '不能交接给本人' },
      { path: '/to', message: '学校人员名录中没有p-nobody' },
    ]);
  });
});

describe('the directory', () => {
  test('a post names no holder as its own cover, nobody unknown, and keeps its dates', async () => {
    const answer = await admin.request('PUT', `/api/people/posts/${HEAD_POST}`, {
      holders: [
        { person: head.person, from: '2024-01-01', to: '2023-01-01' },
        { person: next.person, from: '2024-01-01' },
      ],
      covers: [next.person, 'p-nobody', 'p-nobody'],
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      { path: '/holders/0/to', message: '任职的最后一天不能早于第一天' },
      { path: '/covers/0', message: '岗位的在任人员不能给自己顶岗,请另选他人' },
      { path: '/covers/1', message: '学校人员名录中没有p-nobody' },
      { path: '/covers/2', message: '学校人员名录中没有p-nobody' },
      { path: '/covers/2', message: '同一人重复列为顶岗人员' },
    ]);
    expect((await head.get('/api/people/posts')).status).toBe(403);
  });

  test('everybody finds people in it, and only administrators see qualifications and change it', async () => {
    const { body, status } = await stranger.get('/api/people?q=p-liu-zhen');
    expect(status).toBe(200);
    const [found] = (body as unknown as { items: Record<string, unknown>[] }).items;
    expect(found).toMatchObject({ id: 'p-liu-zhen', name: expect.any(String), away: false, posts: expect.any(Array) });
    expect(found).not.toHaveProperty('capabilities');
    const [whole] = itemsOf<Record<string, unknown>>(await admin.get('/api/people?q=p-liu-zhen'));
    expect(whole).toHaveProperty('capabilities');
    expect((await stranger.request('PUT', '/api/people/p-liu-zhen', { active: false })).status).toBe(403);
  });

  test('lists come in pages', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await admin.get(`/api/people/posts?limit=20${cursor}`);
      ids.push(...(body as unknown as { items: { id: string }[] }).items.map((one) => one.id));
      cursor = body.nextCursor === null ? '' : `&cursor=${String(body.nextCursor)}`;
    } while (cursor !== '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(HEAD_POST);
    const found = itemsOf<{ id: string; posts: { id: string }[] }>(
      await admin.get(`/api/people?q=${encodeURIComponent('张启明')}`),
    );
    expect(found.length).toBeLessThanOrEqual(1);
  });

  test('somebody who has left signs in no more, and the last administrator can’t leave', async () => {
    expect((await admin.request('PUT', '/api/people/p-pu-hui', { active: false })).status).toBe(200);
    expect((await stranger.get('/api/tasks')).status).toBe(401);
    expect((await admin.request('PUT', '/api/people/p-pu-hui', { active: true })).status).toBe(200);
    expect((await stranger.get('/api/tasks')).status).toBe(200);
    const last = await admin.request('PUT', `/api/people/${ADMINISTRATOR}`, { active: false });
    expect(last.body.errors).toEqual([{ path: '/active', message: '全校至少须有一名在任的流程管理员,请先指定他人' }]);
  });
});

describe('a re-organisation', () => {
  test('a new head gets the open tasks of their unit, as the preview said', async () => {
    const { no, task } = await applied();
    const changed = await admin.request('PUT', '/api/people/units/u-computing/head', { head: next.person });
    expect(changed.body.heads).toEqual([{ id: next.person, name: expect.any(String) }]);
    // Nothing moves by itself.
    expect(idsOf(await todoOf(head))).toContain(task.id);

    const order = { reason: '学院换届', units: ['u-computing'] };
    const shown = itemsOf<{ matter: string; step: string; from: { id: string }[]; to: { id: string }[] }>(
      await admin.post('/api/people/refresh/preview', order),
    );
    expect(shown.filter((one) => one.matter === no).map(({ from, to }) => [from[0]?.id, to[0]?.id])).toEqual([
      [head.person, next.person],
    ]);
    expect(await through(admin, await admin.post('/api/people/refresh', order))).toMatchObject({ refused: [] });
    expect(idsOf(await todoOf(head))).not.toContain(task.id);
    const moved = (await todoOf(next)).find((one) => one.matter === no);
    expect((await next.post(`/api/tasks/${moved?.id}/actions`, { action: 'agree' })).status).toBe(200);
    expect(itemsOf(await admin.post('/api/people/refresh/preview', order))).toEqual([]);
  });

  test('a unit that is put into another is headed by its head, and what was applied for goes on', async () => {
    const { no } = await applied();
    const merged = await admin.post('/api/people/units/u-computing/merge', { into: 'u-science' });
    expect(merged.status, JSON.stringify(merged.body)).toBe(200);
    const scienceHead = (merged.body as unknown as { heads: { id: string }[] }).heads[0]?.id ?? '';
    await through(admin, await admin.post('/api/people/refresh', { reason: '学院合并' }));
    const theirs = (await todoOf(await system.as(scienceHead))).filter((one) => one.matter === no);
    expect(theirs).toHaveLength(1);
    const below = await admin.post('/api/people/units/u-science/merge', { into: 'u-computing' });
    expect(below.body.errors).toEqual([{ path: '/into', message: '不能并入自己的下属单位' }]);
  });
});
