/** Goal: the archive is kept: ticked by those whose task it is, found by anybody who may, handed over, and proof against a rebuild. */
import ExcelJS from 'exceljs';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectTemporal } from '../../runtime/temporal.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { rebuild } from '../../scripts/rebuild/rebuild.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';

let system: System;
let sql: postgres.Sql;
let nos: string[];
let archivist: PersonClient;
let clerk: PersonClient;
let year: number;

beforeAll(async () => {
  system = await startSystem('archive_keeping');
  sql = postgres(system.database.url, { max: 1, onnotice: () => undefined });
  const client = clientOf(system);
  nos = [];
  for (const docTitle of ['关于暑期实践的函', '<i>联合</i>培养协议', '校友返校通知']) {
    nos.push((await client.carryToEnd(await applyForSeal(client, { docTitle }))).matter.no);
  }
  archivist = await system.as(demoCast.archivist);
  clerk = await system.as(demoCast.computingClerk);
  await vi.waitFor(async () => expect(await sql`select fault from archive_packages where status <> 'made'`).toEqual([]), 30_000);
  year = (await sql`select year from archive_entries limit 1`)[0]?.year;
});
afterAll(async () => {
  await sql?.end();
  await system?.stop();
});

const items = (answer: Answer): { no: string }[] => {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items as unknown as { no: string }[];
};
const at = (index: number): string => nos[index] ?? '';

describe('ticks', () => {
  test('of paper are the archivist’s and the part-time archivist’s of the unit, of electronic files the archivist’s', async () => {
    const url = `/api/archive/${at(0)}/ticks`;
    expect((await clerk.post(url, { form: 'electronic' })).status).toBe(403);
    const ticked = await clerk.post(url, { form: 'paper', place: '3柜2层' });
    expect(ticked.status, JSON.stringify(ticked.body)).toBe(200);
    expect(ticked.body.paper).toMatchObject({ by: { id: clerk.person, name: '王芳' }, place: '3柜2层' });
    const stranger = await system.as(demoCast.otherLecturer);
    expect((await stranger.post(url, { form: 'paper' })).status).toBe(404);
    const applicant = await system.as(demoCast.lecturer);
    expect((await applicant.post(url, { form: 'paper' })).status).toBe(403);
    expect((await clerk.post(url, { form: 'air' })).status).toBe(422);
  });

  test('count once, and each change stands in the office’s journal', async () => {
    const url = `/api/archive/${at(0)}/ticks`;
    await clerk.post(url, { form: 'paper' });
    await archivist.post(url, { form: 'paper', place: '3柜3层' });
    const rows = await sql`select person_id, code, facts from journal
      where chain = 'office' and action = 'archive-tick' and target = ${at(0)} order by sequence`;
    expect(rows.map((row) => [row.person_id, row.facts.place])).toEqual([
      [clerk.person, '3柜2层'],
      [archivist.person, '3柜3层'],
    ]);
  });

  test('are taken away with a reason only, and by whoever may tick', async () => {
    const url = `/api/archive/${at(1)}/ticks`;
    await archivist.post(url, { form: 'paper' });
    expect((await archivist.request('DELETE', `${url}/paper`, { reason: ' ' })).status).toBe(422);
    const applicant = await system.as(demoCast.lecturer);
    expect((await applicant.request('DELETE', `${url}/paper`, { reason: '误勾' })).status).toBe(403);
    expect((await clerk.request('DELETE', `${url}/paper`, { reason: '缺第二页' })).body.paper).toBeNull();
    expect((await clerk.request('DELETE', `${url}/paper`, { reason: '缺第二页' })).status).toBe(409);
    const [row] = await sql`select facts from journal where action = 'archive-untick' and target = ${at(1)}`;
    expect(row?.facts).toMatchObject({ reason: '缺第二页', tickedBy: archivist.person });
  });
});

describe('checks', () => {
  test('say whether a file is right, and what is wrong where it is not', async () => {
    const url = `/api/archive/${at(0)}/checks`;
    expect((await archivist.post(url, { accurate: false })).body.errors).toMatchObject([{ path: '/finding' }]);
    expect((await clerk.post(url, { accurate: true })).status).toBe(403);
    expect((await archivist.post(url, { accurate: false, finding: '题名有误' })).status).toBe(201);
    const { body } = await archivist.post(url, { accurate: true });
    expect(body.checks).toMatchObject([{ accurate: true }, { accurate: false, finding: '题名有误' }]);
  });
});

