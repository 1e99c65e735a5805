/** Goal: whatever is sent to any address, people are answered in their own words, and no date makes the platform stumble. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter, Guide } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
let administrator: PersonClient;
let guides: Guide[];

beforeAll(async () => {
  system = await startSystem('words');
  client = clientOf(system);
  administrator = await system.as(demoCast.administrator);
  guides = await client.guides();
});
afterAll(async () => {
  await system?.stop();
});

/** The parts of a JSON Schema that these tests look at. */
interface Schema {
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Fault {
  path: string;
  message: string;
}

const PROGRAMMERS = /undefined|正则|record|string|number|null|NaN|Invalid|[oO]bject|boolean|array|期望(?!用印时间)/;
const WRONG: unknown[] = [null, 1, -0.5, true, '', 'z', '字'.repeat(6_000), [], [1], ['z'], {}, { a: 1 }];

/** Bodies that have something wrong in one place, or everywhere. */
function wrongBodies(schema: Schema): unknown[] {
  const kinds = schema.oneOf ?? schema.anyOf ?? [schema];
  const bodies: unknown[] = [{}, [], { type: 'x', action: 'x', kind: 'x' }];
  for (const { properties = {} } of kinds) {
    const fixed = Object.fromEntries(
      Object.entries(properties).flatMap(([key, one]) => {
        const word = one.const ?? (['type', 'action', 'kind'].includes(key) ? one.enum?.[0] : undefined);
        return word === undefined ? [] : [[key, word]];
      }),
    );
    bodies.push(fixed);
    for (const key of Object.keys(properties)) for (const value of WRONG) bodies.push({ ...fixed, [key]: value });
    for (const value of WRONG)
      bodies.push({ ...Object.fromEntries(Object.keys(properties).map((key) => [key, value])), ...fixed });
  }
  return bodies;
}

async function operations(): Promise<{ method: 'GET' | 'POST' | 'PUT'; url: string; operation: Operation }[]> {
  const { paths } = (await administrator.get('/api/openapi.json')).body as unknown as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    (['get', 'post', 'put'] as const).flatMap((method) => {
      const operation = methods[method];
      const url = path.replaceAll(/\{[^}]+\}/g, 'nothing');
      // Upper case of a known word is the word in upper case.
      return operation === undefined ? [] : [{ method: method.toUpperCase() as 'GET' | 'POST' | 'PUT', url, operation }];
    }),
  );
}

describe('an answer to something wrong', () => {
  test('in any body of any address is in people’s words, field by field', async () => {
    const told = new Map<string, string>();
    let bodies = 0;
    for (const { method, url, operation } of await operations()) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (schema === undefined || method === 'GET') continue;
      for (const body of wrongBodies(schema)) {
        const answer = await administrator.request(method, url, body);
        expect(answer.status, `${method} ${url} ${JSON.stringify(body).slice(0, 200)}`).toBeLessThan(500);
        bodies += 1;
        for (const { message } of (answer.body.errors ?? []) as Fault[]) told.set(message, `${method} ${url}`);
      }
    }
    expect(bodies).toBeGreaterThan(300);
    expect([...told].filter(([message]) => PROGRAMMERS.test(message) || !/\p{Script=Han}/u.test(message))).toEqual([]);
  });

  test('in any query is in people’s words', async () => {
    const told = new Map<string, string>();
    for (const { method, url, operation } of await operations()) {
      // A stream that is let in goes on for ever; its own tests look at what it refuses.
      if (method !== 'GET' || url === '/api/events') continue;
      for (const { name } of (operation.parameters ?? []).filter((one) => one.in === 'query')) {
        for (const value of ['', 'z', '-1', '1.5', 'z'.repeat(500)]) {
          const answer = await administrator.get(`${url}?${name}=${value}`);
          expect(answer.status < 500, `${url}?${name}=${value}`).toBe(true);
          for (const { message } of (answer.body.errors ?? []) as Fault[]) told.set(message, `${url}?${name}=${value}`);
        }
      }
    }
    expect(told.size).toBeGreaterThan(5);
    expect([...told].filter(([message]) => PROGRAMMERS.test(message) || !/\p{Script=Han}/u.test(message))).toEqual([]);
  });
});

