/** Goal: bulletins are drafted once by the clock, edited without loss, published by the office, and never changed again. */
import { and, asc, eq, sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulletinsDuty } from '../../activities/bulletins.ts';
import { bulletinHash, bulletinOf } from '../../db/bulletins.ts';
import { bulletinQueue, bulletins, events, journal, ledger, numbers, outbox, progressReports } from '../../db/schema/index.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import type { BulletinItem } from '../../workflows/machine/supervision/bulletin.ts';
import { type Answer, type System, startSystem } from '../harness/system.ts';
import { filesOf } from '../support/zip-files.ts';

const BASE = '/api/supervision/bulletins';
/** Monday 2 November 2026, the first working day of the month, 9 in the morning at school. */
const MORNING = '2026-11-02T01:00:00.000Z';
const at = (day: string) => `${day}T04:00:00.000Z`;

let system: System;

beforeAll(async () => {
  system = await startSystem('bulletins', { worker: false });
  system.api.context.now = () => MORNING;
  const { db } = system.api.context;
  await db
    .insert(ledger)
    .values([
      row('m-done', { status: 'completed', endedAt: at('2026-10-20'), overdueFrom: null }),
      row('m-late', { overdueFrom: at('2026-10-10'), feedbackMissed: 2, extensions: 1 }),
      row('m-key', { source: 'key-work', leadUnit: 'u-finance' }),
      row('m-next', { startedAt: at('2026-11-01') }),
    ]);
  await db.insert(bulletinQueue).values({
    matterId: 'm-done',
    step: 'bulletin',
    topic: '领导批示办理情况',
    entry: { text: '已按批示办结。' },
    queuedAt: at('2026-10-20'),
  });
  await db.insert(progressReports).values({
    matterId: 'm-late',
    sequence: 3,
    at: at('2026-10-06'),
    step: 'undertake',
    personId: demoCast.computingHead,
    percent: 30,
    text: '进行中',
    attachments: [],
  });
  const event = { actorKind: 'clock' as const, commandId: 'c', previousHash: '', hash: '' };
  await db.insert(events).values([
    { ...event, matterId: 'm-late', sequence: 1, at: at('2026-10-13'), type: 'ReportMissed', facts: {} },
    { ...event, matterId: 'm-late', sequence: 2, at: at('2026-09-13'), type: 'ReportMissed', facts: {} },
    { ...event, matterId: 'm-late', sequence: 3, at: at('2026-10-07'), type: 'ExtensionAnswered', facts: { granted: true } },
    { ...event, matterId: 'm-late', sequence: 4, at: at('2026-10-08'), type: 'ExtensionAnswered', facts: { granted: false } },
  ]);
});
afterAll(async () => {
  await system?.stop();
});

function row(matterId: string, changes: Partial<typeof ledger.$inferInsert & BulletinItem>): typeof ledger.$inferInsert {
  return {
    matterId,
    no: matterId.toUpperCase(),
    processId: 'instruction-follow-up',
    title: `落实${matterId}`,
    content: '内容',
    source: 'leader-instruction',
    leadUnit: 'u-computing',
    assistUnits: [],
    responsible: demoCast.computingHead,
    status: 'open',
    startedAt: at('2026-09-01'),
    dueAt: at('2026-12-01'),
    yellowAt: at('2026-11-20'),
    orangeAt: at('2026-11-25'),
    feedbackMissed: 0,
    extensions: 0,
    ...changes,
  };
}

interface Shown {
  status: string;
  revision: number;
  issue: string | null;
  hash: string | null;
  words: { title: string; opening: string; closing: string; remarks: Record<string, string> };
  figures: {
    totals: Record<string, number | null>;
    overdue: { no: string; days: number }[];
    missing: { no: string; missed: number }[];
    extended: { no: string; granted: number }[];
    closed: { no: string; text: string }[];
  };
  may: { edit: boolean; publish: boolean };
}

const shown = (answer: Answer): Shown => answer.body as unknown as Shown;
const as = (person: string) => system.as(person);
const drafted = async () => shown(await (await as(demoCast.supervisor)).get(`${BASE}/2026-10`));

async function download(person: string, url: string) {
  const token = await system.api.context.sessions.issue(person);
  return system.api.api.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
}

function duty(now: string): Promise<string> {
  const { db, cache, log } = system.api.context;
  return bulletinsDuty({ db, cache, log }, now);
}

