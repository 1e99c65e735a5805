/** Goal: a register shows each person their rows, adds up its columns, and leaves as a workbook that is streamed and recorded. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asc, eq, sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../db/schema/index.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';

const MANY = 100_000;
const run = promisify(execFile);

let system: System;
let template: string;
let folder: string;

beforeAll(async () => {
  system = await startSystem('registers');
  template = (await applyForSeal(clientOf(system))).no;
  folder = await mkdtemp(join(tmpdir(), 'piban-export-'));
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Adds rows like the template's. */
async function multiply(count: number): Promise<void> {
  const { db } = system.api.context;
  await db.execute(sql`alter table matters disable trigger user`);
  for (let from = 1; from <= count; from += 10_000) {
    await db.execute(sql`insert into matters select made.* from matters m, generate_series(${from}::int, ${from + 9_999}::int) g,
      jsonb_populate_record(m, jsonb_build_object('id', 'm-many-' || g, 'no', 'MANY-' || g, 'state', '{}'::jsonb,
        'started_at', m.started_at + g * interval '1 second', 'register', m.register || jsonb_build_object('no', 'MANY-' || g))) made
      where m.no = ${template}`);
  }
  await db.execute(sql`alter table matters enable trigger user`);
  // As the database does by itself before long.
  await db.execute(sql`analyze matters`);
}

interface Register {
  columns: { key: string; title: string; total: boolean }[];
  items: Record<string, unknown>[];
  nextCursor: string | null;
  count?: number;
  totals?: Record<string, number>;
}

async function register(person: string, url: string): Promise<Register> {
  const answer = await (await system.as(person)).get(url);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  // The schema of the route is what it answers with.
  return answer.body as unknown as Register;
}

async function download(person: string, url: string) {
  const token = await system.api.context.sessions.issue(person);
  return system.api.api.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
}

async function sheetOf(bytes: Buffer): Promise<ExcelJS.Worksheet> {
  const book = new ExcelJS.Workbook();
  // The library's type of a buffer is an older one.
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  return book.worksheets[0]!;
}

function exportsOf(target: string) {
  return system.api.context.db
    .select({ code: journal.code, person: journal.personId, facts: journal.facts, action: journal.action })
    .from(journal)
    .where(eq(journal.target, target))
    .orderBy(asc(journal.sequence));
}

const noOf = (rows: Register) => rows.items.map((row) => row.no);

describe('a register as a list', () => {
  test('is filtered by days, unit, status and words, and counted', async () => {
    const administrator = demoCast.administrator;
    const all = await register(administrator, '/api/registers/seal-use?totals=true');
    expect(noOf(all)).toContain(template);
    expect(all.count).toBe(all.items.length);
    for (const [query, found] of [
      ['unit=u-computing', true],
      ['unit=u-finance', false],
      ['status=open', true],
      ['status=completed', false],
      [`q=${template.slice(-4)}`, true],
      [`q=${encodeURIComponent('没有这样的话')}`, false],
      ['to=2020-01-01', false],
    ] as const) {
      const some = await register(administrator, `/api/registers/seal-use?totals=true&${query}`);
      expect(noOf(some).includes(template), query).toBe(found);
      expect(some.count, query).toBe(some.items.length);
    }
  });

  test('finds what stands in any cell, with marks of patterns as they are', async () => {
    const { items } = await register(demoCast.administrator, '/api/registers/seal-use');
    const row = items.find((one) => one.no === template)!;
    const word = Object.values(row).find((value) => typeof value === 'string' && /\p{Script=Han}{2}/u.test(value)) as string;
    expect(noOf(await register(demoCast.administrator, `/api/registers/seal-use?q=${encodeURIComponent(word)}`))).toContain(
      template,
    );
    expect(noOf(await register(demoCast.administrator, '/api/registers/seal-use?q=%25'))).not.toContain(template);
  });

  test('refuses a unit that there is not', async () => {
    const answer = await (await system.as(demoCast.administrator)).get('/api/registers/seal-use?unit=u-nowhere');
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ path: '/unit', message: expect.stringContaining('没有这个单位') }]);
  });

  test('shows a stranger nothing, and who stands in for somebody what they may act on', async () => {
    expect(noOf(await register(demoCast.otherLecturer, '/api/registers/seal-use'))).toEqual([]);
    const matter = (await (await system.as(demoCast.administrator)).get(`/api/matters/${template}`)).body as unknown as {
      tasks: { assignees: { id: string }[] }[];
    };
    const holder = matter.tasks[0]!.assignees[0]!.id;
    const { db, cache } = system.api.context;
    const { directory } = await cache.now(db);
    const cover = demoCast.otherLecturer;
    expect(directory.people[cover]?.active).toBe(true);
    await db.execute(sql`insert into absences (person, "from", "to", reason, cover)
      values (${holder}, now() - interval '1 hour', now() + interval '1 hour', '出差', ${cover})`);
    await db.execute(sql`update world_version set version = version + 1`);
    try {
      expect(noOf(await register(cover, '/api/registers/seal-use'))).toEqual([template]);
      const sheet = await sheetOf((await download(cover, '/api/registers/seal-use?format=xlsx')).rawPayload);
      expect(sheet.getCell('A2').value).toBe(template);
    } finally {
      await db.execute(sql`delete from absences where person = ${holder} and cover = ${cover}`);
      await db.execute(sql`update world_version set version = version + 1`);
    }
    expect(noOf(await register(cover, '/api/registers/seal-use'))).toEqual([]);
  });
});

