/** Goal: the printed sheet says what was applied for, who decided what and for whom, in words that people read on paper. */
import { describe, expect, test } from 'vitest';
import { attachmentPath } from '../../activities/archive/format.ts';
import { jsonFormsOf } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { viewerOf } from '../../workflows/machine/people/rights.ts';
import { archiveRights, lastYearOf, mayHandOver, mayTick, nextAttempt } from '../../workflows/machine/supervision/archive.ts';
import { opinionsOf } from '../../workflows/machine/telling/opinions.ts';
import { readableFields } from '../../workflows/machine/telling/readable.ts';
import { type Sheet, sheetOf } from '../../workflows/machine/telling/sheet.ts';
import { sheetPage } from '../../workflows/machine/telling/sheet-page.ts';
import { demoCalendar, given } from '../support/machine.ts';

const reading = {
  directory: demoUniversity(),
  calendar: demoCalendar,
  fileName: (id: string) => (id.startsWith('file-') ? '材料.pdf' : null),
};

type Played = ReturnType<typeof given>;

function sheetAfter(definition: ProcessDefinition, played: Played): Sheet {
  return sheetOf({
    definition,
    matter: played.matter,
    opinions: opinionsOf(played.events),
    schemas: jsonFormsOf(definition),
    reading,
    school: '华川大学',
    printed: { at: '2026-03-20T01:00:00.000Z', by: '陈思齐' },
  });
}

const begun = () => given(sealUse).at('2026-03-02T09:00:00+08:00').startedBy(demoCast.lecturer);

describe('a sheet', () => {
  test('has number, people, form and a column of opinions for each step in the order of the definition', () => {
    const sheet = sheetAfter(sealUse, begun().carriedToEnd());
    expect(sheet.heading).toBe('用印申请处理单');
    expect(sheet.facts).toContainEqual({ label: '申请单位', text: '计算机学院' });
    expect(sheet.fields).toContainEqual({ title: '用印校区', text: '南校区' });
    expect(sheet.fields).toContainEqual({ title: '是否涉及经费', text: '否' });
    expect(sheet.columns.map((column) => column.title)).toEqual([
      '部门负责人审批',
      '党政办主任审核',
      '核对用印并登记',
      '经办人领取',
    ]);
    expect(sheet.columns[0]?.opinions[0]).toMatchObject({ who: '张启明', says: '同意', round: 1 });
    expect(sheet.columns[2]?.opinions[0]?.output).toContainEqual({ title: '实际用印份数', text: '2' });
    expect(sheet.outcome).toContain('已办结');
    expect(sheet.printed).toBe('打印时间:2026-03-20 09:00 打印人:陈思齐');
  });

  test('keeps the opinions of every round, and leaves out what was taken back', () => {
    const played = begun()
      .when(demoCast.computingHead, 'return', { opinion: '落款有误' })
      .when(demoCast.lecturer, 'complete')
      .when(demoCast.computingHead, 'agree', { opinion: '已改正' });
    const [task] = opinionsOf(played.events).slice(-1);
    const column = () => sheetAfter(sealUse, played).columns.find((one) => one.title === '部门负责人审批');
    expect(column()?.opinions.map(({ says, opinion, round }) => [says, opinion, round])).toEqual([
      ['退回', '落款有误', 1],
      ['同意', '已改正', 2],
    ]);
    played.when(demoCast.computingHead, 'takeBack', { task: task?.task ?? '' });
    expect(column()?.opinions.map(({ says }) => says)).toEqual(['退回']);
    expect(opinionsOf(played.events).map(({ takenBack }) => takenBack)).toEqual([false, false, true]);
  });

  test('names whom somebody stood in for', () => {
    const opinions = opinionsOf(begun().carriedToEnd().events).map((one) => ({
      ...one,
      coverFor: demoCast.computingHead,
      coverForName: '张启明',
    }));
    const played = begun().carriedToEnd();
    const sheet = sheetOf({
      definition: sealUse,
      matter: played.matter,
      opinions: opinions.map((one, at) => (at === 0 ? { ...one, name: '刘臻' } : one)),
      schemas: jsonFormsOf(sealUse),
      reading,
      school: null,
      printed: { at: '2026-03-20T01:00:00.000Z', by: '陈思齐' },
    });
    expect(sheet.columns[0]?.opinions[0]?.who).toBe('刘臻代张启明');
  });

  test('while the matter goes on says that it does', () => {
    const sheet = sheetAfter(sealUse, begun());
    expect(sheet.outcome).toBeNull();
    expect(sheetPage(sheet)).toContain('尚未办结');
  });

  test('of a contract writes money out', () => {
    const played = given(contractReview).at('2026-03-02T09:00:00+08:00').startedBy(demoCast.lecturer);
    const texts = sheetAfter(contractReview, played).fields.map((field) => field.text ?? '');
    expect(texts.some((text) => /^[\d,]+\.\d\d元$/.test(text))).toBe(true);
  });
});

