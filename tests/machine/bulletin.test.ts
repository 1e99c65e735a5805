/** Goal: a bulletin says of a month what happened in it, no more and no less, and is made on the working day that it should be. */
import { describe, expect, test } from 'vitest';
import { bulletinHtml } from '../../api/documents/bulletin/html.ts';
import { partsOf, signatureOf } from '../../api/documents/bulletin/parts.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { viewerOf } from '../../workflows/machine/people/rights.ts';
import {
  type BulletinItem,
  type BulletinMaterial,
  bulletinSettings,
  figuresOf,
  firstWorkingDay,
  monthAfter,
  monthDue,
  reckonBulletin,
  spanOf,
  workingDayOf,
} from '../../workflows/machine/supervision/bulletin.ts';
import {
  firstWords,
  issuerOf,
  mayEditBulletin,
  mayPublishBulletin,
  readersOf,
  summaryOf,
  tellingOf,
} from '../../workflows/machine/supervision/bulletin-words.ts';
import { demoCalendar } from '../support/school.ts';

const MONTH = '2026-10';
const directory = demoUniversity();
/** Noon of a day, in school time. */
const at = (day: string) => `${day}T04:00:00.000Z`;

function item(changes: Partial<BulletinItem> & { matterId: string }): BulletinItem {
  return {
    no: changes.matterId.toUpperCase(),
    title: `事项${changes.matterId}`,
    source: 'leader-instruction',
    leadUnit: 'u-computing',
    responsible: demoCast.computingHead,
    status: changes.endedAt === undefined || changes.endedAt === null ? 'open' : 'completed',
    startedAt: at('2026-08-10'),
    endedAt: null,
    dueAt: at('2026-12-01'),
    overdueFrom: at('2026-12-01'),
    stoppedAt: changes.endedAt ?? null,
    extensions: 0,
    percent: null,
    progress: null,
    progressAt: null,
    delayReason: null,
    ...changes,
  };
}

const nothing: BulletinMaterial = { items: [], reported: [], missed: {}, granted: {}, queued: [], published: [] };
const names = {
  calendar: demoCalendar,
  now: at('2026-11-02'),
  nameOf: (id: string) => directory.people[id]?.name ?? directory.units[id]?.name ?? id,
  issuer: issuerOf(directory),
};

function bulletin(material: Partial<BulletinMaterial>, kind: 'supervision' | 'key-work' = 'supervision') {
  return reckonBulletin(kind, MONTH, { ...nothing, ...material }, names);
}

describe('the day of a bulletin', () => {
  test.each([
    ['2026-01', '2026-01-04'], // Sunday, made a working day: 1 to 3 January are the holiday
    ['2026-05', '2026-05-06'],
    ['2026-10', '2026-10-08'],
    ['2026-11', '2026-11-02'], // 1 November is a Sunday
    ['2026-12', '2026-12-01'],
  ])('in %s is %s, 调休 counted', (month, day) => {
    expect(firstWorkingDay(demoCalendar, month)).toBe(day);
  });

  test('may be another working day where the school says so', () => {
    expect(workingDayOf(demoCalendar, '2026-10', 3)).toBe('2026-10-10');
    expect(workingDayOf(demoCalendar, '2026-10', 99)).toBe('2026-10-30');
    const settings = bulletinSettings({ bulletin: { draftOnWorkday: 3 } });
    expect(monthDue(demoCalendar, at('2026-10-09'), settings)).toBeNull();
    expect(monthDue(demoCalendar, at('2026-10-10'), settings)).toBe('2026-09');
  });

  test('is told by the date of the school, and what was missed is made up for in the days after', () => {
    const settings = bulletinSettings({});
    expect(monthDue(demoCalendar, '2026-11-01T15:59:59.000Z', settings)).toBeNull();
    expect(monthDue(demoCalendar, '2026-11-01T16:00:00.000Z', settings)).toBe('2026-10');
    expect(monthDue(demoCalendar, at('2026-11-29'), settings)).toBe('2026-10');
    expect(monthDue(demoCalendar, at('2027-01-20'), settings)).toBe('2026-12');
  });

  test('months run over the end of a year', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-02', -3)]).toEqual([
      '2027-01',
      '2025-12',
      '2025-11',
    ]);
    expect(spanOf(demoCalendar, '2026-12')).toEqual({ from: '2026-11-30T16:00:00.000Z', to: '2026-12-31T16:00:00.000Z' });
  });
});

