/** Goal: what has ended lies in the archive, whole and provable, and people say that it does (001: 纸质和电子同步归档). */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeNextPackage, writeMatter } from '../../activities/archive/make.ts';
import { sweepFiles } from '../../db/files.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

const run = promisify(execFile);
/** Long after anything that the worker itself does: packages due only then are left to the test. */
const LATER = '2090-01-01T00:00:00.000Z';

let system: System;
let folder: string;
let sql: postgres.Sql;
let ended: ContractMatter;
let archivist: PersonClient;
let applicant: PersonClient;

beforeAll(async () => {
  system = await startSystem('archive');
  sql = postgres(system.database.url, { max: 1, onnotice: () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'piban-archive-test-'));
  const client = clientOf(system);
  ended = (await client.carryToEnd(await applyForSeal(client, { docTitle: '致<b>合作单位</b>的函' }))).matter;
  archivist = await system.as(demoCast.archivist);
  applicant = await system.as(ended.applicant.id);
  await makeAll();
});
afterAll(async () => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  await sql?.end();
  await system?.stop();
});

/** Makes every package that is due; the worker's chore may have been there before. */
async function makeAll(): Promise<void> {
  const { db, cache, log } = system.api.context;
  while (await makeNextPackage({ db, cache, log }, new Date().toISOString()));
  // A worker's chore may still have one in hand.
  const left = () => sql`select matter_id, fault from archive_packages where status <> 'made'`;
  await vi.waitFor(async () => expect(await left()).toEqual([]), 30_000);
}

const idOf = async (no: string): Promise<string> => (await sql`select id from matters where no = ${no}`)[0]?.id;

async function download(person: PersonClient, no: string): Promise<{ bytes: Buffer; headers: Record<string, unknown> }> {
  const token = await system.api.context.sessions.issue(person.person);
  const answer = await system.api.api.inject({
    method: 'GET',
    url: `/api/matters/${no}/archive`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return { bytes: answer.rawPayload, headers: answer.headers };
}

describe('the package of a matter', () => {
  test('is made when the matter has ended, verified, ticked, and vouched for by the journal', async () => {
    const { status, body } = await applicant.get(`/api/matters/${ended.no}/archive?format=json`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ package: 'made', electronic: { by: null }, paper: null, retention: '3-years', class: '用印' });
    const [row] =
      await sql`select facts from journal where chain = 'office' and action = 'archive-package' and target = ${ended.no}`;
    expect(row?.facts).toMatchObject({ sha256: body.sha256, size: body.size });
  });

  test('is downloaded by whoever may see the matter and verified without database or configuration', async () => {
    const { bytes, headers } = await download(applicant, ended.no);
    expect(headers['content-type']).toBe('application/zip');
    expect(headers['content-disposition']).toContain(`${ended.no}.zip`);
    const path = join(folder, `${ended.no}.zip`);
    writeFileSync(path, bytes);
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'scripts/archive-verify.ts', path], {
      env: { PATH: process.env.PATH },
    });
    expect(stdout).toContain(`✓ ${ended.no}.zip ${ended.no}:完好`);
    expect(stdout).toContain(createHash('sha256').update(bytes).digest('hex'));
    const [read] = await sql`select * from journal where chain = 'access' and action = 'export' and target = ${ended.no}`;
    expect(read).toMatchObject({ person_id: applicant.person, code: 'archive' });
  });

  test('has the same bytes whenever and wherever it is made', async () => {
    const { db, cache } = system.api.context;
    const id = await idOf(ended.no);
    const kept = process.env.TZ;
    const paths = [join(folder, 'first.zip'), join(folder, 'second.zip')] as const;
    await writeMatter({ db, cache }, id, paths[0]);
    process.env.TZ = 'America/New_York';
    try {
      await writeMatter({ db, cache }, id, paths[1]);
    } finally {
      if (kept === undefined) delete process.env.TZ;
      else process.env.TZ = kept;
    }
    const { bytes } = await download(archivist, ended.no);
    expect(readFileSync(paths[0]).equals(readFileSync(paths[1]))).toBe(true);
    expect(bytes.equals(readFileSync(paths[0]))).toBe(true);
  });

  test('outlives an upload of the same bytes that is swept away', async () => {
    const { bytes } = await download(applicant, ended.no);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const id = 'file-00000000-0000-4000-8000-00000000dead';
    await sql`insert into files (id, owner_id, name, type, size, sha256, created_at)
      values (${id}, ${applicant.person}, 'x.ofd', 'application/ofd', ${bytes.length}, ${sha256}, '2020-01-01')`;
    expect(await sweepFiles(system.api.context.db, '2021-01-01T00:00:00.000Z')).toBe(1);
    expect((await download(applicant, ended.no)).bytes.equals(bytes)).toBe(true);
  });

  test('is nobody else’s to read, and that they tried stands in the access log', async () => {
    const stranger = await system.as(demoCast.otherLecturer);
    expect((await stranger.get(`/api/matters/${ended.no}/archive`)).status).toBe(404);
    expect((await stranger.get(`/api/archive/${ended.no}`)).status).toBe(404);
    const rows =
      await sql`select 1 from journal where action = 'refused' and person_id = ${stranger.person} and target = ${ended.no}`;
    expect(rows.length).toBe(2);
  });

  test('is refused while the matter goes on, with the matter as it stands', async () => {
    const open = await applyForSeal(clientOf(system));
    const { status, body } = await applicant.get(`/api/matters/${open.no}/archive`);
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'too-early', matter: { no: open.no } });
    await applicant.post(`/api/matters/${open.no}/commands`, { type: 'withdraw' });
    expect((await applicant.get(`/api/matters/${open.no}/archive`)).status).toBe(404);
  });
});