/** The places of dates in a schema, as lists of keys. */
function datesIn(schema: Schema, at: string[] = []): { at: string[]; instant: boolean }[] {
  if (schema.format === 'date' || schema.format === 'date-time') return [{ at, instant: schema.format === 'date-time' }];
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => datesIn(one, [...at, key]));
}

function withDate(value: unknown, at: string[], date: string): unknown {
  const [key, ...rest] = at;
  if (key === undefined) return date;
  const held = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return { ...held, [key]: withDate(held[key], rest, date) };
}

const written = (year: string, instant: boolean) => (instant ? `${year}-06-30T10:00:00+08:00` : `${year}-06-30`);
const faultAt = (body: Record<string, unknown>, path: string) =>
  ((body.errors ?? []) as Fault[]).find((one) => one.path === path)?.message;

describe('a date', () => {
  test('in a year that no calendar knows is refused with the years that it may lie in, in every form', async () => {
    let tried = 0;
    for (const { id, form: schema, example } of guides) {
      const applicant = await system.as(example.person);
      for (const { at, instant } of datesIn(schema)) {
        for (const year of ['0001', '1999', '2101', '2199', '9999']) {
          const form = withDate(example.form, at, written(year, instant));
          for (const url of ['/api/matters/preview', '/api/matters']) {
            const { status, body } = await applicant.post(url, { process: id, form });
            expect(status, `${id} ${at.join('/')} ${year}`).toBe(422);
            expect(faultAt(body, `/form/${at.join('/')}`)).toMatch(/应在2000年至2100年之间$/);
            tried += 1;
          }
        }
        for (const year of ['2000', '2100']) {
          const form = withDate(example.form, at, written(year, instant));
          const { status } = await applicant.post('/api/matters/preview', { process: id, form });
          expect([200, 422], `${id} ${at.join('/')} ${year}`).toContain(status);
        }
      }
    }
    expect(tried).toBeGreaterThan(60);
  });

  test('in such a year is refused in every output too', async () => {
    const seen = new Set<string>();
    for (const { id } of guides) {
      const { example } = await client.guide(id);
      let matter: ContractMatter = await client.apply(id, example);
      while (matter.status === 'open' || matter.status === 'suspended') {
        if (matter.tasks.length > 0) await refuseDates(matter, seen);
        matter = await client.step(matter);
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(2);
  });

  async function refuseDates(matter: ContractMatter, seen: Set<string>): Promise<void> {
    const open = matter.tasks[0];
    const person = open?.assignees[0]?.id ?? '';
    if (open === undefined) throw new Error(`${matter.no} (${matter.process}) is ${matter.status} and asks nobody`);
    const task = (await client.matter(person, matter.no)).tasks.find((one) => one.id === open.id);
    const output = task?.actions.find((one) => one.action === 'complete')?.output;
    for (const { at, instant } of datesIn((output?.schema ?? {}) as Schema)) {
      seen.add(`${matter.process} ${task?.step} ${at.join('/')}`);
      for (const year of ['0001', '2199', '9999']) {
        const answer = await (await system.as(person)).post(`/api/tasks/${task?.id}/actions`, {
          action: 'complete',
          opinion: '同意',
          output: withDate(output?.example, at, written(year, instant)),
        });
        expect(answer.status, `${task?.step} ${at.join('/')} ${year}`).toBe(422);
        expect(faultAt(answer.body, `/output/${at.join('/')}`)).toMatch(/应在2000年至2100年之间$/);
      }
    }
  }

  test('in such a year is refused in a query and in a request for more time', async () => {
    const register = await administrator.get('/api/registers/seal-use?from=0001-01-01&to=9999-12-31');
    expect(register.status).toBe(422);
    expect(register.body.errors).toEqual([
      { path: '/from', message: '起始日期应在2000年至2100年之间' },
      { path: '/to', message: '截止日期应在2000年至2100年之间' },
    ]);
    const guide = guides.find((one) => one.id === 'seal-use');
    const matter = await client.apply('seal-use', (guide as Guide).example);
    const extend = await administrator.post(`/api/matters/${matter.no}/commands`, {
      type: 'extend',
      until: '9999-12-31',
      reason: '等',
    });
    expect(extend.status).toBe(422);
    expect(faultAt(extend.body, '/until')).toBe('延期至应在2000年至2100年之间');
  });
});
