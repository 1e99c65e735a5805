/** Goal: the console hears of everything once, as it happens, whatever breaks in between. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectApi, type RunningApi } from '../../api/build.ts';
import { connectDatabase, type DatabaseClient } from '../../db/client.ts';
import { tellPeople } from '../../db/notices.ts';
import { outbox } from '../../db/schema/index.ts';
import { createLogger } from '../../runtime/log.ts';
import { EventClient } from '../harness/event-client.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';

const TEACHER = 'p-wang-fang';
const OTHER = 'p-chen-siqi';

let system: System;
let base: string;
let teacher: PersonClient;
let others: DatabaseClient;
beforeAll(async () => {
  system = await startSystem('notices_stream');
  base = await system.api.api.listen({ host: '127.0.0.1', port: 0 });
  teacher = await system.as(TEACHER);
  others = connectDatabase(system.database.url, { connections: 4 });
});
beforeEach(async () => {
  await others.db.delete(outbox);
});
afterAll(async () => {
  await others?.close();
  await system?.stop();
});

async function tokenOf(person: string): Promise<string> {
  return `Bearer ${await system.api.context.sessions.issue(person)}`;
}

async function listen(person = TEACHER, lastEventId?: string, from = base): Promise<EventClient> {
  const client = await EventClient.open(`${from}/api/events`, {
    authorization: await tokenOf(person),
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  });
  await client.until((one) => one.named('hello').length === 1, 'hello');
  return client;
}

function tell(text: string, people: string[] = [TEACHER], deliverAt?: string): Promise<void> {
  const at = new Date().toISOString();
  return others.db.transaction((tx) =>
    tellPeople(tx, { kind: 'commented', people, text, at, ...(deliverAt === undefined ? {} : { deliverAt }) }),
  );
}

/** Begins to tell, and holds its commit back. */
async function tellSlowly(text: string): Promise<() => Promise<void>> {
  let commit: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let written: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    written = resolve;
  });
  const done = others.db.transaction(async (tx) => {
    await tellPeople(tx, { kind: 'commented', people: [TEACHER], text, at: new Date().toISOString() });
    written();
    await held;
  });
  await begun;
  return () => {
    commit();
    return done;
  };
}

const textsOf = (client: EventClient) => client.named('notice').map((one) => one.text);
const texts =
  (...expected: string[]) =>
  (client: EventClient) =>
    expected.every((one) => textsOf(client).includes(one));

/** A second API process, as far as the first one knows. */
async function anotherApi(): Promise<{ api: RunningApi; base: string }> {
  const api = await connectApi(system.config, createLogger(system.config, 'test'));
  return { api, base: await api.api.listen({ host: '127.0.0.1', port: 0 }) };
}

describe('a stream', () => {
  test('tells each what is theirs, soon after it was committed', async () => {
    const [mine, theirs] = await Promise.all([listen(), listen(OTHER)]);
    await tell('给王芳');
    const began = performance.now();
    await mine.until(texts('给王芳'));
    expect(performance.now() - began).toBeLessThan(5_000);
    await tell('给陈思齐', [OTHER]);
    await theirs.until(texts('给陈思齐'));
    expect([textsOf(mine), textsOf(theirs)]).toEqual([['给王芳'], ['给陈思齐']]);
    await Promise.all([mine.close(), theirs.close()]);
  });

  test('tells what was written first and committed last, when it is committed', async () => {
    const client = await listen();
    const commit = await tellSlowly('先写后交');
    await tell('后写先交');
    await client.until(texts('后写先交'));
    await commit();
    await client.until(texts('先写后交'));
    expect(textsOf(client)).toEqual(['后写先交', '先写后交']);
    await client.close();
  });

  test('that comes back loses nothing and hears nothing twice, also what was committed out of order', async () => {
    const first = await listen();
    const commit = await tellSlowly('未交');
    await tell('已看');
    await first.until(texts('已看'));
    await first.close();
    await commit();
    for (let i = 0; i < 5; i += 1) await tell(`离线${i}`);
    const again = await listen(TEACHER, first.lastEventId);
    await tell('回来之后');
    await again.until(texts('回来之后'));
    expect(textsOf(again)).toEqual(['未交', '离线0', '离线1', '离线2', '离线3', '离线4', '回来之后']);
    await again.close();
  });

  test('that breaks in the middle of what it missed goes on there', async () => {
    const first = await listen();
    await first.close();
    await others.db.transaction(async (tx) => {
      const at = new Date().toISOString();
      for (const text of ['甲', '乙', '丙']) await tellPeople(tx, { kind: 'commented', people: [TEACHER], text, at });
    });
    const whole = await EventClient.open(`${base}/api/events?lastEventId=${encodeURIComponent(first.lastEventId)}`, {
      authorization: await tokenOf(TEACHER),
    });
    const places: string[] = [];
    await whole.until((one) => {
      places[one.named('notice').length] ??= one.lastEventId;
      return one.named('notice').length === 3;
    });
    await whole.close();
    // The id after the first of three: made as the server makes it, from the place before and what was sent since.
    const [{ id = 0 } = {}] = whole.named('notice');
    const middle = await listen(TEACHER, `${first.lastEventId}${id}`);
    await tell('丁');
    await middle.until(texts('丁'));
    expect(textsOf(middle)).toEqual(['乙', '丙', '丁']);
    await middle.close();
  });

  test('tells what waits for its hour when the hour has come, once', async () => {
    const first = await listen();
    const due = new Date(Date.now() + 1_500).toISOString();
    await tell('稍后', [TEACHER], due);
    await tell('现在');
    await first.until(texts('现在'));
    expect(textsOf(first)).toEqual(['现在']);
    await first.close();
    const second = await listen(TEACHER, first.lastEventId);
    await second.until(texts('稍后'));
    expect(new Date().toISOString() >= due).toBe(true);
    await second.close();
    const third = await listen(TEACHER, second.lastEventId);
    await tell('再后');
    await third.until(texts('再后'));
    expect([textsOf(second), textsOf(third)]).toEqual([['稍后'], ['再后']]);
    await third.close();
  });

  test('goes on at another process, and at the next one after a restart', async () => {
    const one = await anotherApi();
    const first = await listen(TEACHER, undefined, one.base);
    await tell('一');
    await first.until(texts('一'));
    // As a browser opens one ahead of a request.
    const ahead = connect(Number(new URL(one.base).port), '127.0.0.1');
    await once(ahead, 'connect');
    const began = performance.now();
    await one.api.close();
    expect(performance.now() - began).toBeLessThan(10_000);
    await first.ended;
    expect(first.events.at(-1)).toEqual({ event: 'end', data: { reason: 'closing' } });
    await tell('二');
    const two = await anotherApi();
    const second = await listen(TEACHER, first.lastEventId, two.base);
    const third = await listen(TEACHER, first.lastEventId);
    for (const client of [second, third]) await client.until(texts('二'));
    expect([textsOf(second), textsOf(third)]).toEqual([['二'], ['二']]);
    await Promise.all([second.close(), third.close()]);
    await two.api.close();
  });

  test('says to read everything anew when nobody can tell what was missed', async () => {
    for (const lost of ['nonsense', '9:5:~1~', '999999999999:999999999999:~1764000000000~', '1:1:~1~']) {
      const client = await listen(TEACHER, lost);
      expect(client.named('hello'), lost).toEqual([{ reload: true }]);
      await client.close();
    }
  });

  test('tells whoever a matter concerns that it changed, and whose task is new', async () => {
    const office = clientOf(system);
    const { example } = await office.guide('seal-use');
    const applicant = await listen(example.person);
    const matter = await applyForSeal(office);
    const assignee = matter.tasks[0]?.assignees[0]?.id ?? '';
    await applicant.until((one) => one.named('changed').some((change) => change.matter === matter.no), 'the change');
    const { body } = await (await system.as(assignee)).get('/api/notices?unread=true');
    expect(body.items).toMatchObject([{ kind: 'task-opened', matter: matter.no, task: matter.tasks[0]?.id, readAt: null }]);
    await applicant.close();
  });
});

