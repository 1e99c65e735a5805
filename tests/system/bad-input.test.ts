/** Goal: whatever is wrong with a request is told clearly, all at once, and nothing is half done. */
import { randomUUID } from 'node:crypto';
import { and, count, eq } from 'drizzle-orm';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sessions } from '../../api/session.ts';
import { saveIntent } from '../../db/intents.ts';
import { intents, journal, matters } from '../../db/schema/index.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';

let system: System;
let lecturer: PersonClient;
let stranger: PersonClient;

beforeAll(async () => {
  system = await startSystem('bad_input');
  lecturer = await system.as(demoCast.lecturer);
  stranger = await system.as(demoCast.otherLecturer);
});
afterAll(async () => {
  await system?.stop();
});

interface Faulty {
  code: string;
  errors?: { path: string; message: string }[];
  matter?: { no: string; status: string; tasks: { id: string; assignees: { id: string }[] }[] };
  no: string;
  status: string;
  tasks: { id: string; assignees: { id: string }[] }[];
}
// Each test looks at the part of the answer that it is about.
const of = (answer: Answer) => answer.body as unknown as Faulty;
const pathsOf = (answer: Answer) => (of(answer).errors ?? []).map((fault) => fault.path).sort();

async function application(): Promise<{ process: string; form: Record<string, unknown> }> {
  const guide = await system.api.api.inject({ method: 'GET', url: '/api/guide/seal-use' });
  return { process: 'seal-use', form: guide.json<{ example: { form: Record<string, unknown> } }>().example.form };
}

async function started(): Promise<Faulty> {
  const answer = await lecturer.post('/api/matters', await application());
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return of(answer);
}

async function howMany(): Promise<number> {
  const rows = await system.api.context.db.select({ count: count() }).from(matters);
  return rows[0]?.count ?? 0;
}

async function refusedAttempts(person: string, target: string): Promise<string[]> {
  const rows = await system.api.context.db
    .select({ code: journal.code })
    .from(journal)
    .where(and(eq(journal.personId, person), eq(journal.target, target)));
  return rows.map((row) => row.code);
}

const token = () => system.api.context.sessions.issue(demoCast.lecturer);

async function raw(payload: string, headers: Record<string, string>, signedIn = true) {
  return system.api.api.inject({
    method: 'POST',
    url: '/api/matters',
    headers: {
      'idempotency-key': randomUUID(),
      ...(signedIn ? { authorization: `Bearer ${await token()}` } : {}),
      ...headers,
    },
    payload,
  });
}

describe('a form with faults', () => {
  test('hears of all five at once, those across fields too', async () => {
    const { process, form } = await application();
    const before = await howMany();
    const answer = await lecturer.post('/api/matters', {
      process,
      form: { ...form, copies: 0, phone: '请致电', docTitle: '', signOff: '别的大学', wantedAt: '2020-01-06T10:00:00+08:00' },
    });
    expect(answer.status).toBe(422);
    expect(of(answer).code).toBe('bad-input');
    // The form as a whole may be called incomplete besides.
    const fields = pathsOf(answer).filter((path) => path !== '/form');
    expect(fields).toEqual(['/form/copies', '/form/docTitle', '/form/phone', '/form/signOff', '/form/wantedAt']);
    for (const fault of of(answer).errors ?? []) expect(fault.message).toMatch(/\p{Script=Han}/u);
    expect(await howMany()).toBe(before);
  });

  test('hears in the same answer what is wrong around the form', async () => {
    const { process, form } = await application();
    const answer = await lecturer.post('/api/matters', {
      process,
      form: { ...form, copies: 0, surplus: 1 },
      attachments: ['no file'],
      urgent: true,
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer)).toEqual(['/attachments/0', '/form/copies', '/form/surplus', '/urgent']);
  });

  test('may not name files that do not exist or are not its own', async () => {
    const { process, form } = await application();
    const missing = 'file-00000000-dead-4bad-8bad-00000000dead';
    const answer = await lecturer.post('/api/matters', {
      process,
      form: { ...form, files: [missing] },
      attachments: [missing],
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer)).toEqual(['/attachments/0', '/form/files/0']);
  });

  test('is refused by a preview in the same words', async () => {
    const { process, form } = await application();
    const body = { process, form: { ...form, copies: 0, signOff: '别的大学' } };
    const preview = await lecturer.post('/api/matters/preview', body);
    const sent = await lecturer.post('/api/matters', body);
    expect(preview.status).toBe(422);
    expect(of(preview).errors).toEqual(of(sent).errors);
  });

  test('of an unknown process is told so', async () => {
    for (const url of ['/api/matters', '/api/matters/preview', '/api/drafts']) {
      const answer = await lecturer.post(url, { process: 'no-such-process', form: {} });
      expect(answer.status, url).toBe(422);
      expect(pathsOf(answer), url).toEqual(['/process']);
    }
    expect((await lecturer.get('/api/guide/no-such-process')).status).toBe(404);
    expect((await lecturer.get('/api/registers/no-such-process')).status).toBe(404);
  });

  test('is told that its process is for others', async () => {
    const guide = await system.api.api.inject({ method: 'GET', url: '/api/guide/instruction-follow-up' });
    const { form } = guide.json<{ example: { form: unknown } }>().example;
    const answer = await lecturer.post('/api/matters', { process: 'instruction-follow-up', form });
    expect(answer.status).toBe(403);
    expect(await refusedAttempts(demoCast.lecturer, 'instruction-follow-up')).toContain('not-allowed');
  });
});

