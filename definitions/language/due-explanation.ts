/** How a due date says in Chinese what was counted and what was not. */
import { dateOf, instantOf, MINUTE_MS, weekdayOf } from './civil-date.ts';
import type { Mark, Stage } from './due-count.ts';
import { receivedOn } from './due-count.ts';
import type { Coarseness, Piece } from './due-pieces.ts';
import { piecesOf } from './due-pieces.ts';
import type { DurationUnit } from './duration.ts';
import { describeParsed } from './duration.ts';
import type { CalendarView, Span } from './working-time.ts';
import { isWorking, schoolDayOf, workingSpans } from './working-time.ts';

/** What {@link explainLimit} tells of. */
export interface CountedLimit {
  /** The instant of the event. */
  start: number;
  /** The limit and its extensions, in order. */
  stages: readonly Stage[];
  /** Suspensions that have ended, ascending and apart. */
  stops: readonly Span[];
  /** Instants at which suspensions began that are still open. */
  stillFrom: readonly number[];
  /** Years without a published arrangement, ascending. */
  unpublished: readonly number[];
}

/** Writes days and times; the year only where it is not the one of the first day told. */
interface Writer {
  view: CalendarView;
  year: string;
}

const LINES_MAX = 15;
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
/** How the n-th day of a limit is named. */
const DAY_NAMES: Record<DurationUnit, string> = { workday: '个工作日', workhour: '', day: '日', month: '日' };

/** The lines that explain a counted limit: as fine as fifteen lines allow, with the middle left out if even the coarsest has more. */
export function explainLimit(view: CalendarView, counted: CountedLimit): string[] {
  const writer = writerFrom(view, counted.start);
  const notes = [
    ...counted.stillFrom.map((from) => `${moment(writer, from)}起暂停计时,恢复后顺延`),
    ...unpublishedNote(counted.unpublished),
  ];
  let lines: string[] = [];
  for (const coarseness of [0, 1, 2] as const) {
    lines = [...stagesLines(writer, counted, coarseness), ...notes];
    if (lines.length <= LINES_MAX) return lines;
  }
  const half = Math.floor(LINES_MAX / 2);
  return [...lines.slice(0, half), '……', ...lines.slice(-half)];
}

/** The lines that explain a last day named by somebody. */
export function explainDate(
  view: CalendarView,
  named: { start: number; day: number; end: number; unpublished: readonly number[] },
): string[] {
  const { start, day, end, unpublished } = named;
  const writer = writerFrom(view, start);
  const lines = [`指定${date(writer, day)}为最后一日,${clock(view, end)}截止`];
  if (!isWorking(view, day)) lines.push(`当日${restName(view, day)},按指定日期计,不顺延`);
  if (end < start) lines.push(`指定日期早于起算时间${moment(writer, start)}`);
  return [...lines, ...unpublishedNote(unpublished)];
}

function stagesLines(writer: Writer, counted: CountedLimit, coarseness: Coarseness): string[] {
  const lines: string[] = [];
  let from = counted.start;
  for (const [index, stage] of counted.stages.entries()) {
    const isHours = stage.limit.unit === 'workhour';
    if (index > 0) lines.push(extensionLine(writer, stage, from));
    else lines.push(isHours ? hoursBeginLine(writer, from) : receivedLine(writer, from));
    const word = index === counted.stages.length - 1 ? '截止' : '届满';
    lines.push(...(isHours ? hourLines(writer, stage, counted.stops, from, coarseness) : dayLines(writer, stage, coarseness)));
    lines.push(endLine(writer, stage, word));
    from = stage.endMs;
  }
  return lines;
}

function receivedLine(writer: Writer, start: number): string {
  const received = receivedOn(writer.view, start);
  const event = `${moment(writer, start)}收到`;
  if (received === schoolDayOf(writer.view, start)) return `${event},当日不计`;
  const reason = isWorking(writer.view, schoolDayOf(writer.view, start))
    ? '已下班'
    : restName(writer.view, schoolDayOf(writer.view, start));
  return `${event},${reason},视为${date(writer, received)}收到,当日不计`;
}

function hoursBeginLine(writer: Writer, start: number): string {
  for (const opening of workingSpans(writer.view, start)) {
    return opening.start === start
      ? `${moment(writer, start)}起算`
      : `${moment(writer, start)}收到,不在办公时间,自${moment(writer, opening.start)}起算`;
  }
  throw new Error('unreachable: workingSpans ends by throwing');
}

function extensionLine(writer: Writer, stage: Stage, from: number): string {
  const length = describeParsed(stage.limit);
  return stage.limit.unit === 'workhour'
    ? `延长${length},自${moment(writer, from)}起算`
    : `延长${length},自${date(writer, stage.startDay)}次日起算`;
}

/** The runs before the last day, and why the last day moved when it did. */
function dayLines(writer: Writer, stage: Stage, coarseness: Coarseness): string[] {
  const { view } = writer;
  const target = stage.marks.findLastIndex((mark) => mark.kind === 'counted');
  const carried = stage.marks.slice(target + 1, -1);
  const moved = target < stage.marks.length - 1;
  const pieces = piecesOf(view, stage, stage.marks.slice(0, moved ? target + 1 : target), coarseness);
  const lines = pieces.map((piece) => pieceLine(writer, stage, piece));
  const last = stage.marks[target];
  if (!moved || last === undefined) return lines;
  if (isWorking(view, last.day)) lines.push(`${date(writer, last.day)}下班时仍在暂停,末日顺延`);
  const passed: Mark[] = isWorking(view, last.day) ? carried : [{ day: last.day, kind: 'carried', ms: 0 }, ...carried];
  for (const piece of piecesOf(view, stage, passed, 0)) {
    lines.push(piece.kind === 'stopped' ? pieceLine(writer, stage, piece) : `${span(writer, piece)}${pieceName(piece)},顺延`);
  }
  return lines;
}