describe('the figures of a month', () => {
  const span = spanOf(demoCalendar, MONTH);

  test('count what began, ended, was late and still goes on, each once and in its month', () => {
    const items = [
      item({ matterId: 'a', startedAt: at('2026-10-01') }),
      item({ matterId: 'b', startedAt: at('2026-11-01') }),
      item({ matterId: 'c', endedAt: at('2026-10-20'), overdueFrom: null }),
      item({ matterId: 'd', endedAt: at('2026-10-20'), overdueFrom: at('2026-10-15') }),
      item({ matterId: 'e', endedAt: at('2026-10-20'), status: 'withdrawn', overdueFrom: null }),
      item({ matterId: 'f', endedAt: at('2026-11-01'), overdueFrom: at('2026-10-30') }),
      item({ matterId: 'g', endedAt: at('2026-09-30'), overdueFrom: null }),
      item({ matterId: 'h', overdueFrom: at('2026-11-01') }),
      item({ matterId: 'i', overdueFrom: null }),
    ];
    expect(figuresOf(items, span)).toEqual({
      issued: 1,
      done: 2,
      doneLate: 1,
      dropped: 1,
      // a, f, h, i
      open: 4,
      overdue: 1,
      // c of c, d and f
      onTimeRate: 33.3,
    });
  });

  test('have no rate where nothing was to be done', () => {
    expect(figuresOf([item({ matterId: 'a' })], span).onTimeRate).toBeNull();
  });

  test('of the units add up to those of the school', () => {
    const items = ['u-computing', 'u-finance', null].flatMap((leadUnit, at_) => [
      item({ matterId: `x${at_}`, leadUnit, startedAt: at('2026-10-05'), overdueFrom: at('2026-10-20') }),
      item({ matterId: `y${at_}`, leadUnit, endedAt: at('2026-10-06'), overdueFrom: null }),
    ]);
    const { totals, units } = bulletin({ items });
    expect(units.map((unit) => unit.unitName)).toContain('未定牵头单位');
    for (const key of ['issued', 'done', 'doneLate', 'dropped', 'open', 'overdue'] as const) {
      expect(
        units.reduce((sum, unit) => sum + unit[key], 0),
        key,
      ).toBe(totals[key]);
    }
  });
});