describe('the catalogue', () => {
  test('shows everything to the archive, a unit’s own to its people, and to others what they may see', async () => {
    const seen = async (person: string) => items(await (await system.as(person)).get('/api/archive')).map(({ no }) => no);
    expect(await seen(demoCast.archivist)).toEqual([...nos].reverse());
    expect(await seen(demoCast.supervisor)).toEqual([...nos].reverse());
    expect(await seen(demoCast.computingClerk)).toEqual([...nos].reverse());
    expect(await seen(demoCast.lecturer)).toEqual([...nos].reverse());
    expect(await seen(demoCast.otherLecturer)).toEqual([]);
  });

  test('is filtered, searched in Chinese, and paged', async () => {
    const found = async (query: string) => items(await archivist.get(`/api/archive?${query}`)).map(({ no }) => no);
    expect(await found(`q=${encodeURIComponent('暑期实践')}`)).toEqual([at(0)]);
    expect(await found(`q=${encodeURIComponent('没有的字')}`)).toEqual([]);
    expect(await found('ticked=both')).toEqual([at(0)]);
    expect(await found('ticked=no-paper')).toEqual([at(2), at(1)]);
    expect(await found('ticked=no-electronic')).toEqual([]);
    expect(
      await found(`year=${year}&unit=u-computing&process=seal-use&class=${encodeURIComponent('用印')}&retention=3-years`),
    ).toHaveLength(3);
    expect(await found(`year=${year - 1}`)).toEqual([]);
    expect(await found('retention=permanent')).toEqual([]);
    expect((await archivist.get('/api/archive?ticked=some&year=1')).body.errors).toHaveLength(2);
    const first = await archivist.get('/api/archive?limit=2');
    const second = await archivist.get(`/api/archive?limit=2&cursor=${first.body.nextCursor}`);
    expect([...items(first), ...items(second)].map(({ no }) => no)).toEqual([...nos].reverse());
    expect(second.body.nextCursor).toBeNull();
  });

  test('tells which files’ retention ends by a year, to those who appraise them', async () => {
    const url = (last: number) => `/api/archive/expiring?year=${last}`;
    expect(items(await archivist.get(url(year + 2)))).toEqual([]);
    expect(items(await archivist.get(url(year + 3)))).toMatchObject(nos.map((no) => ({ no, lastYear: year + 3 })));
    expect((await clerk.get(url(year + 3))).status).toBe(403);
  });
});

