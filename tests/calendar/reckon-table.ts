/** Prints what every row of the hand-counted table comes to, for zones.test.ts to run under other time zones. */
import { reckonDue, schoolTime } from '../../definitions/language/calendar.ts';
import { COUNTED_BY_HAND } from './dates-2026.ts';
import { calendarOf } from './support.ts';

const calendar = calendarOf();
const rows = COUNTED_BY_HAND.map(({ from, limit }) => {
  const due = reckonDue(calendar, `${from.replace(' ', 'T')}+08:00`, limit);
  return { dueInSchool: schoolTime(calendar, due.dueAt), ...due };
});
console.log(JSON.stringify({ localHour: new Date('2026-02-13T16:30:00Z').getHours(), rows }));