describe('who may listen', () => {
  test('nobody without a token; a ticket opens one stream and no second', async () => {
    expect((await EventClient.open(`${base}/api/events`)).status).toBe(401);
    const { status, body } = await teacher.post('/api/events/ticket', {});
    expect(status).toBe(201);
    const url = `${base}/api/events?ticket=${body.ticket}`;
    const client = await EventClient.open(url);
    await client.until((one) => one.named('hello').length === 1);
    expect((await EventClient.open(url)).status).toBe(401);
    await tell('凭据');
    await client.until(texts('凭据'));
    await client.close();
  });

  test('six streams of one person, and no seventh until one is closed', async () => {
    const open = await Promise.all(Array.from({ length: 6 }, () => listen(OTHER)));
    const token = await tokenOf(OTHER);
    const seventh = () => EventClient.open(`${base}/api/events`, { authorization: token });
    expect((await seventh()).status).toBe(429);
    await open[0]?.close();
    await expect
      .poll(async () => {
        const client = await seventh();
        await client.close();
        return client.status;
      })
      .toBe(200);
    await Promise.all(open.map((one) => one.close()));
  });

  test('a stream ends with its session', async () => {
    const { api } = system;
    const real = api.context.now;
    // A session of an hour, in the last second of it.
    api.context.now = () => new Date(Date.now() + 3_599_000).toISOString();
    const client = await listen(OTHER);
    api.context.now = real;
    await client.ended;
    expect(client.events.at(-1)).toEqual({ event: 'end', data: { reason: 'session' } });
  });
});

test('the box counts what was not read, pages, and reads one or all', async () => {
  for (let i = 0; i < 5; i += 1) await tell(`第${i}条`);
  await tell('别人的', [OTHER]);
  await tell('以后的', [TEACHER], '2099-01-01T00:00:00.000Z');
  const items = (body: unknown) => (body as { items: { id: number; text: string }[] }).items;
  const first = await teacher.get('/api/notices?limit=3');
  expect([first.body.count, items(first.body).map((one) => one.text)]).toEqual([5, ['第4条', '第3条', '第2条']]);
  const second = await teacher.get(`/api/notices?limit=3&cursor=${first.body.nextCursor}`);
  expect([second.body.nextCursor, items(second.body).map((one) => one.text)]).toEqual([null, ['第1条', '第0条']]);
  const theirs = await (await system.as(OTHER)).get('/api/notices');
  const foreign = items(theirs.body)[0]?.id;
  const read = await teacher.post('/api/notices/read', { ids: [items(first.body)[0]?.id, foreign] });
  expect(read.body).toEqual({ unread: 4 });
  expect((await (await system.as(OTHER)).get('/api/notices')).body.count).toBe(1);
  expect((await teacher.post('/api/notices/read', { all: true })).body).toEqual({ unread: 0 });
  expect(items((await teacher.get('/api/notices?unread=true')).body)).toEqual([]);
});
