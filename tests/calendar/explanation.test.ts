import { expect, test } from 'vitest';
import { reckonDue } from '../../definitions/language/calendar.ts';
import type { Duration } from '../../definitions/language/duration.ts';
import { at, calendarOf } from './support.ts';

const calendar = calendarOf();

function lines(
  from: string,
  limit: Duration,
  options: { suspensions?: [string, string | null][]; extensions?: Duration[] } = {},
): string[] {
  const suspensions = (options.suspensions ?? []).map(([from, to]) => ({ from: at(from), to: to === null ? null : at(to) }));
  return reckonDue(calendar, at(from), limit, { suspensions, extensions: options.extensions ?? [] }).explanation;
}

test('work days are told day by day, alike days together', () => {
  expect(lines('2026-02-12 10:00', '3 workdays')).toEqual([
    '2月12日(周四)10:00收到,当日不计',
    '2月13日(周五)第1个工作日',
    '2月14日(周六)春节调休上班,第2个工作日',
    '2月15日—2月23日 春节放假,不计',
    '2月24日(周二)第3个工作日,17:30截止',
  ]);
});

test('a limit that ends on a working weekend says so', () => {
  expect(lines('2026-10-08 10:00', '2 workdays').at(-1)).toBe('10月10日(周六)国庆节调休上班,第2个工作日,17:30截止');
});

test('an event after closing or on a day of rest tells the day it counts as received', () => {
  expect(lines('2026-03-02 17:31', '1 workday')[0]).toBe('3月2日(周一)17:31收到,已下班,视为3月3日(周二)收到,当日不计');
  expect(lines('2026-03-07 10:00', '1 workday')[0]).toBe('3月7日(周六)10:00收到,周末,视为3月9日(周一)收到,当日不计');
  expect(lines('2026-02-17 10:00', '1 day')[0]).toBe('2月17日(周二)10:00收到,春节放假,视为2月24日(周二)收到,当日不计');
});

test('a last day of rest tells what it moved past', () => {
  expect(lines('2026-02-05 10:00', '15 days')).toEqual([
    '2月5日(周四)10:00收到,当日不计',
    '2月6日—2月20日 第1至15日',
    '2月20日—2月23日 春节放假,顺延',
    '2月24日(周二)17:30截止',
  ]);
});

test('a limit in months tells its days', () => {
  expect(lines('2026-07-07 10:00', '1 month')).toEqual([
    '7月7日(周二)10:00收到,当日不计',
    '7月8日—8月6日 第1至30日',
    '8月7日(周五)第31日,满1个月,17:30截止',
  ]);
  expect(lines('2026-09-11 10:00', '1 month').slice(1)).toEqual([
    '9月12日—10月11日 第1至30日,满1个月',
    '10月11日(周日)周末,顺延',
    '10月12日(周一)17:30截止',
  ]);
});

test('hours are told by the day', () => {
  expect(lines('2026-02-13 16:10', '9.5 workhours')).toEqual([
    '2月13日(周五)16:10起算',
    '2月13日(周五)计1小时20分',
    '2月14日(周六)春节调休上班,计7小时',
    '2月15日—2月23日 春节放假,不计',
    '2月24日(周二)09:40满9.5个工作小时,截止',
  ]);
  expect(lines('2026-03-02 12:30', '1 workhour')).toEqual([
    '3月2日(周一)12:30收到,不在办公时间,自3月2日(周一)14:00起算',
    '3月2日(周一)15:00满1个工作小时,截止',
  ]);
});

test('suspensions are told where they stop the count', () => {
  expect(lines('2026-03-02 10:00', '5 workdays', { suspensions: [['2026-03-04 10:00', '2026-03-10 10:00']] })).toEqual([
    '3月2日(周一)10:00收到,当日不计',
    '3月3日—3月4日 第1至2个工作日',
    '3月5日—3月10日 暂停计时,不计',
    '3月11日—3月12日 第3至4个工作日',
    '3月13日(周五)第5个工作日,17:30截止',
  ]);
  expect(lines('2026-03-02 10:00', '4 workhours', { suspensions: [['2026-03-02 11:00', '2026-03-04 15:00']] })).toEqual([
    '3月2日(周一)10:00起算',
    '3月2日(周一)11:00—3月4日(周三)15:00 暂停计时,不计',
    '3月2日(周一)计1小时',
    '3月4日(周三)计2小时30分',
    '3月5日(周四)09:00满4个工作小时,截止',
  ]);
});