function hourLines(writer: Writer, stage: Stage, stops: readonly Span[], from: number, coarseness: Coarseness): string[] {
  const within = stops.filter((stop) => stop.end > from && stop.start < stage.endMs && stop.end > stop.start);
  const stopLines = within.map((stop) => `${moment(writer, stop.start)}—${moment(writer, stop.end)} 暂停计时,不计`);
  const told = stage.marks
    .slice(0, -1)
    .filter((mark) => !(mark.kind === 'stopped' || (mark.day === stage.startDay && mark.ms === 0)));
  const pieces = piecesOf(writer.view, stage, told, coarseness);
  return [...stopLines, ...pieces.map((piece) => pieceLine(writer, stage, piece))];
}

function pieceLine(writer: Writer, stage: Stage, piece: Piece): string {
  const where = span(writer, piece);
  if (piece.kind === 'stopped') return `${where}暂停计时,不计`;
  if (piece.kind === 'weekend' || piece.kind === 'off') return `${where}${pieceName(piece)},不计`;
  const idle = [
    piece.restDays > 0 ? `休息${piece.restDays}天` : '',
    piece.stoppedDays > 0 ? `暂停${piece.stoppedDays}天` : '',
  ].filter((part) => part !== '');
  const aside = idle.length > 0 ? `,其间${idle.join('、')}不计` : '';
  const extra = piece.kind === 'extra' ? `${piece.name}上班,` : '';
  if (stage.limit.unit === 'workhour') return `${where}${extra}计${hours(piece.ms)}${aside}`;
  const full = piece.after === stage.total && stage.limit.unit === 'month' ? `,满${describeParsed(stage.limit)}` : '';
  const from = piece.before + 1;
  const which = from >= piece.after ? `${piece.after}` : `${from}至${piece.after}`;
  return `${where}${extra}第${which}${DAY_NAMES[stage.limit.unit]}${full}${aside}`;
}

/** The last line of a limit: when it ends, and that this is the day it came to, unless it moved there. */
function endLine(writer: Writer, stage: Stage, word: string): string {
  const { unit } = stage.limit;
  const length = describeParsed(stage.limit);
  const last = stage.marks.at(-1);
  if (unit === 'workhour') return `${moment(writer, stage.endMs)}满${length},${word}`;
  const day = schoolDayOf(writer.view, stage.endMs);
  const ending = `${clock(writer.view, stage.endMs)}${word}`;
  if (last?.kind !== 'counted') return `${date(writer, day)}${ending}`;
  const exception = unit === 'workday' ? writer.view.calendar.days[dateOf(day)] : undefined;
  const extra = exception?.kind === 'work' ? `${exception.name}上班,` : '';
  const full = unit === 'month' ? `,满${length}` : '';
  return `${date(writer, day)}${extra}第${stage.total}${DAY_NAMES[unit]}${full},${ending}`;
}

function unpublishedNote(years: readonly number[]): string[] {
  if (years.length === 0) return [];
  const which = years.length <= 3 ? years.map((year) => `${year}年`).join('、') : `${years[0]}年至${years.at(-1)}年`;
  return [`${which}放假安排尚未公布,按周一至周五暂算`];
}

function writerFrom(view: CalendarView, start: number): Writer {
  return { view, year: dateOf(schoolDayOf(view, start)).slice(0, 4) };
}

/** `2月12日`, or `2027年1月4日` in another year than the one given. */
function shortDate(year: string, day: number): string {
  const [ofDay, month, dayOfMonth] = dateOf(day).split('-');
  return `${ofDay === year ? '' : `${ofDay}年`}${Number(month)}月${Number(dayOfMonth)}日`;
}

/** `2月12日(周四)`. */
function date(writer: Writer, day: number): string {
  return `${shortDate(writer.year, day)}(${WEEKDAYS[weekdayOf(day)]})`;
}

/** `17:30` in school time. */
function clock(view: CalendarView, ms: number): string {
  return instantOf(ms + view.offsetMs).slice(11, 16);
}

/** `2月12日(周四)10:00`. */
function moment(writer: Writer, ms: number): string {
  return `${date(writer, schoolDayOf(writer.view, ms))}${clock(writer.view, ms)}`;
}

/** `2月14日(周六)` for one day, `2月15日—2月23日 ` for several. */
function span(writer: Writer, { first, last }: Piece): string {
  if (first === last) return date(writer, first);
  return `${shortDate(writer.year, first)}—${shortDate(dateOf(first).slice(0, 4), last)} `;
}

function pieceName(piece: Piece): string {
  return piece.kind === 'weekend' ? '周末' : holidayName(piece.name);
}

function restName(view: CalendarView, day: number): string {
  const exception = view.calendar.days[dateOf(day)];
  return exception === undefined ? '周末' : holidayName(exception.name);
}

function holidayName(name: string): string {
  return name.endsWith('假') ? name : `${name}放假`;
}

/** `7小时`, `1小时30分`, `20分`. */
function hours(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const whole = Math.floor(minutes / 60);
  const rest = minutes - whole * 60;
  return `${whole > 0 ? `${whole}小时` : ''}${rest > 0 || whole === 0 ? `${rest}分` : ''}`;
}