function officeEntries(target: string) {
  return system.api.context.db
    .select({ action: journal.action, person: journal.personId, facts: journal.facts })
    .from(journal)
    .where(and(eq(journal.chain, 'office'), eq(journal.target, target)))
    .orderBy(asc(journal.sequence));
}

describe('the daily duty', () => {
  test('waits for the first working day, drafts both kinds then, and nothing twice', async () => {
    expect(await duty('2026-11-01T02:00:00.000Z')).toContain('not yet');
    const both = await Promise.all([duty(MORNING), duty(MORNING)]);
    expect(both.join(' ').match(/supervision/g)).toHaveLength(1);
    expect(both.join(' ').match(/key-work/g)).toHaveLength(1);
    expect(await duty('2026-11-03T02:00:00.000Z')).toBe('2026-10 has its bulletins');
    expect(await officeEntries('supervision/2026-10')).toEqual([{ action: 'draft-bulletin', person: null, facts: {} }]);
  });

  test('reckons from the ledger, its reports, its record and what was queued', async () => {
    const { figures, status, may } = await drafted();
    expect({ status, may }).toEqual({ status: 'draft', may: { edit: true, publish: false } });
    expect(figures.totals).toMatchObject({ issued: 0, done: 1, doneLate: 0, open: 2, overdue: 1, onTimeRate: 50 });
    expect(figures.overdue).toMatchObject([{ no: 'M-LATE', days: 21 }]);
    expect(figures.missing).toMatchObject([
      { no: 'M-LATE', missed: 1 },
      { no: 'M-KEY', missed: 0 },
    ]);
    expect(figures.extended).toMatchObject([{ no: 'M-LATE', granted: 1 }]);
    expect(figures.closed).toMatchObject([{ no: 'M-DONE', text: '已按批示办结。' }]);
  });
});

describe('a draft', () => {
  test('is for supervisors and the office alone', async () => {
    for (const person of [demoCast.lecturer, demoCast.computingHead]) {
      expect((await (await as(person)).get(`${BASE}/2026-10`)).status).toBe(404);
      expect((await (await as(person)).get(BASE)).body.items).toEqual([]);
      expect((await (await as(person)).post(`${BASE}/2026-10/draft`, undefined)).status).toBe(403);
      expect((await (await as(person)).post(`${BASE}/2026-10/publish`, {})).status).toBe(403);
    }
    expect((await (await as(demoCast.officeDirector)).get(BASE)).body.items).toHaveLength(2);
  });

  test('takes words, and of two editors the slower gets what the faster wrote', async () => {
    const { words, revision } = await drafted();
    const change = (title: string) => ({
      revision,
      words: { ...words, title, remarks: { 'u-computing': '请说明原因', 'u-finance': '' } },
    });
    const supervisor = await as(demoCast.supervisor);
    const first = await supervisor.request('PUT', `${BASE}/2026-10/words`, change('第一稿'));
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    expect(shown(first).words.remarks).toEqual({ 'u-computing': '请说明原因' });
    const second = await (await as(demoCast.officeDirector)).request('PUT', `${BASE}/2026-10/words`, change('第二稿'));
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'too-late', bulletin: { revision: revision + 1, words: { title: '第一稿' } } });
  });

  test('refuses figures, empty titles and units that it does not name, all at once', async () => {
    const { words, revision } = await drafted();
    const supervisor = await as(demoCast.supervisor);
    const bad = await supervisor.request('PUT', `${BASE}/2026-10/words`, {
      revision,
      figures: {},
      words: { ...words, title: ' ' },
    });
    expect(bad.status).toBe(422);
    expect((bad.body.errors as unknown as { path: string }[]).map((one) => one.path)).toEqual(
      expect.arrayContaining(['/words/title']),
    );
    const stranger = await supervisor.request('PUT', `${BASE}/2026-10/words`, {
      revision,
      words: { ...words, remarks: { 'u-law': '无' } },
    });
    expect(stranger.body.errors).toEqual([{ path: '/words/remarks/u-law', message: '本期通报没有这个单位' }]);
  });

  test('is reckoned anew on demand and keeps its words', async () => {
    const before = await drafted();
    await system.api.context.db
      .update(ledger)
      .set({ overdueFrom: at('2026-10-30') })
      .where(eq(ledger.matterId, 'm-late'));
    const answer = await (await as(demoCast.supervisor)).post(`${BASE}/2026-10/draft`, undefined);
    expect(shown(answer)).toMatchObject({
      revision: before.revision + 1,
      words: before.words,
      figures: { overdue: [{ days: 1 }] },
    });
  });

  test('of a month that goes on, or of none, is refused', async () => {
    const supervisor = await as(demoCast.supervisor);
    expect((await supervisor.post(`${BASE}/2026-11/draft`, undefined)).status).toBe(409);
    expect((await supervisor.post(`${BASE}/2026-13/draft`, undefined)).status).toBe(422);
    expect((await supervisor.get(`${BASE}/2026-09`)).status).toBe(404);
  });
});

