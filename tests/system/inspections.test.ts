/**
 * Goal: an inspection goes over all open items of a topic or over a sample that can be drawn again; what is found is recorded with
 * evidence, may be objected to, and leads to accountability after several failures on end; a topic's rounds open by themselves.
 * Method: the whole system; instructions are followed up by their own process, topics are made by their own routes.
 */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectionsDuty } from '../../activities/inspections.ts';
import { outbox } from '../../db/schema/index.ts';
import { createLogger } from '../../runtime/log.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';

let system: System;
let supervisor: PersonClient;
let director: PersonClient;
let head: PersonClient;
let lecturer: PersonClient;
beforeAll(async () => {
  system = await startSystem('inspections');
  supervisor = await system.as(demoCast.supervisor);
  director = await system.as(demoCast.officeDirector);
  lecturer = await system.as(demoCast.lecturer);
});
afterAll(async () => {
  await system?.stop();
});

// Each test looks at the part of an answer that it is about; the schemas of the routes check the rest.
interface Item {
  matter: { no: string };
  leadUnit: { id: string } | null;
  result: string;
  failuresOnEnd: number;
}
const items = <T>({ body }: Answer): T[] => (body as unknown as { items: T[] }).items;

/** A follow-up as its guide shows it, with another summary so that it counts as another matter. */
async function followUp(title: string): Promise<string> {
  const client = clientOf(system);
  const guide = await client.guide('instruction-follow-up');
  const { example } = guide;
  const applicant = await system.as(example.person);
  const form = { ...example.form, title, sourceNo: `来文〔2026〕${title}` };
  const answer = await applicant.post('/api/matters', {
    process: 'instruction-follow-up',
    form,
    attachments: example.attachments,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return (answer.body as unknown as { no: string }).no;
}

/** Finds something on every item of a round, unless it was found already, and closes it. */
async function closed(id: string): Promise<void> {
  for (const one of await itemsOf(id)) if (one.result === 'pending') await record(id, one.matter.no, 'excused');
  const answer = await supervisor.post(`/api/supervision/inspections/${id}/close`, {});
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function opened(
  body: Record<string, unknown>,
  key?: string,
): Promise<{ id: string; round: number; counts: { pending: number } }> {
  const answer = await supervisor.post('/api/supervision/inspections', body, key);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as unknown as { id: string; round: number; counts: { pending: number } };
}

const itemsOf = async (id: string): Promise<Item[]> =>
  items<Item>(await supervisor.get(`/api/supervision/inspections/${id}/items?limit=200`));

const record = (id: string, no: string, result: string, by = supervisor): Promise<Answer> =>
  by.request('PUT', `/api/supervision/inspections/${id}/items/${no}`, { result, finding: `现场查看:${result}` });

describe('an inspection', () => {
  let numbers: string[];
  let topic: string;
  beforeAll(async () => {
    numbers = [];
    for (const title of ['校园道路整修', '实验室安全整改', '学生宿舍空调']) numbers.push(await followUp(title));
    const made = await supervisor.post('/api/supervision/topics', {
      name: '安全整改专项',
      supervisor: demoCast.supervisor,
      basis: '校长办公会纪要第3期',
      inspectEveryMonths: 2,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    topic = (made.body as unknown as { id: string }).id;
    const put = await supervisor.request('PUT', `/api/supervision/topics/${topic}/matters`, { matters: numbers.slice(0, 2) });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    const { id } = await opened({ kind: 'round', criteria: {}, title: '预备' });
    const [first] = await itemsOf(id);
    await closed(id);
    const unit = first?.leadUnit?.id ?? '';
    const world = await system.api.context.cache.now(system.api.context.db);
    const post = Object.values(world.directory.posts).find((one) => one.role === 'unit-head' && one.unit === unit);
    head = await system.as(post?.holders[0]?.person ?? '');
  });

  test('of a topic goes over its open items, and the next is its second round', async () => {
    const first = await opened({ kind: 'round', criteria: { topic } });
    expect((await itemsOf(first.id)).map((one) => one.matter.no)).toEqual(numbers.slice(0, 2).sort());
    const tooEarly = await supervisor.post('/api/supervision/inspections', { kind: 'round', criteria: { topic } });
    expect(tooEarly).toMatchObject({ status: 409, body: { code: 'too-early' } });
    await closed(first.id);
    const second = await opened({ kind: 'round', criteria: { topic } });
    expect([first.round, second.round]).toEqual([1, 2]);
    await closed(second.id);
  });

  test('asked for twice under one key is opened once', async () => {
    const body = { kind: 'spot-check', sampleSize: 1, criteria: {} };
    const [one, two] = [await opened(body, 'same key'), await opened(body, 'same key')];
    expect(two.id).toBe(one.id);
  });

  test('by sample keeps seed and population, and drawing again gives the same', async () => {
    const { id } = await opened({ kind: 'spot-check', sampleSize: 2, criteria: {} });
    const { body } = await supervisor.get(`/api/supervision/inspections/${id}/draw`);
    const drawn = body as unknown as { population: string[]; drawn: string[]; recorded: string[]; matches: boolean };
    expect(drawn.population).toEqual([...numbers].sort());
    expect(drawn).toMatchObject({ matches: true });
    expect([...drawn.drawn].sort()).toEqual(drawn.recorded);
    expect(drawn.drawn).toHaveLength(2);
  });

  test('larger than what there is, or of an unknown unit, is refused with every fault at once', async () => {
    const answer = await supervisor.post('/api/supervision/inspections', {
      kind: 'spot-check',
      sampleSize: 100,
      criteria: { unit: 'u-nowhere' },
    });
    expect(answer.status).toBe(422);
    expect((answer.body.errors as unknown as { path: string }[]).map((one) => one.path)).toEqual(['/criteria/unit', '/criteria']);
  });

  test('is nothing for a lecturer, and for a head only what their unit leads', async () => {
    const { id } = await opened({ kind: 'round', criteria: {} });
    expect((await lecturer.get('/api/supervision/inspections')).status).toBe(403);
    expect((await lecturer.post('/api/supervision/inspections', { kind: 'round' })).status).toBe(403);
    const seen = items<Item>(await head.get(`/api/supervision/inspections/${id}/items`));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((one) => head.person !== '' && one.leadUnit !== null)).toBe(true);
    expect((await record(id, numbers[0] ?? '', 'passed', head)).status).toBe(403);
    await closed(id);
  });

  test('that failed three times on end may lead to accountability, which stands in the journal; who still fails is listed', async () => {
    const no = numbers[0] ?? '';
    const url = (id: string) => `/api/supervision/inspections/${id}/items/${no}/accountability`;
    const measure = { measure: 'accountability', text: '连续三轮未整改到位' };
    const rounds: string[] = [];
    for (const round of [1, 2, 3]) {
      const { id } = await opened({ kind: 'round', criteria: { topic } });
      const answer = await record(id, no, 'failed');
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect((answer.body as unknown as Item).failuresOnEnd).toBe(round);
      const held = await director.post(url(id), measure);
      expect(held.status, JSON.stringify(held.body)).toBe(round < 3 ? 409 : 200);
      const stranger = await director.post(url(id), { measure: 'reminder', text: '提醒', person: lecturer.person });
      expect(stranger).toMatchObject({ status: 422, body: { errors: [{ path: '/person' }] } });
      rounds.push(id);
      await closed(id);
    }
    const failing = items<{ matter: { no: string }; failuresOnEnd: number }>(
      await supervisor.get('/api/supervision/failing?rounds=3'),
    );
    expect(failing).toMatchObject([{ matter: { no }, failuresOnEnd: 3 }]);
    const kept = items<{ person: { id: string } }>(await director.get('/api/supervision/accountabilities'));
    expect(kept).toMatchObject([{ person: { id: head.person } }]);
    // Outside office hours they wait for the morning.
    const told = await system.api.context.db.select().from(outbox).where(eq(outbox.personId, head.person));
    expect(told.filter((one) => one.kind === 'inspected').map((one) => one.text)).toContainEqual(
      expect.stringContaining(`${no}督查不合格(连续3轮)`),
    );
    // What is upheld of the first round leaves two failures on end, and while it waits nobody is held accountable.
    const [first, , third] = rounds;
    const base = `/api/supervision/inspections/${first}/items/${no}/objection`;
    expect((await head.post(base, { text: '当时正在验收' })).status).toBe(200);
    expect((await director.post(url(third ?? ''), measure)).status).toBe(409);
    expect((await director.post(`${base}/decision`, { upheld: true, answer: '属实' })).status).toBe(200);
    const after = (await itemsOf(third ?? '')).find((one) => one.matter.no === no);
    expect(after?.failuresOnEnd).toBe(2);
    expect((await director.post(url(third ?? ''), measure)).status).toBe(409);
  });

  test('may be objected to by the unit; the decision of somebody not involved makes it pass', async () => {
    const no = numbers[1] ?? '';
    const { id } = await opened({ kind: 'round', criteria: { topic } });
    const base = `/api/supervision/inspections/${id}/items/${no}`;
    expect((await head.post(`${base}/objection`, { text: '尚未查看现场' })).status).toBe(409);
    await record(id, no, 'failed');
    expect((await supervisor.post(`${base}/objection`, { text: '代为提出' })).status).toBe(403);
    expect((await head.post(`${base}/objection`, { text: '整改已完成,附照片' })).status).toBe(200);
    expect((await director.post(`${base}/accountability`, { measure: 'reminder', text: '提醒' })).status).toBe(409);
    expect((await supervisor.post(`${base}/objection/decision`, { upheld: true, answer: '同意' })).status).toBe(403);
    const decided = await director.post(`${base}/objection/decision`, { upheld: true, answer: '复查属实' });
    expect(decided.body).toMatchObject({ result: 'passed', failuresOnEnd: 0, objection: { upheld: true } });
    expect((await record(id, no, 'failed')).status).toBe(409);
    await closed(id);
  });

  test('closes only when every item has a finding', async () => {
    const { id } = await opened({ kind: 'round', criteria: { topic } });
    expect((await supervisor.post(`/api/supervision/inspections/${id}/close`, {})).status).toBe(409);
    for (const no of numbers.slice(0, 2)) await record(id, no, 'passed');
    const closed = await supervisor.post(`/api/supervision/inspections/${id}/close`, {});
    expect(closed.status, JSON.stringify(closed.body)).toBe(200);
    expect((await record(id, numbers[0] ?? '', 'failed')).status).toBe(409);
  });

  test('of a topic that is due opens by itself once, and the next is set two months on', async () => {
    const { db, cache } = system.api.context;
    const means = { db, cache, log: createLogger(system.config, 'test') };
    const before = items<{ id: string }>(
      await supervisor.get(`/api/supervision/inspections?topic=${topic}&kind=round&limit=200`),
    );
    const { body } = await supervisor.get(`/api/supervision/topics/${topic}`);
    const next = (body as unknown as { nextInspectionOn: string }).nextInspectionOn;
    await inspectionsDuty(means, `${next}T01:00:00.000Z`);
    await inspectionsDuty(means, `${next}T02:00:00.000Z`);
    const after = items<{ id: string; openedBy: unknown }>(
      await supervisor.get(`/api/supervision/inspections?topic=${topic}&kind=round&limit=200`),
    );
    expect(after.length).toBe(before.length + 1);
    expect(after[0]).toMatchObject({ openedBy: null });
    const again = (await supervisor.get(`/api/supervision/topics/${topic}`)).body as unknown as { nextInspectionOn: string };
    expect(again.nextInspectionOn > next).toBe(true);
  });
});