describe('a register as a workbook', () => {
  test('holds the rows that the list shows, under a name in Chinese, and the access log has it', async () => {
    const before = (await exportsOf('seal-use')).length;
    const list = await register(demoCast.administrator, '/api/registers/seal-use');
    const answer = await download(demoCast.administrator, '/api/registers/seal-use?format=xlsx&status=open&from=2020-01-01');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('spreadsheetml');
    expect(decodeURIComponent(String(answer.headers['content-disposition']))).toMatch(
      /filename\*=UTF-8''用印.*台账_\d{4}-\d{2}-\d{2}\.xlsx/,
    );
    const sheet = await sheetOf(answer.rawPayload);
    expect(sheet.getRow(1).values).toEqual([undefined, ...list.columns.map((column) => column.title)]);
    expect(sheet.getColumn(1).values.slice(2)).toEqual(expect.arrayContaining(noOf(list)));
    expect((await exportsOf('seal-use')).slice(before)).toEqual([
      {
        action: 'export',
        code: 'begun',
        person: demoCast.administrator,
        facts: { from: '2020-01-01', to: null, unit: null, status: 'open', searched: false, rows: list.items.length },
      },
    ]);
  });

  test('of a hundred thousand rows takes no more memory than one of few, and opens', { timeout: 300_000 }, async () => {
    await multiply(MANY);
    const file = join(folder, 'many.xlsx');
    const program = fileURLToPath(new URL('../harness/export-child.ts', import.meta.url));
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program, system.database.url, 'seal-use', file]);
    // The child prints exactly this.
    const told = JSON.parse(stdout) as { rows: number; milliseconds: number; cpuMs: number; rssBefore: number; rssPeak: number };
    const grown = Math.round((told.rssPeak - told.rssBefore) / 1024 ** 2);
    console.log(`export of ${told.rows} rows: ${told.milliseconds} ms (${told.cpuMs} of processor), memory grew by ${grown} MiB`);
    expect(told.rows).toBe(MANY + 1);
    expect(grown).toBeLessThan(150);
    let rows = 0;
    const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, {
      sharedStrings: 'ignore',
      styles: 'ignore',
      worksheets: 'emit',
    });
    for await (const sheet of reader) for await (const _row of sheet) rows += 1;
    expect(rows).toBeGreaterThanOrEqual(MANY + 2);
  });

  test('whose reader goes in mid-stream ends its query, and the log says how far it came', { timeout: 120_000 }, async () => {
    const before = (await exportsOf('seal-use')).length;
    const later = async () => (await exportsOf('seal-use')).slice(before);
    await system.api.api.listen({ port: 0, host: '127.0.0.1' });
    const address = system.api.api.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const token = await system.api.context.sessions.issue(demoCast.administrator);
    await new Promise<void>((resolve, reject) => {
      const path = '/api/registers/seal-use?format=xlsx';
      const asked = httpRequest({ port, host: '127.0.0.1', path, headers: { authorization: `Bearer ${token}` } }, (answer) => {
        answer.once('data', () => {
          answer.destroy();
          resolve();
        });
      });
      asked.once('error', reject);
      asked.end();
    });
    await expect.poll(async () => (await later()).map((one) => one.code), { timeout: 60_000 }).toEqual(['begun', 'broken-off']);
    const [begun, broken] = await later();
    expect(begun?.facts.rows).toBe(MANY + 1);
    expect(broken?.facts.rows).toBeLessThan(MANY / 2);
  });
});