describe('a body', () => {
  test('of 10 MB is too large', async () => {
    const response = await raw(JSON.stringify({ process: 'seal-use', form: { reason: 'x'.repeat(10 * 1024 * 1024) } }), {
      'content-type': 'application/json',
    });
    expect(response.statusCode).toBe(413);
    expect(response.json()).toMatchObject({ code: 'too-large', status: 413 });
  });

  test.each([
    ['that is no JSON', '{"process":', { 'content-type': 'application/json' }],
    ['that is empty', '', { 'content-type': 'application/json' }],
    ['without a content type', '{}', {}],
    ['of another kind', '{}', { 'content-type': 'text/plain' }],
    ['that reaches for a prototype', '{"__proto__":{"admin":true}}', { 'content-type': 'application/json' }],
  ])('%s is unreadable', async (_what, payload, headers) => {
    const response = await raw(payload, headers as Record<string, string>);
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ code: 'unreadable', status: 400 });
  });

  test('is not even read of somebody who is not signed in', async () => {
    const response = await raw('{"process":', { 'content-type': 'application/json' }, false);
    expect(response.statusCode).toBe(401);
  });

  test('with characters that no database keeps is refused, with their place', async () => {
    const { process, form } = await application();
    for (const reason of ['a\u0000b', 'half \ud800 pair']) {
      const answer = await lecturer.post('/api/matters', { process, form: { ...form, reason } });
      expect(answer.status).toBe(422);
      expect(pathsOf(answer)).toEqual(['/form/reason']);
    }
  });

  test('nested without end is refused before anybody walks it', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const response = await raw(`{"process":"seal-use","form":{"reason":${deep}}}`, { 'content-type': 'application/json' });
    expect(response.statusCode).toBe(422);
  });
});

describe('a query', () => {
  test('with unknown words and wrong values hears of all of them', async () => {
    const answer = await lecturer.get('/api/matters?box=theirs&status=lost&limit=0&pages=3');
    expect(answer.status).toBe(422);
    expect(pathsOf(answer)).toEqual(['/box', '/limit', '/pages', '/status']);
  });

  test('with a cursor that we did not make is refused', async () => {
    const urls = ['/api/matters', '/api/tasks', '/api/drafts', '/api/registers/seal-use', '/api/session/people'];
    const zero = Buffer.from(JSON.stringify(['2026-03-02T00:00:00.000Z', 'a\u0000b'])).toString('base64url');
    for (const cursor of ['forged', zero])
      for (const url of urls) expect((await lecturer.get(`${url}?cursor=${cursor}`)).status, url).toBe(422);
  });

  test('for a register whose time runs backwards is refused', async () => {
    expect(pathsOf(await lecturer.get('/api/registers/seal-use?from=2026-03-02&to=2026-03-01'))).toEqual(['/to']);
    expect(pathsOf(await lecturer.get('/api/registers/seal-use?from=yesterday'))).toEqual(['/from']);
  });
});