describe('a bulletin', () => {
  test('lists what is overdue with unit, person and days, the longest first', () => {
    const { overdue } = bulletin({
      items: [
        item({ matterId: 'new', overdueFrom: at('2026-10-31') }),
        item({ matterId: 'old', overdueFrom: at('2026-10-01'), delayReason: '外部审批', extensions: 2 }),
        item({ matterId: 'not', overdueFrom: at('2026-11-01') }),
      ],
    });
    expect(overdue).toMatchObject([
      { no: 'OLD', unitName: '计算机学院', responsibleName: '张启明', days: 30, extensions: 2, delayReason: '外部审批' },
      { no: 'NEW', days: 1 },
    ]);
  });

  test('names who left a request for feedback unanswered', () => {
    const items = [item({ matterId: 'a' }), item({ matterId: 'b' })];
    expect(bulletin({ items, missed: { a: 2 } }).missing).toMatchObject([{ no: 'A', missed: 2, lastReportAt: null }]);
  });

  test('names key work without its report of the month: not what is new, paused, ended or reported', () => {
    const key = { source: 'key-work' } as const;
    const items = [
      item({ ...key, matterId: 'owes' }),
      item({ ...key, matterId: 'new', startedAt: at('2026-10-02') }),
      item({ ...key, matterId: 'paused', status: 'suspended', stoppedAt: at('2026-09-01') }),
      item({ ...key, matterId: 'ended', endedAt: at('2026-10-20') }),
      item({ ...key, matterId: 'reported' }),
      item({ matterId: 'other' }),
    ];
    expect(bulletin({ items, reported: ['reported'] }, 'key-work').missing.map((one) => one.no)).toEqual(['OWES']);
    expect(bulletin({ items, reported: ['reported'] }).missing.map((one) => one.no)).toEqual(['OWES']);
  });

  test('of key work holds key work alone, and says how each stands', () => {
    const key = { source: 'key-work' } as const;
    const items = [
      item({ ...key, matterId: 'a', progress: '已完成选址', percent: 40, progressAt: at('2026-10-12') }),
      item({ ...key, matterId: 'b' }),
      item({ ...key, matterId: 'c', overdueFrom: at('2026-10-12') }),
      item({ ...key, matterId: 'd', endedAt: at('2026-10-12'), overdueFrom: null }),
      item({ matterId: 'other' }),
    ];
    const { progress, totals } = bulletin({ items }, 'key-work');
    expect(progress.map((one) => [one.no, one.state])).toEqual([
      ['A', '正常'],
      ['B', '未启动'],
      ['C', '滞后'],
      ['D', '完成'],
    ]);
    expect(totals.open).toBe(3);
  });

  test('compares with the month before as that was printed, else as it is reckoned now', () => {
    const items = [item({ matterId: 'a', endedAt: at('2026-09-20'), overdueFrom: null })];
    expect(bulletin({ items }).before).toMatchObject({ month: '2026-09', published: false, totals: { done: 1 } });
    const printed = { ...figuresOf([], spanOf(demoCalendar, '2026-09')), done: 7 };
    const published = [{ month: '2026-09', totals: printed, closed: [] }];
    expect(bulletin({ items, published }).before).toMatchObject({ published: true, totals: { done: 7 } });
  });

  describe('tells what was closed', () => {
    const items = [item({ matterId: 'a', endedAt: at('2026-10-20') }), item({ matterId: 'b', endedAt: at('2026-09-29') })];
    const entry = (matterId: string, day: string) => ({
      matterId,
      step: 'bulletin',
      topic: '批示',
      entry: { text: ' 已办结。 ' },
      queuedAt: at(day),
    });
    const queued = [entry('a', '2026-10-20'), entry('b', '2026-09-29')];
    const published = (closed: { matterId: string; step: string }[]) => [
      { month: '2026-09', totals: figuresOf([], spanOf(demoCalendar, '2026-09')), closed },
    ];

    test('in its month', () => {
      expect(bulletin({ items, queued }).closed).toMatchObject([{ no: 'A', text: '已办结。', carried: false }]);
    });

    test('and what came too late for the bulletin of its own month', () => {
      expect(bulletin({ items, queued, published: published([]) }).closed).toMatchObject([
        { no: 'A', carried: false },
        { no: 'B', carried: true },
      ]);
    });

    test('and nothing twice', () => {
      const told = published([{ matterId: 'b', step: 'bulletin' }]);
      expect(bulletin({ items, queued, published: told }).closed.map((one) => one.no)).toEqual(['A']);
    });
  });
});