describe('a page', () => {
  test('holds no mark that somebody wrote, and fetches nothing', () => {
    const played = begun();
    const sheet = { ...sheetAfter(sealUse, played), title: '<script>alert(1)</script>"&\'', marks: ['<img src=x>'] };
    const page = sheetPage(sheet);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;&#39;');
    expect(page).not.toMatch(/<script|<img|https?:|url\(/);
    expect(page).toContain('size: A4');
  });
});

describe('a value in words', () => {
  const schema = {
    type: 'object',
    properties: {
      who: { title: '经办人', format: 'person' },
      when: { title: '时间', format: 'date-time' },
      price: { title: '金额', format: 'money-fen' },
      trip: { title: '行程', properties: { place: { title: '地点' }, days: { title: '天数' } } },
      goods: { title: '物品', items: { properties: { name: { title: '名称' }, count: { title: '数量' } } } },
      tags: { title: '标签', items: {} },
    },
  };

  test('has names, times, money, inner fields and tables; what the schema does not know comes last', () => {
    const value = {
      extra: true,
      who: demoCast.lecturer,
      when: '2026-03-02T01:00:00Z',
      price: 123_456_789,
      trip: { place: '北京', days: 3 },
      goods: [{ name: '纸', count: 2 }, { name: '笔' }],
      tags: ['甲', '乙'],
    };
    expect(readableFields(value, schema, reading)).toEqual([
      { title: '经办人', text: '陈思齐' },
      { title: '时间', text: '2026-03-02 09:00' },
      { title: '金额', text: '1,234,567.89元' },
      { title: '行程·地点', text: '北京' },
      { title: '行程·天数', text: '3' },
      {
        title: '物品',
        table: {
          columns: ['名称', '数量'],
          rows: [
            ['纸', '2'],
            ['笔', '—'],
          ],
        },
      },
      { title: '标签', text: '甲、乙' },
      { title: 'extra', text: '是' },
    ]);
  });
});

describe('rules of the archive', () => {
  test('count retention from the year after the matter was closed', () => {
    expect(lastYearOf('10-years', 2026)).toBe(2036);
    expect(lastYearOf('permanent', 2026)).toBeNull();
  });

  test('try a package again after half a minute, twice as long each time, and hourly in the end', () => {
    const now = '2026-03-02T00:00:00.000Z';
    const seconds = [1, 2, 3, 4, 5, 50].map((attempts) => (Date.parse(nextAttempt(attempts, now)) - Date.parse(now)) / 1_000);
    expect(seconds).toEqual([30, 60, 120, 240, 3_600, 3_600]);
  });

  test.each([
    [demoCast.archivist, { all: true, keeper: true, repairs: true, units: ['u-archives'] }],
    [demoCast.supervisor, { all: true, keeper: false, repairs: false, units: [] }],
    [demoCast.administrator, { all: true, keeper: false, repairs: true, units: [] }],
    [demoCast.computingClerk, { all: false, keeper: false, repairs: false, units: ['u-computing'] }],
    [demoCast.lecturer, { all: false, keeper: false, repairs: false, units: [] }],
  ] as const)('know what %s is to them', (person, { units, ...wanted }) => {
    const now = '2026-03-02T01:00:00.000Z';
    const viewer = viewerOf(reading.directory, demoCalendar, person, now);
    if (viewer === null) throw new Error(`${person} is unknown`);
    const rights = archiveRights(viewer, reading.directory, demoCalendar, now);
    expect(rights).toEqual({ ...wanted, units: [...units] });
    const own = units.some((unit) => unit === 'u-computing');
    expect(mayTick(rights, 'electronic', 'u-computing')).toBe(wanted.keeper);
    expect(mayTick(rights, 'paper', 'u-computing')).toBe(wanted.keeper || own);
    expect(mayHandOver(rights, 'u-computing')).toBe(own);
  });

  test('keep attachments under names that every system can hold', () => {
    expect(attachmentPath(1, '合同.pdf')).toBe('attachments/001-合同.pdf');
    expect(attachmentPath(12, '../../a:b?.docx')).toBe('attachments/012-_.._a_b_.docx');
    expect(attachmentPath(2, '\u202Efdp.exe')).toBe('attachments/002-fdp.exe');
    expect(attachmentPath(3, '...')).toBe('attachments/003-未命名');
    expect(Buffer.byteLength(attachmentPath(4, `${'长'.repeat(200)}.pdf`))).toBeLessThan(220);
  });
});