describe('publishing', () => {
  test('wants the revision that was read', async () => {
    const { revision } = await drafted();
    const stale = await (await as(demoCast.officeDirector)).post(`${BASE}/2026-10/publish`, { revision: revision - 1 });
    expect(stale.status).toBe(409);
    expect((await (await as(demoCast.supervisor)).post(`${BASE}/2026-10/publish`, { revision })).status).toBe(403);
  });

  test('numbers, hashes, freezes and tells heads and leaders; a second click changes nothing', async () => {
    const { revision } = await drafted();
    const director = await as(demoCast.officeDirector);
    const [one, two] = await Promise.all([1, 2].map(() => director.post(`${BASE}/2026-10/publish`, { revision })));
    expect([one?.status, two?.status]).toEqual([200, 200]);
    expect(shown(one!)).toMatchObject({
      status: 'published',
      issue: '督办通报〔2026〕第1期',
      may: { edit: false, publish: false },
    });
    expect(shown(two!).hash).toBe(shown(one!).hash);
    const { db } = system.api.context;
    const kept = await bulletinOf(db, 'supervision', '2026-10');
    expect(kept?.hash).toBe(bulletinHash(kept!));
    const entries = await officeEntries('supervision/2026-10');
    expect(entries.map((entry) => entry.action)).toEqual([
      'draft-bulletin',
      'edit-bulletin',
      'draft-bulletin',
      'publish-bulletin',
    ]);
    expect(entries.at(-1)).toMatchObject({ person: demoCast.officeDirector, facts: { number: 1, year: 2026, hash: kept?.hash } });
    const told = await db.select({ person: outbox.personId, text: outbox.text, link: outbox.link }).from(outbox);
    expect(new Set(told.map((notice) => notice.person)).size).toBe(told.length);
    const head = told.find((notice) => notice.person === demoCast.computingHead);
    expect(head).toMatchObject({ link: '/bulletins/2026-10?kind=supervision' });
    expect(head?.text).toContain('贵单位超期未办结1项');
    expect(told.map((notice) => notice.person)).toContain(demoCast.president);
  });

  test('leaves nothing that words, figures or SQL can change', async () => {
    const { words, revision } = await drafted();
    const supervisor = await as(demoCast.supervisor);
    expect((await supervisor.request('PUT', `${BASE}/2026-10/words`, { revision, words })).status).toBe(409);
    expect((await supervisor.post(`${BASE}/2026-10/draft`, undefined)).status).toBe(409);
    const { db } = system.api.context;
    const cause = async (change: Promise<unknown>) => String(await change.catch((error: Error) => error.cause));
    const own = and(eq(bulletins.kind, 'supervision'), eq(bulletins.month, '2026-10'));
    expect(await cause(db.update(bulletins).set({ number: 2 }).where(own))).toContain('never changed');
    expect(await cause(db.delete(bulletins).where(own))).toContain('never changed');
    expect(await cause(db.execute(sql`truncate bulletins`))).toContain('never changed');
  });

  test('says that it was tampered with when somebody got round the guards, and is printed no more', async () => {
    const { db } = system.api.context;
    const forge = (title: string) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`alter table bulletins disable trigger user`);
        await tx.execute(sql`update bulletins set words = jsonb_set(words, '{title}', to_jsonb(${title}::text))
          where kind = 'supervision' and month = '2026-10'`);
        await tx.execute(sql`alter table bulletins enable trigger user`);
      });
    const reader = await as(demoCast.lecturer);
    const { title, tampered } = shown(await reader.get(`${BASE}/2026-10`)) as unknown as { title: string; tampered: boolean };
    expect(tampered).toBe(false);
    await forge('从未印发的标题');
    expect(await reader.get(`${BASE}/2026-10`)).toMatchObject({ status: 200, body: { tampered: true } });
    expect((await reader.get(`${BASE}/2026-10?format=docx`)).status).toBe(409);
    await forge(title);
    expect(await reader.get(`${BASE}/2026-10`)).toMatchObject({ body: { tampered: false } });
  });

  test('that fails takes no number: each kind counts by itself without a gap', async () => {
    const director = await as(demoCast.officeDirector);
    const publish = (month: string, kind: string) => director.post(`${BASE}/${month}/publish?kind=${kind}`, undefined);
    expect((await publish('2026-09', 'supervision')).status).toBe(404);
    const supervisor = await as(demoCast.supervisor);
    for (const month of ['2026-08', '2026-09'])
      expect((await supervisor.post(`${BASE}/${month}/draft`, undefined)).status).toBe(200);
    const issues = await Promise.all(['2026-08', '2026-09'].map((month) => publish(month, 'supervision')));
    expect(issues.map((answer) => shown(answer).issue).sort()).toEqual(['督办通报〔2026〕第2期', '督办通报〔2026〕第3期']);
    expect(shown(await publish('2026-10', 'key-work')).issue).toBe('重点工作通报〔2026〕第1期');
    const series = await system.api.context.db.select().from(numbers);
    expect(series.find((one) => one.series === 'bulletin:supervision')?.last).toBe(3);
  });
});