test('a NUL in an address is told to be in the part where it stands, on every route that is read', async () => {
  const response = await system.api.api.inject({ method: 'GET', url: '/api/openapi.json' });
  const { paths } = response.json<{ paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }> }>();
  const places = Object.entries(paths).flatMap(([path, { get }]) => (get?.parameters ?? []).map((one) => ({ path, ...one })));
  const asked = places.filter((one) => one.in === 'path' || one.in === 'query');
  expect(asked.length).toBeGreaterThan(50);
  for (const { path, name, in: part } of asked) {
    const own = path.replace(`{${name}}`, 'a%00b').replaceAll(/\{\w+\}/g, 'x');
    const answer = await lecturer.get(part === 'path' ? own : `${own}?${name}=a%00b`);
    expect(answer.status, own).toBe(422);
    expect(of(answer).errors).toContainEqual({ path: `/${name}`, message: expect.stringContaining('含有无法保存的字符') });
  }
});

describe('the list of what is overdue', () => {
  test('asked for a unit, process or person that there is not says so instead of being empty', async () => {
    const supervisor = await system.as(demoCast.supervisor);
    const answer = await supervisor.get('/api/supervision/overdue?unit=u-nowhere&process=no-such&person=p-nobody');
    expect(answer.status).toBe(422);
    expect(of(answer).errors).toEqual([
      { path: '/unit', message: expect.stringContaining('没有这个单位') },
      { path: '/process', message: expect.stringMatching(/没有这一流程;现有:.*seal-use/) },
      { path: '/person', message: expect.stringContaining('没有这个人') },
    ]);
    const known = '/api/supervision/overdue?unit=u-office&process=seal-use&person=p-li-xiaoyu';
    expect((await supervisor.get(known)).status).toBe(200);
  });
});