describe('the words of a bulletin', () => {
  test('say the figures in a sentence, with the change since the month before', () => {
    const items = [
      item({ matterId: 'a', startedAt: at('2026-10-03'), endedAt: at('2026-10-20'), overdueFrom: null }),
      item({ matterId: 'b', overdueFrom: at('2026-10-15') }),
      item({ matterId: 'c', endedAt: at('2026-09-20'), overdueFrom: null }),
    ];
    const words = summaryOf(bulletin({ items }));
    for (const part of ['2026年10月新立项督办事项1项', '办结1项', '超期1项', '1个单位', '50%', '上月为100%', '下降50个百分点']) {
      expect(words).toContain(part);
    }
    expect(summaryOf(bulletin({}))).toContain('没有在办的督办事项');
  });

  test('say in words that nothing was to be done, and ask nothing of units then', () => {
    const idle = bulletin({ items: [item({ matterId: 'a', startedAt: at('2026-10-03'), overdueFrom: null })] });
    expect(summaryOf(idle)).toMatch(/本月无应办结事项。$/);
    expect(firstWords(idle).closing).toBe('');
    const busy = bulletin({ items: [item({ matterId: 'a', overdueFrom: at('2026-10-15') })] });
    expect(summaryOf(busy)).toContain('按期办结率0%，上月无应办结事项');
    expect(firstWords(busy).closing).toContain('请有超期未办结事项的单位');
    const after = bulletin({
      items: [item({ matterId: 'a', endedAt: at('2026-09-20'), overdueFrom: null }), item({ matterId: 'b' })],
    });
    expect(summaryOf(after)).toContain('本月无应办结事项，上月按期办结率为100%');
  });

  test('tell each head what concerns their unit, and leaders that it is out', () => {
    const figures = bulletin({ items: [item({ matterId: 'a', overdueFrom: at('2026-10-15') })], missed: { a: 1 } });
    expect(tellingOf(figures, '标题', '第1期', ['u-computing'])).toContain('贵单位超期未办结1项、未按期反馈1项');
    expect(tellingOf(figures, '标题', '第1期', ['u-finance'])).not.toContain('贵单位');
    const readers = readersOf(directory, '2026-11-02');
    expect(readers.find((one) => one.person === demoCast.computingHead)?.units).toEqual(['u-computing']);
    expect(readers.map((one) => one.person)).toEqual(expect.arrayContaining([demoCast.president, demoCast.viceForAcademic]));
    expect(readers.some((one) => one.person === demoCast.lecturer)).toBe(false);
  });

  test('are edited by supervisors and published by the office', () => {
    const rights = (person: string) => {
      const viewer = viewerOf(directory, demoCalendar, person, at('2026-11-02'))!;
      return [mayEditBulletin(viewer), mayPublishBulletin(viewer)];
    };
    expect(rights(demoCast.supervisor)).toEqual([true, false]);
    expect(rights(demoCast.officeDirector)).toEqual([true, true]);
    expect(rights(demoCast.officeDeputyDirector)).toEqual([true, true]);
    expect(rights(demoCast.computingHead)).toEqual([false, false]);
  });
});

describe('the page of a bulletin', () => {
  const items = [item({ matterId: 'a', title: '<script>alert(1)</script>', overdueFrom: at('2026-10-15') })];
  const figures = bulletin({ items });
  const words = { ...firstWords(figures), remarks: { 'u-computing': '请加紧 & 补报' } };

  test('shows every text as text', () => {
    const page = bulletinHtml({
      figures,
      words,
      published: { year: 2026, number: 3, at: at('2026-11-03') },
      calendar: demoCalendar,
    });
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('请加紧 &amp; 补报');
    expect(page).toContain('督办通报〔2026〕第3期');
    expect(page).toContain('2026年11月3日');
  });

  test('numbers its sections, says 无 where there is nothing, and a draft says so', () => {
    const document = { figures, words, published: null, calendar: demoCalendar };
    const parts = partsOf(document);
    const headings = parts.filter((part) => part.kind === 'heading').map((part) => part.text);
    expect(headings[0]).toBe('一、总体情况');
    expect(headings).toHaveLength(6);
    expect(parts).toContainEqual({ kind: 'paragraph', text: '无。' });
    expect(bulletinHtml(document)).toContain('未印发');
    expect(signatureOf(document)).toEqual(['党政办公室', '2026年11月2日']);
  });
});
