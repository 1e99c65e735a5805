/** Goal: the access log of an older Piban goes on as a chain of the journal that verifies, whatever was written into it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectDatabase, type DatabaseClient } from '../../db/client.ts';
import { hashOfRow, type JournalRow, journalPortions, writeAccess } from '../../db/journal.ts';
import { migrate } from '../../db/migrate.ts';
import { verify } from '../../scripts/audit/verify.ts';

const NAME = 'audit_migration';
const folder = fileURLToPath(new URL('../../db/migrations', import.meta.url));

let admin: postgres.Sql;
let url: string;
let old: DatabaseClient;
let scratch: string;

beforeAll(async () => {
  const adminUrl = inject('postgresAdminUrl');
  admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`drop database if exists ${NAME} with (force)`);
  await admin.unsafe(`create database ${NAME}`);
  const of = new URL(adminUrl);
  of.pathname = `/${NAME}`;
  url = of.href;
  // The migrations of that Piban: the first three.
  scratch = mkdtempSync(join(tmpdir(), 'piban-migrations-'));
  cpSync(folder, scratch, { recursive: true });
  const list = join(scratch, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(list, 'utf8')) as { entries: { idx: number }[] };
  writeFileSync(list, JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx <= 2) }));
  old = connectDatabase(url, { connections: 1 });
  await drizzleMigrate(old.db, { migrationsFolder: scratch });
});
afterAll(async () => {
  await old?.close();
  await admin?.unsafe(`drop database if exists ${NAME} with (force)`);
  await admin?.end();
  if (scratch !== undefined) rmSync(scratch, { recursive: true });
});

test('every entry is there, in its order, and the chain is whole and goes on', async () => {
  const written = [
    {
      at: '2025-12-31T23:59:59.999Z',
      person: 'p-li-xiaoyu',
      action: 'refused',
      target: 'YYSQ-2026-0001',
      code: 'matter-unknown',
    },
    { at: '2026-03-02T01:00:00.000Z', person: null, action: 'refused', target: '编号 "引号" \\ 反斜杠 / 🦉', code: 'forbidden' },
    {
      at: '2026-03-02T00:30:00.100Z',
      person: '周建平',
      action: 'directory-changed',
      target: 'a\tb\nc\u0001\u001f\u007f\u2028é',
      code: 'PUT',
    },
    { at: '2026-03-02T00:30:00.010Z', person: 'p', action: 'refused', target: '', code: '</script>' },
  ];
  for (const [index, { at, person, action, target, code }] of written.entries()) {
    await old.sql`insert into access_log (at, person_id, action, target, code, request_id)
      values (${at}, ${person}, ${action}, ${target}, ${code}, ${`r-${index}`})`;
  }
  await migrate(url);
  await writeAccess(old.db, {
    at: '2026-03-03T00:00:00.000Z',
    person: 'p',
    action: 'read',
    target: 'T',
    code: 'by-office',
    requestId: 'r-4',
  });
  const rows: JournalRow[] = [];
  for await (const portion of journalPortions(old.db, 'access')) rows.push(...portion);
  expect(
    rows.slice(0, 4).map(({ at, personId, action, target, code }) => ({ at, person: personId, action, target, code })),
  ).toEqual(written);
  expect(rows.map((row) => row.requestId)).toEqual(['r-0', 'r-1', 'r-2', 'r-3', 'r-4']);
  expect(rows.map((row) => row.hash)).toEqual(rows.map(hashOfRow));
  expect(rows.map((row) => row.previousHash)).toEqual(['', ...rows.slice(0, -1).map((row) => row.hash)]);
  const summary = await verify({ databaseUrl: url, prefixes: [], report: () => undefined });
  expect(summary).toMatchObject({ entries: 5, findings: [] });
  await expect(old.sql`update journal set code = 'x'`).rejects.toThrow(/never changed/);
});