describe('a token', () => {
  const ask = (authorization?: string) =>
    system.api.api.inject({ method: 'GET', url: '/api/tasks', headers: authorization === undefined ? {} : { authorization } });
  const secret = (text: string) => new TextEncoder().encode(text);
  const claims = () =>
    new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(demoCast.lecturer).setIssuedAt().setExpirationTime('1h');

  test('is asked for', async () => {
    expect((await ask()).statusCode).toBe(401);
    expect((await ask('Basic cGlhdTpwaWF1')).statusCode).toBe(401);
    expect((await ask(`Bearer ${await token()}`)).statusCode).toBe(200);
  });

  test('that expired counts for nothing', async () => {
    const expired = await new Sessions(system.config.session.secret, -1).issue(demoCast.lecturer);
    expect((await ask(`Bearer ${expired}`)).statusCode).toBe(401);
  });

  test('of another secret, issuer or no signature counts for nothing', async () => {
    const forged = await new Sessions('another secret that is long enough, too', 60).issue(demoCast.lecturer);
    const foreign = await claims().setIssuer('elsewhere').sign(secret(system.config.session.secret));
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ sub: demoCast.lecturer, iss: 'piban', exp: 9_999_999_999 })}.`;
    for (const one of [forged, foreign, unsigned, 'nonsense']) {
      const response = await ask(`Bearer ${one}`);
      expect(response.statusCode).toBe(401);
      expect(response.json()).toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('of somebody who has left counts for nothing', async () => {
    const left = await system.as(demoCast.retired);
    expect((await left.get('/api/tasks')).status).toBe(401);
  });
});

describe('an Idempotency-Key', () => {
  test('is asked for wherever something is decided', async () => {
    const { tasks, no } = await started();
    const requests: [string, unknown][] = [
      ['/api/matters', await application()],
      [`/api/tasks/${tasks[0]?.id}/actions`, { action: 'agree' }],
      [`/api/matters/${no}/commands`, { type: 'withdraw' }],
    ];
    for (const [url, body] of requests) {
      const answer = await lecturer.post(url, body, null);
      expect(answer.status, url).toBe(400);
      expect(of(answer).code, url).toBe('idempotency-key-missing');
    }
  });

  test('makes the same application the same matter', async () => {
    const body = await application();
    const key = randomUUID();
    const first = await lecturer.post('/api/matters', body, key);
    const again = await lecturer.post('/api/matters', body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(of(again).no).toBe(of(first).no);
  });

  test('makes ten applications at once one matter', async () => {
    const body = await application();
    const key = randomUUID();
    const before = await howMany();
    const answers = await Promise.all(Array.from({ length: 10 }, () => lecturer.post('/api/matters', body, key)));
    expect(answers.map((one) => one.status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map((one) => of(one).no)).size).toBe(1);
    expect(await howMany()).toBe(before + 1);
  });

  test('used again with another body is refused, and nothing new is made', async () => {
    const body = await application();
    const key = randomUUID();
    await lecturer.post('/api/matters', body, key);
    const before = await howMany();
    const other = await lecturer.post('/api/matters', { ...body, form: { ...body.form, copies: 3 } }, key);
    expect(other.status).toBe(422);
    expect(of(other).code).toBe('key-reused');
    expect(await howMany()).toBe(before);
  });

  test('with two bodies at once makes one matter and refuses the other', async () => {
    const body = await application();
    const key = randomUUID();
    const before = await howMany();
    const bodies = [1, 2, 3, 4].map((copies) => ({ ...body, form: { ...body.form, copies } }));
    const answers = await Promise.all(bodies.map((one) => lecturer.post('/api/matters', one, key)));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 422, 422, 422]);
    expect(await howMany()).toBe(before + 1);
  });

  test('is its owner’s: somebody else’s same key is another request', async () => {
    const body = await application();
    const key = randomUUID();
    const mine = await lecturer.post('/api/matters', body, key);
    const theirs = await stranger.post('/api/matters', { ...body, form: { ...body.form, copies: 5 } }, key);
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(of(theirs).no).not.toBe(of(mine).no);
  });
});

describe('a task', () => {
  test('that was acted on already answers 409 with the matter as it stands', async () => {
    const matter = await started();
    const task = matter.tasks[0];
    const head = await system.as(task?.assignees[0]?.id ?? '');
    const url = `/api/tasks/${task?.id}/actions`;
    expect((await head.post(url, { action: 'agree' })).status).toBe(200);
    const again = await head.post(url, { action: 'agree' });
    expect(again.status).toBe(409);
    expect(of(again).code).toBe('task-closed');
    expect(of(again).matter).toMatchObject({ no: matter.no, status: 'open' });
    expect(of(again).matter?.tasks[0]?.id).not.toBe(task?.id);
  });

  test('counts a double click once', async () => {
    const task = (await started()).tasks[0];
    const head = await system.as(task?.assignees[0]?.id ?? '');
    const key = randomUUID();
    const clicks = await Promise.all([1, 2].map(() => head.post(`/api/tasks/${task?.id}/actions`, { action: 'agree' }, key)));
    expect(clicks.map((one) => one.status)).toEqual([200, 200]);
  });

  test('refuses an action that it does not offer', async () => {
    const task = (await started()).tasks[0];
    const head = await system.as(task?.assignees[0]?.id ?? '');
    const answer = await head.post(`/api/tasks/${task?.id}/actions`, { action: 'complete', output: {} });
    expect(answer.status).toBe(409);
    expect(of(answer).code).toBe('action-not-offered');
    const unknown = await head.post(`/api/tasks/${task?.id}/actions`, { action: 'stamp' });
    expect(unknown.status).toBe(422);
    expect(pathsOf(unknown)).toEqual(['/action']);
  });

  test('hears all faults of an action at once', async () => {
    const task = (await started()).tasks[0];
    const head = await system.as(task?.assignees[0]?.id ?? '');
    const answer = await head.post(`/api/tasks/${task?.id}/actions`, {
      action: 'disagree',
      opinion: ' ',
      attachments: ['file-00000000-dead-4bad-8bad-00000000dead'],
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer).map((path) => path.split('/')[1])).toEqual(['attachments', 'opinion']);
  });

  test('of somebody else is refused to the applicant, who knows of it, and noted', async () => {
    const task = (await started()).tasks[0];
    const answer = await lecturer.post(`/api/tasks/${task?.id}/actions`, { action: 'agree' });
    expect(answer.status).toBe(403);
    expect(await refusedAttempts(demoCast.lecturer, task?.id ?? '')).toEqual(['not-allowed']);
  });

  test('of a foreign matter does not exist for a stranger, and the attempt is noted', async () => {
    const { no, tasks } = await started();
    const task = tasks[0]?.id ?? '';
    expect((await stranger.post(`/api/tasks/${task}/actions`, { action: 'agree' })).status).toBe(404);
    expect(await refusedAttempts(demoCast.otherLecturer, task)).toEqual(['task-unknown']);
    for (const url of [`/api/matters/${no}`, `/api/matters/${no}/timeline`, `/api/matters/${no}/audit`]) {
      const answer = await stranger.get(url);
      expect(answer.status, url).toBe(404);
      expect(answer.body, url).toMatchObject({ code: 'matter-unknown' });
    }
    expect((await stranger.post(`/api/matters/${no}/commands`, { type: 'urge' })).status).toBe(404);
    expect(await refusedAttempts(demoCast.otherLecturer, no)).toEqual(Array.from({ length: 4 }, () => 'matter-unknown'));
  });

  test('of no matter at all answers in the same words', async () => {
    expect((await stranger.get('/api/matters/YYSQ-2026-9999')).body.code).toBe('matter-unknown');
    for (const id of ['m-none-1', 'constructor', '__proto__']) {
      expect((await stranger.post(`/api/tasks/${id}/actions`, { action: 'agree' })).status, id).toBe(404);
    }
  });
});

describe('an ended matter', () => {
  test('takes no command', async () => {
    const { no } = await started();
    const withdrawn = await lecturer.post(`/api/matters/${no}/commands`, { type: 'withdraw' });
    expect(withdrawn.body).toMatchObject({ status: 'withdrawn' });
    for (const body of [{ type: 'withdraw' }, { type: 'urge' }, { type: 'comment', text: '还在吗' }]) {
      const answer = await lecturer.post(`/api/matters/${no}/commands`, body);
      expect(answer.status, body.type).toBe(409);
      expect(of(answer).code, body.type).toBe('matter-ended');
      expect(of(answer).matter, body.type).toMatchObject({ no, status: 'withdrawn' });
    }
  });
});

describe('what was taken on', () => {
  test('is carried out although something older can’t be', async () => {
    const { context } = system.api;
    const { no } = await started();
    const [matter] = await context.db.select({ id: matters.id }).from(matters).where(eq(matters.no, no));
    // A workflow that nobody serves never answers.
    const stuck = await context.client.workflow.start('seal-use', {
      workflowId: `stuck-${randomUUID()}`,
      taskQueue: `nobody-${randomUUID()}`,
      args: [{}],
    });
    const take = (matterId: string) => {
      const id = randomUUID();
      const command = { type: 'comment', id, by: { kind: 'person', id: demoCast.lecturer }, bodyHash: id, text: '已收到' };
      return saveIntent(context.db, { id, personId: demoCast.lecturer, matterId, bodyHash: id, payload: command });
    };
    await take(stuck.workflowId);
    await take(matter?.id ?? '');
    const comments = async () => {
      const timeline = await lecturer.get(`/api/matters/${no}/timeline`);
      return (timeline.body as unknown as { items: { text: string }[] }).items.filter((entry) => entry.text === '已收到').length;
    };
    await expect.poll(comments, { timeout: 20_000 }).toBe(1);
    // Once it is done the record has it, and nothing of what was said is kept a second time.
    const kept = () =>
      context.db
        .select({ payload: intents.payload })
        .from(intents)
        .where(eq(intents.matterId, matter?.id ?? ''));
    await expect.poll(kept, { timeout: 20_000 }).toEqual([{ payload: {} }]);
    await stuck.terminate('done with it');
  });
});

describe('an address', () => {
  test('with nothing behind it yet points to where one begins', async () => {
    const response = await system.api.api.inject({ method: 'GET', url: '/' });
    expect(response.statusCode).toBe(200);
    const pointers = response.json<Record<string, string>>();
    expect(pointers).toMatchObject({ guide: '/api/guide', openapi: '/api/openapi.json' });
    for (const url of [pointers.guide, pointers.openapi, pointers.ready]) {
      expect((await system.api.api.inject({ method: 'GET', url: url ?? '' })).statusCode, url).toBe(200);
    }
  });

  test('that does not exist is not found, signed in or not', async () => {
    const response = await system.api.api.inject({ method: 'GET', url: '/api/nowhere' });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found', status: 404, type: 'urn:piban:problem:not-found' });
    expect(response.json<{ requestId: string }>().requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('of the outside contract is there, each of them', async () => {
    const response = await system.api.api.inject({ method: 'GET', url: '/api/openapi.json' });
    const { paths } = response.json<{ paths: Record<string, Record<string, unknown>> }>();
    const wanted = {
      get: [
        'health/live health/ready session/people guide guide/{process} drafts matters matters/{no} matters/{no}/timeline',
        'matters/{no}/audit matters/{no}/sheet matters/{no}/archive tasks supervision/overdue supervision/ledger',
        'supervision/bulletins/{month} supervision/inspections registers/{process} statistics events',
      ],
      post: ['session files matters/preview matters matters/{no}/commands tasks/{id}/actions'],
    };
    const missing = Object.entries(wanted).flatMap(([method, lists]) =>
      lists
        .join(' ')
        .split(' ')
        .filter((path) => paths[`/api/${path}`]?.[method] === undefined),
    );
    expect(missing).toEqual([]);
  });
});
