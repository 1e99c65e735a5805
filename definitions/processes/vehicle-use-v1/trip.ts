/** What the rules of 用车申请 ask of a trip: its days, its lead time, and who and what can go on it. Pure; no zod. */
import { addDays, latestNotice, type Notice, schoolDate, schoolTime, type WorkingCalendar } from '../../language/calendar.ts';
import type { Directory, Resource } from '../../language/directory.ts';
import type { VehicleUseForm } from './form.ts';

/** A vacation 寒暑假 in which the vehicles stand still; days `YYYY-MM-DD`, both included. */
export type SealedPeriod = { name: string; from: string; to: string };

// The functions of a flow see no calendar. All schools of the country keep one time, without summer time.
const SCHOOL_AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The school's day of an instant, where no calendar is at hand. */
export function dayAt(instant: string): string {
  return new Date(Date.parse(instant) + SCHOOL_AHEAD_MS).toISOString().slice(0, 10);
}

/** An instant as UTC with `Z`, however it was written. */
export function utc(instant: string): string {
  return new Date(instant).toISOString();
}

/** 用车天数: every calendar day that the trip touches counts as one. */
export function tripDays({ start, end }: Pick<VehicleUseForm, 'start' | 'end'>): number {
  return (Date.parse(dayAt(end)) - Date.parse(dayAt(start))) / DAY_MS + 1;
}

/** The calendar days of a trip. */
function daysOf({ start, end }: Pick<VehicleUseForm, 'start' | 'end'>): string[] {
  return Array.from({ length: tripDays({ start, end }) }, (_, at) => addDays(dayAt(start), at));
}

/** The first day of the run of days off by arrangement 放假 that a day belongs to, or null when it belongs to none. */
function holidayStart(calendar: WorkingCalendar, day: string): string | null {
  if (calendar.days[day]?.kind !== 'off') return null;
  let first = day;
  while (calendar.days[addDays(first, -1)]?.kind === 'off') first = addDays(first, -1);
  return first;
}

/** The first day by which the vehicles stand still on some day of the trip 封存, or null when they never do. */
export function sealedSince(
  calendar: WorkingCalendar,
  periods: readonly SealedPeriod[],
  trip: Pick<VehicleUseForm, 'start' | 'end'>,
): string | null {
  const starts = daysOf(trip).flatMap((day) => [
    holidayStart(calendar, day) ?? [],
    periods.filter(({ from, to }) => from <= day && day <= to).map(({ from }) => from),
  ]);
  return starts.flat().sort()[0] ?? null;
}

/**
 * Why a trip comes too late, in Chinese, or null when it is in time: before the holiday or vacation in which the vehicles stand
 * still, and with the lead time counted back from the day of use (domain D13).
 */
export function whyTooLate(
  calendar: WorkingCalendar,
  now: string,
  trip: Pick<VehicleUseForm, 'start' | 'end'>,
  rule: { lead: Notice; periods: readonly SealedPeriod[] },
): string | null {
  const sealed = sealedSince(calendar, rule.periods, trip);
  if (sealed !== null && schoolDate(calendar, now) >= sealed) return '节假日车辆封存,请在放假前办理';
  const latest = latestNotice(calendar, trip.start, rule.lead);
  return now <= latest ? null : `临时申请原则上不予安排:该次用车最迟应于${schoolTime(calendar, latest)}前申请`;
}

/** The vehicles in use that seat the passengers, of the model asked for where one is. */
export function fittingVehicles(directory: Directory, trip: Pick<VehicleUseForm, 'passengers' | 'model'>): Resource[] {
  return Object.values(directory.resources).filter(
    (one) =>
      one.kind === 'vehicle' &&
      one.active &&
      Number(one.attributes.seats) >= trip.passengers &&
      (trip.model === undefined || one.attributes.model === trip.model),
  );
}

/** Whether a person is absent at some moment between two instants in UTC. */
export function isAway(directory: Directory, person: string, from: string, to: string): boolean {
  return directory.absences.some((absence) => absence.person === person && absence.from < to && from < absence.to);
}