describe('a published bulletin', () => {
  test('is read by everybody, page by page, the latest first', async () => {
    const lecturer = await as(demoCast.lecturer);
    const months: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await lecturer.get(`${BASE}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = body as unknown as { items: { month: string; kind: string }[]; nextCursor: string | null };
      months.push(...page.items.map((one) => `${one.kind} ${one.month}`));
      cursor = page.nextCursor;
    }
    expect(months).toEqual(['supervision 2026-10', 'key-work 2026-10', 'supervision 2026-09', 'supervision 2026-08']);
    expect((await lecturer.get(`${BASE}/2026-10`)).body.status).toBe('published');
  });

  test('is a page that runs nothing', async () => {
    const page = await download(demoCast.lecturer, `${BASE}/2026-10?format=html`);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    for (const words of ['督办通报〔2026〕第1期', '第一稿', '请说明原因', 'M-LATE', '张启明']) expect(page.body).toContain(words);
  });

  test('is a Word file with the fonts, margins and page numbers of official documents', async () => {
    const answer = await download(demoCast.lecturer, `${BASE}/2026-10?format=docx`);
    expect(decodeURIComponent(String(answer.headers['content-disposition']))).toContain('督办通报〔2026〕第1期 第一稿.docx');
    const files = await filesOf(answer.rawPayload);
    const text = files['word/document.xml'] ?? '';
    for (const part of [
      '督办通报〔2026〕第1期',
      '方正小标宋简体',
      '仿宋_GB2312',
      'w:line="560"',
      'w:w="11906"',
      '<w:tblHeader/>',
    ]) {
      expect(text).toContain(part);
    }
    expect(files['word/footer1.xml']).toContain(' PAGE ');
    expect(files['word/fontTable.xml']).toContain('<w:altName w:val="仿宋"/>');
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['[Content_Types].xml', '_rels/.rels', 'word/_rels/document.xml.rels']),
    );
  });

  test('is a workbook with totals, units and what is overdue; who took it away is in the access log', async () => {
    const answer = await download(demoCast.lecturer, `${BASE}/2026-10?format=xlsx`);
    const book = new ExcelJS.Workbook();
    // The library's type of a buffer is an older one.
    await book.xlsx.load(answer.rawPayload as unknown as ArrayBuffer);
    expect(book.worksheets.map((sheet) => sheet.name).slice(0, 3)).toEqual(['总表', '各单位', '超期清单']);
    expect(book.getWorksheet('超期清单')?.getRow(2).values).toEqual(expect.arrayContaining(['M-LATE', '张启明', 1]));
    expect(book.getWorksheet('总表')?.getRow(3).values).toEqual([undefined, '办结', 1, 0, 1]);
    const [last] = await system.api.context.db
      .select({ person: journal.personId, facts: journal.facts })
      .from(journal)
      .where(and(eq(journal.action, 'export'), eq(journal.target, 'supervision/2026-10')))
      .orderBy(sql`${journal.sequence} desc`);
    expect(last).toEqual({ person: demoCast.lecturer, facts: { format: 'xlsx', status: 'published' } });
  });
});
