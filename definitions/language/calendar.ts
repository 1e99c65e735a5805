/**
 * The working calendar: the one door to dates, working time and due dates for everybody outside this folder.
 *
 * Plain JSON in, plain values out; pure arithmetic in the school's own time, the same under any `TZ`.
 */
export { addDays } from './civil-date.ts';
export type { Due, Light, Notice, Suspension } from './due.ts';
export { dueFromDate, LIGHTS, latestNotice, lightAt, reckonDue } from './due.ts';
export type { Duration } from './duration.ts';
export type { CalendarDay, WorkingCalendar } from './working-time.ts';
export {
  addWorkingMinutes,
  atSchoolTime,
  closeOfDay,
  isWorkingDay,
  nextMorning,
  nextWorkingMoment,
  schoolDate,
  schoolTime,
  shiftWorkingDays,
  workingMinutesBetween,
} from './working-time.ts';