describe('a hand-over', () => {
  const url = '/api/archive/hand-over';

  test('waits until everything is ticked', async () => {
    const { status, body } = await clerk.post(url, { year, unit: 'u-computing' });
    expect(status).toBe(409);
    expect(body.detail).toContain('还有2件');
    expect((await archivist.post(url, { year, unit: 'u-computing' })).status).toBe(403);
    expect((await clerk.post(url, { year, unit: 'u-law' })).status).toBe(403);
    expect((await clerk.post(url, { year: year - 1, unit: 'u-computing' })).status).toBe(409);
    expect((await clerk.post(url, { year, unit: 'u-none' })).status).toBe(422);
  });

  test('is given by the unit once, taken by the archive once, and refused when the list was changed between', async () => {
    for (const no of nos) await clerk.post(`/api/archive/${no}/ticks`, { form: 'paper' });
    const given = await clerk.post(url, { year, unit: 'u-computing' });
    expect(given.status, JSON.stringify(given.body)).toBe(201);
    expect(given.body).toMatchObject({ count: 3, givenBy: { id: clerk.person }, takenBy: null });
    expect((await clerk.post(url, { year, unit: 'u-computing' })).body.id).toBe(given.body.id);
    const take = `${url}/${given.body.id}/take`;
    expect((await clerk.post(take, {})).status).toBe(403);
    await archivist.request('DELETE', `/api/archive/${at(2)}/ticks/paper`, { reason: '缺页' });
    expect((await archivist.post(take, {})).status).toBe(409);
    await clerk.post(`/api/archive/${at(2)}/ticks`, { form: 'paper' });
    expect((await archivist.post(take, {})).body).toMatchObject({ takenBy: { id: archivist.person } });
    expect((await archivist.post(take, {})).status).toBe(409);
    expect((await clerk.post(url, { year, unit: 'u-computing' })).status).toBe(409);
    const untick = await archivist.request('DELETE', `/api/archive/${at(2)}/ticks/paper`, { reason: '缺页' });
    expect([untick.status, (await clerk.post(`/api/archive/${at(2)}/ticks`, { form: 'paper', place: '他处' })).status]).toEqual([
      409, 409,
    ]);
    expect(items(await clerk.get(`${url}?year=${year}&unit=u-computing&which=outstanding`))).toEqual([]);
    const rows = await sql`select code from journal where action = 'archive-hand-over' order by sequence`;
    expect(rows.map((row) => row.code)).toEqual(['given', 'taken']);
  });

  test('lists its files in pages, as a page to be printed, and as a workbook', async () => {
    const query = `${url}?year=${year}&unit=u-computing`;
    const first = await clerk.get(`${query}&limit=2`);
    const second = await clerk.get(`${query}&limit=2&cursor=${first.body.nextCursor}`);
    expect([...items(first), ...items(second)]).toMatchObject(
      nos.map((no, index) => ({ number: index + 1, no, retention: '3年', pieces: 2, paper: '√', electronic: '√' })),
    );
    expect(first.body).toMatchObject({ count: 3, unticked: 0, handOvers: [{ count: 3 }] });
    const raw = async (format: string) => {
      const token = await system.api.context.sessions.issue(clerk.person);
      return system.api.api.inject({ url: `${query}&format=${format}`, headers: { authorization: `Bearer ${token}` } });
    };
    const page = await raw('html');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('&lt;i&gt;联合&lt;/i&gt;培养协议');
    expect(page.body).toContain('共3件');
    const workbook = new ExcelJS.Workbook();
    // ExcelJS declares a Buffer type of its own that Node's fits.
    await workbook.xlsx.load((await raw('xlsx')).rawPayload as never);
    const sheet = workbook.worksheets[0]!;
    expect((sheet.getRow(1).values as string[]).slice(1)).toEqual([
      '序号',
      '编号',
      '题名',
      '类别',
      '保管期限',
      '件数',
      '办结日期',
      '纸质',
      '电子',
      '接收日期',
      '检查',
    ]);
    expect(sheet.getRow(2).getCell(2).value).toBe(at(0));
    expect((await (await system.as(demoCast.lecturer)).get(query)).status).toBe(403);
  });
});

test('whoever is kept out of a matter finds nothing of it in the archive, whatever their office', async () => {
  await sql`update matters set kept_out = ${[clerk.person, archivist.person]} where no = ${at(0)}`;
  try {
    const file = `/api/archive/${at(0)}`;
    for (const person of [clerk, archivist]) {
      const answers = [
        await person.get(file),
        await person.post(`${file}/ticks`, { form: 'paper', place: '他处' }),
        await person.request('DELETE', `${file}/ticks/paper`, { reason: '误勾' }),
        await person.post(`${file}/checks`, { accurate: true }),
        await person.get(`/api/matters/${at(0)}/archive?format=json`),
      ];
      expect(answers.slice(0, 4).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
      const list = await person.get(`/api/archive/hand-over?year=${year}&unit=u-computing`);
      expect(items(list).map(({ no }) => no)).not.toContain(at(0));
      expect(list.body.count).toBe(2);
    }
    expect((await archivist.get(`/api/matters/${at(0)}/archive?format=json`)).status).toBe(404);
    expect(items(await archivist.get(`/api/archive/expiring?year=${year + 3}`)).map(({ no }) => no)).not.toContain(at(0));
  } finally {
    await sql`update matters set kept_out = '{}' where no = ${at(0)}`;
  }
});

test('a rebuild makes the catalogue exactly as it was and leaves ticks, checks, packages and hand-overs alone', async () => {
  const dump = async () => {
    const tables = ['archive_entries', 'archive_packages', 'archive_ticks', 'archive_checks', 'archive_hand_overs'];
    const rows = tables.map((table) =>
      sql.unsafe(`select t::text as row from ${table} t order by 1`).then((all) => all.map(({ row }) => row)),
    );
    return Promise.all(rows);
  };
  const before = await dump();
  expect(before.map((rows) => rows.length)).toEqual([3, 3, 6, 2, 1]);
  await sql`update archive_entries set title = '改了', year = 1999 where no = ${at(0)}`;
  await sql`delete from archive_entries where no = ${at(1)}`;
  const temporal = await connectTemporal(system.config);
  try {
    const { taskQueue } = system.config;
    await rebuild({ databaseUrl: system.database.url, client: temporal.client, taskQueue, report: () => undefined });
  } finally {
    await temporal.close();
  }
  expect(await dump()).toEqual(before);
});
