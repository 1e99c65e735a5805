/** What stands behind notices: who may be called, how long to wait, which place in a stream is where, what a message says. */
import { describe, expect, test } from 'vitest';
import { digestOf, linkOf, messageOf } from '../../activities/deliveries/compose.ts';
import { verdictOn } from '../../activities/deliveries/means.ts';
import { mayCall } from '../../activities/deliveries/webhook.ts';
import { covers, readCursor, readSnapshot, sees, writeCursor } from '../../api/stream/cursor.ts';
import { publishedHolidays } from '../../db/holidays.ts';
import { DEMO_OFFICE_HOURS } from '../../db/world.ts';
import type { WorkingCalendar } from '../../definitions/language/calendar.ts';
import { allWishes, defaultWish, tooSoonForDigest, wishOf } from '../../workflows/machine/telling/wishes.ts';
import { NOTICE_CHANNELS, NOTICE_KINDS } from '../../workflows/machine/words.ts';

const { years, days } = publishedHolidays();
const calendar: WorkingCalendar = {
  version: 1,
  offsetMinutes: 480,
  officeHours: DEMO_OFFICE_HOURS,
  publishedYears: [...years],
  days,
};

describe('addresses', () => {
  test.each(['127.0.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '100.64.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    '%s is called only where the school allows its own network',
    (address) => {
      expect([mayCall(address, false), mayCall(address, true)]).toEqual([false, true]);
    },
  );

  test.each(['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', 'fe80::1', '::', 'ff02::1', '::ffff:169.254.169.254'])(
    '%s is never called',
    (address) => {
      expect([mayCall(address, false), mayCall(address, true)]).toEqual([false, false]);
    },
  );

  test.each(['8.8.8.8', '2400:3200::1'])('%s is called', (address) => {
    expect(mayCall(address, false)).toBe(true);
  });
});

describe('tries', () => {
  const means = { tries: 20, retrySeconds: 10 };
  const failed = { kind: 'failed', fault: 'x', lasting: false } as const;
  test('come ever more slowly, up to four hours and half as long again', () => {
    const waits = [1, 2, 3, 12].map((attempts) => verdictOn(failed, attempts, means, 0));
    expect(waits).toEqual([10_000, 20_000, 40_000, 14_400_000].map((waitMs) => ({ status: 'waiting', waitMs })));
    expect(verdictOn(failed, 1, means, 1)).toEqual({ status: 'waiting', waitMs: 15_000 });
  });

  test('end: after three of what is refused for good, after all of them of the rest', () => {
    expect(verdictOn(failed, 20, means, 0)).toEqual({ status: 'dead' });
    expect(verdictOn({ ...failed, lasting: true }, 2, means, 0).status).toBe('waiting');
    expect(verdictOn({ ...failed, lasting: true }, 3, means, 0)).toEqual({ status: 'dead' });
  });

  test('wait as long as the other side asks, but no longer than four hours', () => {
    expect(verdictOn({ ...failed, retryAfterMs: 60_000 }, 1, means, 0)).toMatchObject({ waitMs: 60_000 });
    expect(verdictOn({ ...failed, retryAfterMs: 9e9 }, 1, means, 0)).toMatchObject({ waitMs: 14_400_000 });
  });
});

describe('places in a stream', () => {
  test('are read as they were written, and nothing else is', () => {
    const place = { snapshot: '100:110:101,105', until: '2026-11-18T02:00:00.000Z', sent: [7, 8] };
    expect(readCursor(writeCursor(place))).toEqual(place);
    const wrong = ['', 'x', '5:4:~1~', '1:9:6,5~1~', '1:9:9~1~', '0:9:~1~', `1:9:~1~${'1,'.repeat(9000)}1`, "1:1:';~1~"];
    expect(wrong.map(readCursor)).toEqual(wrong.map(() => null));
  });

  test('see what had ended, and not what was still running', () => {
    const snapshot = readSnapshot('100:110:101,105');
    expect(['99', '100', '101', '104', '105', '109', '110'].map((xact) => sees(snapshot, xact))).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test('come after each other only where nothing is forgotten', () => {
    const [older, newer] = [readSnapshot('100:110:101,105'), readSnapshot('101:110:101')];
    expect([covers(newer, older), covers(older, newer), covers(older, older)]).toEqual([true, false, true]);
  });
});

describe('wishes', () => {
  test('have a sound default each, among the choices', () => {
    const all = allWishes([]);
    expect(all).toHaveLength(NOTICE_KINDS.length * NOTICE_CHANNELS.length);
    expect(all.filter((one) => !one.choices.includes(one.wish))).toEqual([]);
    expect([defaultWish('urged', 'email'), defaultWish('commented', 'email'), defaultWish('commented', 'webhook')]).toEqual([
      'at-once',
      'digest',
      'off',
    ]);
  });

  test('that are no choice do not count', () => {
    expect(wishOf([{ kind: 'urged', channel: 'console', wish: 'off' }], 'urged', 'console')).toBe('at-once');
  });

  test('a task of less than a day of office hours is too soon for the next digest', () => {
    // Wednesday, ten o'clock.
    const now = '2026-11-18T02:00:00.000Z';
    expect(tooSoonForDigest(calendar, now, '2026-11-18T09:30:00.000Z')).toBe(true);
    expect(tooSoonForDigest(calendar, now, '2026-11-20T09:30:00.000Z')).toBe(false);
    expect(tooSoonForDigest(calendar, now, null)).toBe(false);
  });
});

describe('messages', () => {
  const setting = { publicUrl: 'https://oa.example', calendar };
  const about = {
    kind: 'task-opened' as const,
    text: '关于印章的申请:部门负责人',
    matter: { no: '用印〔2026〕12号', title: '关于印章的申请' },
    dueAt: '2026-11-18T09:30:00.000Z',
    link: null,
  };
  test('say what, of which matter, by when and where, and let nobody act', () => {
    const { subject, text } = messageOf(about, setting);
    expect(subject).toBe('[批办] 新的待办:关于印章的申请');
    expect(text).toContain('时限:2026-11-18 17:30');
    const links = text.match(/https?:\S+/g);
    expect(links).toEqual([`https://oa.example/matters/${encodeURIComponent('用印〔2026〕12号')}`]);
  });

  test('have a subject of one short line, whatever a title holds', () => {
    const title = `甲\r\nBcc: x@y\n${'长'.repeat(300)}`;
    const { subject } = messageOf({ ...about, matter: { no: '1', title } }, setting);
    expect(subject).toMatch(/^[^\r\n]{1,120}$/);
  });

  test('lead into the console only', () => {
    const to = (link: string) => linkOf({ matter: null, link }, 'https://oa.example');
    expect(['/bulletins/2026-10', '//evil.example', 'https://evil.example', 'x'].map(to)).toEqual([
      'https://oa.example/bulletins/2026-10',
      ...Array.from({ length: 3 }, () => 'https://oa.example'),
    ]);
  });

  test('of a day are told by kind', () => {
    const { text } = digestOf([about, { ...about, kind: 'replied' }, about], '2026-11-18', setting);
    expect(text).toMatch(/【新的待办】2项[\s\S]*2\. [\s\S]*【申请未获同意】1项/);
  });
});
