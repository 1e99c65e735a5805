/** Prints what every row of the hand-counted tables comes to, for zones.test.ts to run under other time zones. */
import { reckonDue, schoolTime, type WorkingCalendar } from '../../definitions/language/calendar.ts';
import { COUNTED_BY_HAND, type CountedByHand } from './dates-2026.ts';
import { COUNTED_ACROSS_YEARS, threeYears } from './dates-years.ts';
import { calendarOf } from './support.ts';

function reckoned(calendar: WorkingCalendar, table: readonly CountedByHand[]) {
  return table.map(({ from, limit }) => {
    const due = reckonDue(calendar, `${from.replace(' ', 'T')}+08:00`, limit);
    return { dueInSchool: schoolTime(calendar, due.dueAt), ...due };
  });
}

const rows = [...reckoned(calendarOf(), COUNTED_BY_HAND), ...reckoned(threeYears(), COUNTED_ACROSS_YEARS)];
console.log(JSON.stringify({ localHour: new Date('2026-02-13T16:30:00Z').getHours(), rows }));
