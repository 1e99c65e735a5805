/** Goal: whatever can be done with a task is done over HTTP, with one body for each action, and each list shows at once what it did. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
const people = new Map<string, PersonClient>();

beforeAll(async () => {
  system = await startSystem('actions');
  client = clientOf(system);
  const { lecturer, computingHead, computingDeputy, computingClerk, officeDirector, officeDeputyDirector, student } = demoCast;
  for (const id of [lecturer, computingHead, computingDeputy, computingClerk, officeDirector, officeDeputyDirector, student]) {
    people.set(id, await system.as(id));
  }
});
afterAll(async () => {
  await system?.stop();
});

function as(id: string): PersonClient {
  const found = people.get(id);
  if (found === undefined) throw new Error(`${id} is not signed in`);
  return found;
}

interface Item {
  id: string;
  step: string;
  waiting: boolean;
  claimedBy: { id: string } | null;
  addedBy: string | null;
  handedOn: { opinion: string | null; byName: string } | null;
  draft: { opinion: string | null } | null;
  title: string;
  processName: string;
  applicant: { name: string; unitName: string };
  matterLight: string;
  actions: { action: string }[];
  own: { action: string; opinion: string | null; actedAt: string; coverFor: string | null } | null;
}

async function box(person: string, matter: ContractMatter, name: 'todo' | 'done' | 'read' = 'todo'): Promise<Item[]> {
  const items = await client.all<Item & { matter: string }>(person, `/api/tasks?box=${name}&limit=200`);
  return items.filter((one) => one.matter === matter.no);
}

async function only(person: string, matter: ContractMatter, name: 'todo' | 'done' | 'read' = 'todo'): Promise<Item> {
  const [first, ...more] = await box(person, matter, name);
  if (first === undefined || more.length > 0)
    throw new Error(`${person} has ${more.length + (first ? 1 : 0)} tasks in ${name} of ${matter.no}`);
  return first;
}

function act(person: string, task: string, body: Record<string, unknown>): Promise<Answer> {
  return as(person).post(`/api/tasks/${task}/actions`, body);
}

async function done(person: string, matter: ContractMatter, body: Record<string, unknown>): Promise<ContractMatter> {
  const answer = await act(person, (await only(person, matter)).id, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  // The contract fixes the shape.
  return answer.body as unknown as ContractMatter;
}

const { computingHead, computingDeputy, computingClerk, officeDirector, lecturer, student } = demoCast;
const offered = (item: Item) => item.actions.map((one) => one.action);

describe('a task in a list', () => {
  test('tells whose matter it is and how that stands, not only its own name', async () => {
    const matter = await applyForSeal(client);
    const item = await only(computingHead, matter);
    expect(item).toMatchObject({
      title: matter.title,
      processName: '用印申请',
      applicant: { name: '陈思齐', unitName: '计算机学院' },
      matterLight: 'green',
      waiting: false,
      claimedBy: null,
      draft: null,
      handedOn: null,
    });
    const answer = await as(computingHead).get('/api/tasks');
    expect(answer.body.count).toBeGreaterThanOrEqual(1);
  });
});

describe('转办', () => {
  test('moves the task with the due date, and the draft only on wish', async () => {
    const matter = await applyForSeal(client);
    const before = await only(computingHead, matter);
    const draft = { opinion: '材料齐全,拟同意' };
    await done(computingHead, matter, { action: 'transfer', to: computingDeputy, opinion: '外出开会', draft });
    expect(await box(computingHead, matter)).toEqual([]);
    const after = await only(computingDeputy, matter);
    expect(after).toMatchObject({
      dueAt: (before as Item & { dueAt?: string }).dueAt,
      handedOn: { opinion: '材料齐全,拟同意', byName: '张启明' },
    });
    expect((await only(computingHead, matter, 'done')).own).toMatchObject({
      action: 'transfer',
      opinion: '外出开会',
      coverFor: null,
    });
    await done(computingDeputy, matter, { action: 'agree' });
    expect(await box(officeDirector, matter)).toHaveLength(1);
  });

  test('to somebody whom the school does not know is refused with the place', async () => {
    const matter = await applyForSeal(client);
    const { id } = await only(computingHead, matter);
    const answer = await act(computingHead, id, { action: 'transfer', to: 'p-nobody' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: '/to' }]);
  });
});

describe('委派', () => {
  test('comes back with what the delegate wrote, and decides nothing', async () => {
    const matter = await applyForSeal(client);
    await done(computingHead, matter, { action: 'delegate', to: computingDeputy, opinion: '请先核实' });
    expect((await box(computingHead, matter)).map((one) => one.waiting)).toEqual([true]);
    expect((await only(computingDeputy, matter)).addedBy).toBe('张启明');
    await done(computingDeputy, matter, { action: 'agree', opinion: '已核实' });
    const back = await only(computingHead, matter);
    expect(back).toMatchObject({ waiting: false, handedOn: { opinion: '已核实', byName: '刘臻' } });
    await done(computingHead, matter, { action: 'agree' });
    expect(await box(officeDirector, matter)).toHaveLength(1);
  });
});

describe('加签', () => {
  test('before holds the task until they are for; one can be taken off again', async () => {
    const matter = await applyForSeal(client);
    await done(computingHead, matter, {
      action: 'addSigners',
      people: [computingDeputy, computingClerk],
      position: 'before',
      mode: 'all',
    });
    const held = await only(computingHead, matter);
    expect(held.waiting).toBe(true);
    expect(offered(held)).not.toContain('agree');
    const removed = await act(computingHead, held.id, { action: 'removeSigners', people: [computingClerk] });
    expect(removed.status, JSON.stringify(removed.body)).toBe(200);
    expect(await box(computingClerk, matter)).toEqual([]);
    await done(computingDeputy, matter, { action: 'agree', opinion: '同意' });
    expect((await only(computingHead, matter)).waiting).toBe(false);
  });

  test('of nobody, or in a way that there is not, hears what is possible', async () => {
    const matter = await applyForSeal(client);
    const { id } = await only(computingHead, matter);
    const answer = await act(computingHead, id, { action: 'addSigners', people: [], position: 'above', mode: 'all' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      { path: '/people', message: '请选择人员' },
      { path: '/position', message: '只能是:before、after、beside' },
    ]);
  });
});

describe('取回', () => {
  test('is offered in the done box while nobody has acted after it, and gives the task back', async () => {
    const matter = await applyForSeal(client);
    await done(computingHead, matter, { action: 'agree', opinion: '同意' });
    const mine = await only(computingHead, matter, 'done');
    expect(mine.own).toMatchObject({ action: 'agree', opinion: '同意', coverFor: null });
    expect(offered(mine)).toEqual(['takeBack']);
    const answer = await act(computingHead, mine.id, { action: 'takeBack' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(await box(officeDirector, matter)).toEqual([]);
    await done(computingHead, matter, { action: 'agree' });
    await done(officeDirector, matter, { action: 'agree' });
    const later = (await box(computingHead, matter, 'done')).flatMap(offered);
    expect(later).toEqual([]);
  });
});

describe('传阅 and 征询', () => {
  test('reach people who had nothing to do with the matter, and nothing waits for them', async () => {
    const matter = await applyForSeal(client);
    await done(computingHead, matter, { action: 'circulate', people: [student], opinion: '请阅' });
    const reading = await only(student, matter, 'read');
    expect(offered(reading)).toContain('read');
    const consulted = await act(computingHead, (await only(computingHead, matter)).id, {
      action: 'consult',
      people: [computingClerk],
      opinion: '此函是否已发过?',
    });
    expect(consulted.status, JSON.stringify(consulted.body)).toBe(200);
    const asked = await only(computingClerk, matter);
    expect(offered(asked)).toContain('reply');
    await done(computingClerk, matter, { action: 'reply', opinion: '未发过' });
    await done(computingHead, matter, { action: 'agree' });
    expect(await box(officeDirector, matter)).toHaveLength(1);
    expect((await act(student, reading.id, { action: 'read', opinion: '已阅' })).status).toBe(200);
  });
});

describe('签收', () => {
  test('takes a task of several from the others until it is put back', async () => {
    const [mine, theirs] = [demoCast.financeReviewer, 'p-yan-shuting'];
    for (const id of [mine, theirs]) people.set(id, await system.as(id));
    const matter = await applyForSeal(client, { involvesMoney: true });
    await done(computingHead, matter, { action: 'agree' });
    const { id } = await only(mine, matter);
    expect(await box(theirs, matter)).toHaveLength(1);
    await done(mine, matter, { action: 'claim' });
    expect(await only(mine, matter)).toMatchObject({ claimedBy: { id: mine } });
    expect(await box(theirs, matter)).toEqual([]);
    expect((await act(theirs, id, { action: 'agree' })).status).toBe(409);
    await done(mine, matter, { action: 'release' });
    await done(theirs, matter, { action: 'agree' });
    expect(await box(officeDirector, matter)).toHaveLength(1);
    expect(await box(mine, matter, 'done')).toEqual([]);
  });

  test('is not offered where a task is one person’s anyway', async () => {
    const matter = await applyForSeal(client);
    const item = await only(computingHead, matter);
    expect(offered(item)).not.toContain('claim');
    expect((await act(computingHead, item.id, { action: 'claim' })).status).toBe(409);
  });
});

describe('an action', () => {
  test('that there is not is told which there are', async () => {
    const matter = await applyForSeal(client);
    const { id } = await only(computingHead, matter);
    const answer = await act(computingHead, id, { action: 'approve' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      { path: '/action', message: expect.stringMatching(/^只能是:agree、disagree、.*takeBack.*consult$/) },
    ]);
  });

  test('shows in the matter as a decision of its step, with who, what and when', async () => {
    const matter = await applyForSeal(client);
    const after = await done(computingHead, matter, { action: 'agree', opinion: '同意用印' });
    expect(after).toMatchObject({
      decisions: [
        {
          name: expect.any(String),
          round: 1,
          decisions: [
            { who: { id: computingHead, name: '张启明' }, coverFor: null, action: 'agree', opinion: '同意用印', added: false },
          ],
        },
      ],
      lastReport: null,
      interventions: [],
    });
  });
});

describe('a correction', () => {
  test('says in the history who changed which fields from what to what', async () => {
    const matter = await applyForSeal(client, { copies: 2 });
    await done(computingHead, matter, { action: 'return', to: 'applicant', opinion: '份数请改为3' });
    const mine = await only(lecturer, matter);
    const [complete] = (mine as unknown as { actions: { action: string; output?: { example: Record<string, unknown> } }[] })
      .actions;
    await done(lecturer, matter, {
      action: 'complete',
      output: { ...complete?.output?.example, copies: 3, involvesMoney: true },
    });
    const entries = await client.all<{ kind: string; who: string; text: string; changes: unknown[] }>(
      lecturer,
      `/api/matters/${matter.no}/timeline?limit=2`,
    );
    const corrected = entries.find((one) => one.kind === 'corrected');
    expect(corrected).toMatchObject({
      who: '陈思齐',
      text: '修改后重新提交:用印份数:2 → 3;是否涉及经费:否 → 是',
      changes: [
        { field: 'copies', title: '用印份数', from: '2', to: '3' },
        { field: 'involvesMoney', title: '是否涉及经费', from: '否', to: '是' },
      ],
    });
  });

  test('stands in a history that can be read from either end, each page full', async () => {
    const matter = await applyForSeal(client);
    await done(computingHead, matter, { action: 'agree' });
    const read = async (what: 'timeline' | 'audit', order: string) =>
      (await client.all<{ sequence: number }>(lecturer, `/api/matters/${matter.no}/${what}?limit=2&order=${order}`)).map(
        (one) => one.sequence,
      );
    for (const what of ['timeline', 'audit'] as const) {
      const forwards = await read(what, 'oldest');
      expect(await read(what, 'newest')).toEqual([...forwards].reverse());
      const page = await as(lecturer).get(`/api/matters/${matter.no}/${what}?limit=3`);
      expect((page.body as unknown as { items: unknown[] }).items).toHaveLength(3);
    }
  });
});
