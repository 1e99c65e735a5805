/** Goal: an administrator can put right what the flow can't, with a reason, and it stays to be seen for ever; nobody else can. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal, matters } from '../../db/schema/index.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
let administrator: PersonClient;

beforeAll(async () => {
  system = await startSystem('interventions');
  client = clientOf(system);
  administrator = await system.as(demoCast.administrator);
});
afterAll(async () => {
  await system?.stop();
});

const urlOf = (matter: ContractMatter) => `/api/matters/${matter.no}/interventions`;
const taskOf = (matter: ContractMatter) => matter.tasks[0] as ContractMatter['tasks'][number] & { visit: string };
const step = (matter: ContractMatter, body: Record<string, unknown>): Promise<Answer> => administrator.post(urlOf(matter), body);

interface Marked extends ContractMatter {
  interventions: { kind: string; name: string; reason: string }[];
}
const matterIn = (answer: Answer): Marked => {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  // The contract fixes the shape.
  return answer.body as unknown as Marked;
};

describe('an intervention', () => {
  test('is refused to everybody else, and the attempt is noted', async () => {
    const matter = await applyForSeal(client);
    for (const person of [demoCast.lecturer, demoCast.computingHead, demoCast.otherLecturer, demoCast.president]) {
      const answer = await (await system.as(person)).post(urlOf(matter), { kind: 'terminate', reason: '不想办了' });
      expect(answer.status, person).toBe(403);
      const noted = await system.api.context.db.select().from(journal).where(eq(journal.personId, person));
      expect(noted.map((one) => [one.target, one.code])).toContainEqual([urlOf(matter), 'forbidden']);
    }
    expect((await client.matter(demoCast.lecturer, matter.no)).status).toBe('open');
  });

  test('without a reason, or of a kind that there is not, hears what is wrong', async () => {
    const matter = await applyForSeal(client);
    expect((await step(matter, { kind: 'skip', visit: taskOf(matter).visit })).body.errors).toEqual([
      { path: '/reason', message: '请填写' },
    ]);
    expect((await step(matter, { kind: 'abolish', reason: '多余' })).body.errors).toEqual([
      { path: '/kind', message: '只能是:reassign、rewind、skip、terminate、hand-over、move' },
    ]);
  });

  test('gives a task to other people, and is marked', async () => {
    const matter = await applyForSeal(client);
    const answer = await step(matter, {
      kind: 'reassign',
      task: taskOf(matter).id,
      people: [demoCast.computingDeputy],
      reason: '院长长期出国',
    });
    const after = matterIn(answer);
    expect(taskOf(after).assignees.map((one) => one.id)).toEqual([demoCast.computingDeputy]);
    expect(after.interventions).toMatchObject([{ kind: 'reassign', name: '丁弘毅', reason: '院长长期出国' }]);
    const seen = (await client.matter(demoCast.lecturer, matter.no)) as Marked;
    expect(seen.interventions).toHaveLength(1);
    const timeline = await client.timeline(demoCast.lecturer, matter.no);
    expect(timeline.filter((one) => one.text.includes('指派')).length).toBeGreaterThan(0);
  });

  test('passes over a step, goes back to it, and ends the matter', async () => {
    const matter = await applyForSeal(client);
    const first = taskOf(matter).step;
    const skipped = matterIn(await step(matter, { kind: 'skip', visit: taskOf(matter).visit, reason: '院系合并中' }));
    expect(taskOf(skipped).step).toBe('office');
    const back = matterIn(await step(matter, { kind: 'rewind', to: first, reason: '合并已完成' }));
    expect(taskOf(back).step).toBe(first);
    const over = matterIn(await step(matter, { kind: 'terminate', reason: '重复申请' }));
    expect(over.status).toBe('terminated');
    expect(over.interventions.map((one) => one.kind)).toEqual(['skip', 'rewind', 'terminate']);
    expect((await step(matter, { kind: 'terminate', reason: '再次' })).status).toBe(409);
  });

  test('moves the tasks of somebody who leaves to somebody else', async () => {
    const matter = await applyForSeal(client);
    const answer = await step(matter, {
      kind: 'hand-over',
      from: demoCast.computingHead,
      to: demoCast.computingDeputy,
      reason: '院长离任',
    });
    expect(taskOf(matterIn(answer)).assignees.map((one) => one.id)).toEqual([demoCast.computingDeputy]);
  });

  test('moves no matter back to an older version of its process', async () => {
    const matter = await applyForSeal(client);
    const answer = await step(matter, { kind: 'move', version: 1, reason: '试行期内按原办法办理' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).toContain('只能迁移到更新的版本');
    const row = system.api.context.db.select({ version: matters.version }).from(matters).where(eq(matters.no, matter.no));
    expect(await row).toEqual([{ version: 2 }]);
  });
});
