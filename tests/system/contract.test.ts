/** Goal: whoever knows only the contract carries every process of the guide to its end, and finds its whole record there. */
import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outbox } from '../../db/schema/index.ts';
import { clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter, Guide } from '../support/contract-client.ts';

// The package is CommonJS with types written for ES modules: what arrives is the function itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

interface Journey {
  guide: Guide;
  person: string;
  started: ContractMatter;
  matter: ContractMatter;
  path: string[];
  previewed: string[];
}

/** `METHOD path` of each route in Fastify's printed tree, whose depth is told by its indentation. */
function routesIn(tree: string): string[] {
  const folders: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([\s│├└─]*)(\S+)(?: \(([A-Z, ]+)\))?/u.exec(line);
    if (found === null) return [];
    const [, indent = '', segment = '', methods = ''] = found;
    const depth = indent.length / 4 - 1;
    folders.length = depth;
    folders[depth] = segment;
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${folders.join('')}`);
  });
}

let system: System;
let client: ContractClient;
const journeys: Journey[] = [];

async function journey(guide: Guide): Promise<Journey> {
  const fresh = await client.guide(guide.id);
  const { person, form } = fresh.example;
  const preview = await client.preview(person, guide.id, form);
  const started = await client.apply(guide.id, fresh.example);
  const { matter, path } = await client.carryToEnd(started);
  return { guide, person, started, matter, path, previewed: preview.map((one) => one.step) };
}

beforeAll(async () => {
  system = await startSystem('contract');
  client = clientOf(system);
  for (const guide of await client.guides()) {
    // Twice, for an example is accepted any number of times.
    for (let time = 0; time < 2; time += 1) journeys.push(await journey(guide));
  }
}, 300_000);
afterAll(async () => {
  await system?.stop();
});

describe('a client that knows only the contract', () => {
  test('finds every process with its whole guide', async () => {
    const guides = await client.guides();
    expect(guides.length).toBeGreaterThan(0);
    for (const guide of guides) {
      expect(guide.steps.length, guide.id).toBeGreaterThan(0);
      for (const step of guide.steps) expect([step.name, step.who, step.limit], `${guide.id}/${step.id}`).not.toContain('');
      expect(guide.form.$schema, guide.id).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(guide.form.type, guide.id).toBe('object');
      expect(guide.example.person, guide.id).toMatch(/^p-/);
    }
  });

  test('carries every example to its completion', () => {
    expect(journeys.length).toBeGreaterThan(0);
    for (const { matter, path } of journeys) expect(matter.status, `${matter.no}: ${path.join(' → ')}`).toBe('completed');
  });

  test('gets a number of its own for each', () => {
    expect(new Set(journeys.map((one) => one.matter.no)).size).toBe(journeys.length);
  });

  test('is told beforehand whom the matter comes to first', () => {
    for (const { previewed, started, guide } of journeys) {
      expect(previewed.length, guide.id).toBeGreaterThan(0);
      expect(previewed[0], guide.id).toBe(started.tasks[0]?.step);
    }
  });

  test('finds each on its line of the register', async () => {
    for (const { guide, person, matter } of journeys) {
      const rows = await client.register(person, guide.id);
      const mine = rows.filter((row) => Object.values(row).includes(matter.no));
      expect(mine, matter.no).toHaveLength(1);
      expect(Object.values(mine[0] ?? {}).map(String), matter.no).toContainEqual(expect.stringMatching(/^(completed|已?办结)/));
    }
  });

  test('reads a timeline from the application to the end', async () => {
    for (const { person, matter } of journeys) {
      const entries = await client.timeline(person, matter.no);
      expect(entries[0]?.text, matter.no).toContain('提交');
      expect(entries.at(-1)?.text, matter.no).toBe(matter.outcome?.text);
      for (const entry of entries) expect(entry.text, `${matter.no}#${entry.sequence}`).not.toBe('');
    }
  });

  test('can check that the record has no hole and was not tampered with', async () => {
    for (const { person, matter } of journeys) {
      const entries = await client.audit(person, matter.no);
      expect(entries.map((one) => one.sequence)).toEqual(entries.map((_, at) => at + 1));
      let previous = '';
      for (const { matterId, sequence, at, actor, command, type, facts, previousHash, hash } of entries) {
        expect(previousHash, `${matter.no}#${sequence}`).toBe(previous);
        const text = canonicalize({ matterId, sequence, at, by: actor, command, type, facts });
        expect(hash, `${matter.no}#${sequence}`).toBe(createHash('sha256').update(`${previousHash}\n${text}`).digest('hex'));
        previous = hash;
      }
    }
  });

  test('is told the one outcome of each, and nobody is asked for more', async () => {
    for (const { person, matter } of journeys) {
      const live = await client.matter(person, matter.no);
      expect(live.outcome).toMatchObject({ code: 'completed' });
      expect(live.tasks).toEqual([]);
      const id = (await client.audit(person, matter.no))[0]?.matterId ?? '';
      const told = await system.api.context.db
        .select()
        .from(outbox)
        .where(and(eq(outbox.matterId, id), eq(outbox.kind, 'matter-ended'), eq(outbox.personId, person)));
      expect(told, matter.no).toHaveLength(1);
    }
  });
});

describe('the description of the API', () => {
  interface Description {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>;
  }
  let description: Description;
  beforeAll(async () => {
    const response = await system.api.api.inject({ method: 'GET', url: '/api/openapi.json' });
    expect(response.statusCode).toBe(200);
    description = response.json();
  });

  test('is OpenAPI 3.1 and says how each route answers', () => {
    expect(description.openapi).toMatch(/^3\.1\./);
    for (const [path, item] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        expect(Object.keys(operation.responses).length, `${method} ${path}`).toBeGreaterThan(0);
      }
    }
    expect(JSON.stringify(description)).not.toContain('"$ref":"#/definitions');
  });

  test('lists every route that the API answers', () => {
    const listed = Object.entries(description.paths).flatMap(([path, item]) => {
      return Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    });
    const answered = routesIn(system.api.api.printRoutes({ commonPrefix: false })).filter(
      (route) => !route.startsWith('HEAD ') && route !== 'GET /api/openapi.json',
    );
    expect(answered).toContain('POST /api/tasks/:id/actions');
    expect(listed.sort()).toEqual(answered.sort());
  });

  test('says of every route whether it needs signing in', async () => {
    for (const [path, item] of Object.entries(description.paths)) {
      for (const [method, { security }] of Object.entries(item)) {
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const response = await system.api.api.inject({ method: method.toUpperCase() as 'GET', url });
        const isPublic = Array.isArray(security) && security.length === 0;
        if (isPublic) expect(response.statusCode, `${method} ${path}`).not.toBe(401);
        else expect(response.statusCode, `${method} ${path}`).toBe(401);
      }
    }
  });
});