test('a last day broken off by a suspension tells why it moved', () => {
  expect(lines('2026-03-02 10:00', '2 workdays', { suspensions: [['2026-03-04 10:00', '2026-03-10 10:00']] })).toEqual([
    '3月2日(周一)10:00收到,当日不计',
    '3月3日—3月4日 第1至2个工作日',
    '3月4日(周三)下班时仍在暂停,末日顺延',
    '3月5日—3月10日 暂停计时,不计',
    '3月11日(周三)17:30截止',
  ]);
});

test('an extension begins a count of its own', () => {
  expect(lines('2026-03-02 10:00', '1 workday', { extensions: ['2 workdays', '1 workhour'] })).toEqual([
    '3月2日(周一)10:00收到,当日不计',
    '3月3日(周二)第1个工作日,17:30届满',
    '延长2个工作日,自3月3日(周二)次日起算',
    '3月4日(周三)第1个工作日',
    '3月5日(周四)第2个工作日,17:30届满',
    '延长1个工作小时,自3月5日(周四)17:30起算',
    '3月6日(周五)09:30满1个工作小时,截止',
  ]);
});

test('another year is named, and that its arrangement is not published', () => {
  expect(lines('2026-12-30 10:00', '5 workdays')).toEqual([
    '12月30日(周三)10:00收到,当日不计',
    '12月31日—2027年1月1日 第1至2个工作日',
    '2027年1月2日—1月3日 周末,不计',
    '2027年1月4日—1月5日 第3至4个工作日',
    '2027年1月6日(周三)第5个工作日,17:30截止',
    '2027年放假安排尚未公布,按周一至周五暂算',
  ]);
  expect(lines('2026-12-30 10:00', '60 months').at(-1)).toBe('2027年至2031年放假安排尚未公布,按周一至周五暂算');
});

test('a long limit folds its weekends and is told in fifteen lines at most', () => {
  expect(lines('2026-02-12 10:00', '60 workdays')).toEqual([
    '2月12日(周四)10:00收到,当日不计',
    '2月13日—2月14日 第1至2个工作日',
    '2月15日—2月23日 春节放假,不计',
    '2月24日—4月3日 第3至32个工作日,其间休息9天不计',
    '4月4日—4月6日 清明放假,不计',
    '4月7日—4月30日 第33至50个工作日,其间休息6天不计',
    '5月1日—5月5日 劳动节放假,不计',
    '5月6日—5月17日 第51至59个工作日,其间休息3天不计',
    '5月18日(周一)第60个工作日,17:30截止',
  ]);
});

test('a very long one is told in one run, rest and suspension counted', () => {
  // 248 work days in 2026 less 4 and 5 January and the four lost in March leave 242 up to 31 December.
  const suspensions: [string, string][] = [['2026-03-04 10:00', '2026-03-10 10:00']];
  expect(lines('2026-01-05 10:00', '240 workdays', { suspensions })).toEqual([
    '1月5日(周一)10:00收到,当日不计',
    '1月6日—12月28日 第1至239个工作日,其间休息112天、暂停6天不计',
    '12月29日(周二)第240个工作日,17:30截止',
  ]);
});

test('with more extensions than lines the middle is left out', () => {
  const told = lines('2026-03-02 10:00', '1 workday', { extensions: Array.from({ length: 12 }, (): Duration => '1 workday') });
  expect(told).toHaveLength(15);
  expect(told[0]).toBe('3月2日(周一)10:00收到,当日不计');
  expect(told[7]).toBe('……');
  expect(told.at(-1)).toBe('3月19日(周四)第1个工作日,17:30截止');
});