describe('a package that cannot be made', () => {
  test('is tried again at growing distances, is stuck in the end, and is made once somebody has seen to it', async () => {
    const client = clientOf(system);
    const { matter } = await client.carryToEnd(await applyForSeal(client));
    await makeAll();
    const id = await idOf(matter.no);
    await sql`delete from archive_ticks where matter_id = ${id}`;
    await sql`update archive_packages set status = 'waiting', attempts = 0, next_attempt_at = ${LATER}, sha256 = null
      where matter_id = ${id}`;
    const pending = await applicant.get(`/api/matters/${matter.no}/archive`);
    expect(pending).toMatchObject({ status: 202, body: { code: 'archive-pending', retryAfter: 5 } });

    const { db, cache, log } = system.api.context;
    const rests: number[] = [];
    for (let now = LATER, tries = 0; tries < 6; tries += 1) {
      expect(await makeNextPackage({ db, cache, log }, now, 1_000)).toBe(true);
      expect(await makeNextPackage({ db, cache, log }, now, 1_000)).toBe(false);
      const [row] = await sql`select next_attempt_at from archive_packages where matter_id = ${id}`;
      const next: string = row?.next_attempt_at.toISOString();
      rests.push((Date.parse(next) - Date.parse(now)) / 1_000);
      now = next;
    }
    expect(rests).toEqual([30, 60, 120, 240, 3_600, 3_600]);

    const { body } = await archivist.get('/api/archive/repairs');
    expect(body.items).toMatchObject([
      { no: matter.no, status: 'stuck', attempts: 6, fault: expect.stringContaining('too-large') },
    ]);
    expect((await applicant.get(`/api/matters/${matter.no}/archive`)).body.retryAfter).toBe(3_600);
    expect((await applicant.get('/api/archive/repairs')).status).toBe(403);
    expect((await applicant.post(`/api/archive/repairs/${matter.no}/retry`, {})).status).toBe(403);

    expect((await archivist.post(`/api/archive/repairs/${matter.no}/retry`, {})).status).toBe(202);
    await makeAll();
    expect((await archivist.get('/api/archive/repairs')).body.items).toEqual([]);
    expect((await archivist.get(`/api/archive/${matter.no}`)).body).toMatchObject({ package: 'made', electronic: { by: null } });
    expect((await archivist.post(`/api/archive/repairs/${matter.no}/retry`, {})).status).toBe(409);
  });
});

describe('the printed sheet', () => {
  test('shows fields, opinions and outcome, every text escaped, and notes that it was printed', async () => {
    const token = await system.api.context.sessions.issue(applicant.person);
    const { statusCode, body, headers } = await system.api.api.inject({
      url: `/api/matters/${ended.no}/sheet`,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    for (const text of [
      '用印申请处理单',
      ended.no,
      '计算机学院',
      '部门负责人审批',
      '张启明',
      '用印份数',
      '南校区',
      '已办结',
      '打印人:陈思齐',
    ]) {
      expect(body).toContain(text);
    }
    expect(body).toContain('致&lt;b&gt;合作单位&lt;/b&gt;的函');
    expect(body).not.toContain('<b>合作单位');
    const [row] = await sql`select * from journal where chain = 'access' and action = 'print' and target = ${ended.no}`;
    expect(row).toMatchObject({ person_id: applicant.person, code: 'sheet' });
  });

  test('is nobody’s who may not see the matter', async () => {
    const stranger = await system.as(demoCast.otherLecturer);
    expect((await stranger.get(`/api/matters/${ended.no}/sheet`)).status).toBe(404);
  });
});
