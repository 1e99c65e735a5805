/**
 * Goal: the journal keeps who tried what they may not, who read what they take no part in, and who changed the directory; it makes one
 * whole chain however many write to it at once. A matter can be seen as it stood at any past moment.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeWorld } from '../../db/directory.ts';
import { appendTo, hashOfRow, journalPortions, writeAccess } from '../../db/journal.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

const ADMINISTRATOR = 'p-ding-hongyi';
const SUPERVISOR = 'p-song-jie';
const ARCHIVIST = 'p-chai-yanan';

let system: System;
let administrator: PersonClient;
let stranger: PersonClient;
let applicant: PersonClient;
let matter: ContractMatter;

beforeAll(async () => {
  system = await startSystem('audit_access');
  administrator = await system.as(ADMINISTRATOR);
  stranger = await system.as(demoCast.otherLecturer);
  matter = await applyForSeal(clientOf(system));
  applicant = await system.as(matter.applicant.id);
});
afterAll(async () => {
  await system?.stop();
});

interface Entry {
  sequence: number;
  at: string;
  person: { id: string; name: string } | null;
  action: string;
  target: string;
  code: string;
  facts: Record<string, unknown>;
}
// Each test looks at the part of an answer that it is about; the schemas of the routes check the rest.
const itemsOf = <T>({ body }: Answer): T[] => (body as unknown as { items: T[] }).items;
const log = async (query: string): Promise<Entry[]> => itemsOf<Entry>(await administrator.get(`/api/audit/access?${query}`));
const readsOf = async (person: string) => (await log(`person=${person}&target=${matter.no}&action=read`)).map((one) => one.code);

/** Uploads a small text. @returns the file's id. */
async function upload(person: string): Promise<string> {
  const boundary = 'a-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n`;
  const response = await system.api.api.inject({
    method: 'POST',
    url: '/api/files',
    headers: {
      authorization: `Bearer ${await system.api.context.sessions.issue(person)}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: `${head}盖章材料\r\n--${boundary}--\r\n`,
  });
  expect(response.statusCode, response.body).toBe(201);
  return response.json<{ id: string }>().id;
}

/** Fetches a file, whose content is not JSON. @returns the status. */
async function fetchFile(person: string, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${await system.api.context.sessions.issue(person)}` };
  return (await system.api.api.inject({ method: 'GET', url: `/api/files/${id}`, headers })).statusCode;
}

describe('a read', () => {
  test('by office alone is noted, once however often the page asks and by whichever door', async () => {
    expect(await readsOf(ADMINISTRATOR)).toEqual([]);
    const doors = ['', '', '/timeline', '/audit', `/as-of?at=${new Date().toISOString()}`];
    const answers = await Promise.all(doors.map((door) => administrator.get(`/api/matters/${matter.no}${door}`)));
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await readsOf(ADMINISTRATOR)).toEqual(['by-office']);
  });

  test('is noted once also by two processes', async () => {
    const { connectApi } = await import('../../api/build.ts');
    const { createLogger } = await import('../../runtime/log.ts');
    const other = await connectApi(system.config, createLogger(system.config, 'test'));
    try {
      const headers = { authorization: `Bearer ${await other.context.sessions.issue(ADMINISTRATOR)}` };
      await administrator.get(`/api/matters/${matter.no}`);
      const answer = await other.api.inject({ method: 'GET', url: `/api/matters/${matter.no}`, headers });
      expect(answer.statusCode).toBe(200);
    } finally {
      await other.close();
    }
    expect(await readsOf(ADMINISTRATOR)).toEqual(['by-office']);
  });

  test('of a paper is one of its matter', async () => {
    const sent = await upload(applicant.person);
    const { example } = await clientOf(system).guide('seal-use');
    const other = await applicant.post('/api/matters', { process: 'seal-use', form: example.form, attachments: [sent] });
    expect(other.status, JSON.stringify(other.body)).toBe(201);
    const { no } = other.body as unknown as ContractMatter;
    const noted = () => log(`target=${no}&action=read`);
    expect(await fetchFile(applicant.person, sent)).toBe(200);
    expect(await noted()).toEqual([]);
    expect(await fetchFile(ADMINISTRATOR, sent)).toBe(200);
    expect(await noted()).toMatchObject([{ person: { id: ADMINISTRATOR }, code: 'by-office' }]);
  });

  test('by who takes part is nobody’s business', async () => {
    const holder = matter.tasks[0]!.assignees[0]!.id;
    for (const person of [matter.applicant.id, holder]) {
      expect((await (await system.as(person)).get(`/api/matters/${matter.no}`)).status).toBe(200);
      expect(await readsOf(person)).toEqual([]);
    }
  });

  test('that was refused is noted with its code', async () => {
    expect((await stranger.get(`/api/matters/${matter.no}`)).status).toBe(404);
    expect(await log(`person=${stranger.person}&target=${matter.no}`)).toMatchObject([
      { action: 'refused', code: 'matter-unknown' },
    ]);
  });
});

describe('the access log', () => {
  test('is for supervisors and administrators, and looking into it is noted', async () => {
    expect((await stranger.get('/api/audit/access')).status).toBe(403);
    expect((await (await system.as(ARCHIVIST)).get('/api/audit/access')).status).toBe(403);
    expect((await (await system.as(SUPERVISOR)).get('/api/audit/access?action=export')).status).toBe(200);
    expect(await log(`person=${SUPERVISOR}`)).toMatchObject([
      {
        action: 'read-access-log',
        code: 'first-page',
        facts: { action: 'export', person: null },
        person: { id: SUPERVISOR, name: '宋洁' },
      },
    ]);
    expect(await log(`person=${stranger.person}&target=audit/access`)).toMatchObject([{ action: 'refused', code: 'forbidden' }]);
  });

  test('is paged, the latest first, without a gap', async () => {
    for (let tries = 0; tries < 5; tries += 1) await stranger.get(`/api/matters/GONE-${tries}`);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const answer = await administrator.get(`/api/audit/access?person=${stranger.person}&limit=2${cursor}`);
      seen.push(...itemsOf<Entry>(answer).map((one) => one.target));
      if (answer.body.nextCursor === null) break;
      cursor = `&cursor=${answer.body.nextCursor}`;
    }
    expect(seen.slice(0, 5)).toEqual([4, 3, 2, 1, 0].map((one) => `GONE-${one}`));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('is filtered by school days, and wrong queries are told all at once', async () => {
    expect(await log('from=2020-01-01&to=2020-12-31')).toEqual([]);
    expect((await log(`from=2020-01-01&person=${stranger.person}`)).length).toBeGreaterThan(0);
    const { status, body } = await administrator.get(
      `/api/audit/access?from=2026-13-01&limit=0&person=${'z'.repeat(400)}&cursor=x`,
    );
    expect(status).toBe(422);
    expect((body.errors as unknown as { path: string }[]).map((one) => one.path).sort()).toEqual(['/from', '/limit', '/person']);
    expect((await administrator.get('/api/audit/access?cursor=x')).status).toBe(422);
  });

  test('takes any address that somebody tried', async () => {
    expect((await stranger.get(`/api/matters/${encodeURIComponent('编号🦉')}`)).status).toBe(404);
    expect((await stranger.get(`/api/people/posts?${'x'.repeat(2_000)}`)).status).toBe(403);
    const targets = (await log(`person=${stranger.person}&limit=2`)).map((one) => one.target);
    expect(targets[1]).toBe('编号🦉');
    expect(targets[0]).toHaveLength(300);
  });
});

describe('a change of the directory', () => {
  test('stands in the office’s chain', async () => {
    const answer = await administrator.request('PUT', '/api/people/units/u-computing/head', { head: 'p-liu-zhen' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const rows = await system.api.context.db.execute(sql`select person_id, action, target from journal where chain = 'office'`);
    expect([...rows]).toEqual([{ person_id: ADMINISTRATOR, action: 'change-directory', target: 'u-computing' }]);
  });

  test('and of the calendar too', async () => {
    const days = [{ date: '2027-05-04', kind: 'off', name: '校运动会', source: '学校通知' }];
    const answer = await administrator.request('PUT', '/api/calendar', { days, reason: '校运动会' });
    expect(answer.status).toBe(400);
    const headers = {
      authorization: `Bearer ${await system.api.context.sessions.issue(ADMINISTRATOR)}`,
      'idempotency-key': 'sports',
    };
    const done = await system.api.api.inject({
      method: 'PUT',
      url: '/api/calendar',
      headers,
      payload: { days, reason: '校运动会' },
    });
    expect([200, 202], done.body).toContain(done.statusCode);
    const rows = await system.api.context.db.execute(
      sql`select person_id, action from journal where chain = 'office' and target = 'calendar'`,
    );
    expect([...rows]).toEqual([{ person_id: ADMINISTRATOR, action: 'change-directory' }]);
  });

  test('that fails leaves no entry, and an entry that fails no change', async () => {
    const { db } = system.api.context;
    const count = async () => [
      ...(await db.execute(
        sql`select (select count(*) from journal) as entries, (select version from world_version) as version`,
      )),
    ];
    const before = await count();
    const entry = {
      at: new Date().toISOString(),
      person: 'p',
      action: 'change-directory',
      target: 't',
      code: 'PUT',
      requestId: null,
    };
    await expect(
      changeWorld(db, async (tx) => {
        await appendTo(tx, 'office', entry);
        await tx.execute(sql`select 1 / 0`);
      }),
    ).rejects.toThrow();
    // No such instant.
    await expect(changeWorld(db, (tx) => appendTo(tx, 'office', { ...entry, at: 'never' }))).rejects.toThrow();
    expect(await count()).toEqual(before);
  });
});

describe('a journal chain', () => {
  test('has no hole and no branch when fifty write at once, here and elsewhere', async () => {
    const { db } = system.api.context;
    const other = postgres(system.database.url, { max: 10, onnotice: () => undefined });
    const { drizzle } = await import('drizzle-orm/postgres-js');
    const schema = await import('../../db/schema/index.ts');
    const elsewhere = drizzle(other, { schema });
    const marker = randomUUID();
    try {
      const write = (number: number) => {
        const entry = {
          at: new Date().toISOString(),
          person: null,
          action: 'try',
          target: marker,
          code: `${number}`,
          requestId: null,
        };
        if (number % 2 === 0) return writeAccess(number % 4 === 0 ? db : elsewhere, entry);
        return elsewhere.transaction((tx) => appendTo(tx, 'access', entry));
      };
      await Promise.all(Array.from({ length: 50 }, (_, number) => write(number)));
    } finally {
      await other.end();
    }
    let [sequence, head, mine] = [0, '', 0];
    for await (const rows of journalPortions(db, 'access')) {
      for (const row of rows) {
        sequence += 1;
        expect(row).toMatchObject({ sequence, previousHash: head, hash: hashOfRow(row) });
        head = row.hash;
        if (row.target === marker) mine += 1;
      }
    }
    expect(mine).toBe(50);
  });

  test('keeps entries as it gives them back, or tells that it could not', async () => {
    const { db } = system.api.context;
    const odd = {
      at: '2026-03-02T01:00:00Z',
      person: null,
      action: 'try',
      target: `a\0b${'长'.repeat(400)}`,
      code: 'odd',
      requestId: null,
      facts: { absent: undefined as never, deep: [{ b: 1.5e300, a: '\u2028"\\' }], zero: -0 },
    };
    await writeAccess(db, odd);
    await expect(writeAccess(db, { ...odd, action: null as never })).rejects.toThrow();
    await writeAccess(db, { ...odd, code: 'after' });
    let last: unknown;
    for await (const rows of journalPortions(db, 'access'))
      for (const row of rows) {
        expect(row.hash).toBe(hashOfRow(row));
        last = row;
      }
    expect(last).toMatchObject({ code: 'after', at: '2026-03-02T01:00:00.000Z' });
  });
});

describe('the roots', () => {
  test('are listed for supervisors, administrators and archivists, the latest first', async () => {
    const { makeRoot } = await import('../../db/audit.ts');
    for (const day of ['2026-03-02', '2026-03-03']) await makeRoot(system.api.context.db, day, new Date().toISOString());
    for (const person of [ADMINISTRATOR, SUPERVISOR, ARCHIVIST]) {
      const answer = await (await system.as(person)).get('/api/audit/roots');
      expect(itemsOf<{ day: string }>(answer).map((one) => one.day)).toEqual(['2026-03-03', '2026-03-02']);
    }
    const page = await administrator.get('/api/audit/roots?limit=1');
    const rest = await administrator.get(`/api/audit/roots?limit=1&cursor=${page.body.nextCursor}`);
    expect(itemsOf<{ number: number }>(rest)).toMatchObject([{ number: 1 }]);
    expect(rest.body.nextCursor).toBeNull();
    expect((await stranger.get('/api/audit/roots')).status).toBe(403);
  });
});

describe('a matter as of a past moment', () => {
  interface Past {
    at: string;
    sequence: number;
    matter: {
      status: string;
      light: string;
      dueAt: string;
      tasks: { step: string; assignees: { id: string }[] }[];
      form: unknown;
    };
    timeline: { items: { at: string; sequence: number; kind: string }[]; nextCursor: string | null };
  }
  const asOf = async (at: string, who = applicant, more = '') => {
    const { status, body } = await who.get(`/api/matters/${matter.no}/as-of?at=${at}${more}`);
    return { status, past: body as unknown as Past };
  };

  test('is what was shown then: form, tasks, holders, dates and what had happened', async () => {
    const client = clientOf(system);
    const shown: ContractMatter[] = [];
    let now = matter;
    for (let steps = 0; steps < 3 && now.status === 'open'; steps += 1) {
      shown.push((await applicant.get(`/api/matters/${matter.no}`)).body as unknown as ContractMatter);
      now = await client.step(now);
    }
    for (const then of shown) {
      const seen = then as unknown as { updatedAt: string; sequence: number; dueAt: string; form: unknown };
      const { status, past } = await asOf(seen.updatedAt);
      expect(status).toBe(200);
      expect(past.matter).toMatchObject({ status: then.status, dueAt: seen.dueAt, form: seen.form });
      expect(past.sequence).toBe(seen.sequence);
      expect(past.matter.tasks.map((task) => [task.step, task.assignees.map((one) => one.id)])).toEqual(
        then.tasks.map((task) => [task.step, task.assignees.map((one) => one.id)]),
      );
      expect(past.timeline.items.every((one) => one.at <= seen.updatedAt && one.sequence <= seen.sequence)).toBe(true);
      expect(past.timeline.items.length).toBeGreaterThan(0);
    }
    const [first, last] = [
      await asOf((shown[0] as unknown as { updatedAt: string }).updatedAt),
      await asOf(new Date().toISOString()),
    ];
    expect(last.past.timeline.items.length).toBeGreaterThan(first.past.timeline.items.length);
  });

  test('is asked for at the offset of any clock', async () => {
    const { at } = (await asOf(new Date().toISOString())).past.timeline.items[0]!;
    const there = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    const { status, past } = await asOf(encodeURIComponent(there));
    expect(status).toBe(200);
    expect(past).toEqual((await asOf(at)).past);
  });

  test('has its timeline in pages that never go beyond the moment', async () => {
    const at = new Date().toISOString();
    const { past } = await asOf(at);
    const seen: number[] = [];
    for (let cursor = ''; ; ) {
      const page = (await asOf(at, applicant, `&limit=1${cursor}`)).past.timeline;
      seen.push(...page.items.map((one) => one.sequence));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(past.timeline.items.map((one) => one.sequence));
  });

  test('shines as it shone: what is late today was in time then', async () => {
    const ahead = new Date(Date.now() + 400 * 86_400_000).toISOString();
    const usual = system.api.context.now;
    system.api.context.now = () => ahead;
    try {
      expect((await asOf(new Date().toISOString())).past.matter.light).toBe('green');
      expect((await asOf(ahead)).past.matter.light).toBe('red');
    } finally {
      system.api.context.now = usual;
    }
  });

  test('is not told of the future, of before it began, or to who may not see it', async () => {
    expect((await asOf('2099-01-01T00:00:00Z')).status).toBe(422);
    expect((await asOf('yesterday')).status).toBe(422);
    expect((await asOf('2020-01-01T00:00:00Z')).status).toBe(404);
    expect((await asOf(new Date().toISOString(), stranger)).status).toBe(404);
  });
});
