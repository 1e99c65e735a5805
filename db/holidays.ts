/**
 * The published holiday arrangements, for seeding the `holidays` table. Nothing reckons with them directly: definitions and
 * the machine read the calendar from the database, where a school lays its own days over these.
 */
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { CalendarDay } from '../definitions/language/calendar.ts';

/** No matter of the platform is older, so earlier years would only lengthen the calendar. */
const FIRST_YEAR = 2024;

/** A date's entry reads `Spring Festival,春节,4`: English name, Chinese name, statutory days. */
const datesSchema = z.record(z.iso.date(), z.string().regex(/^[^,]+,[^,]+,\d+$/));
const packageSchema = z.object({ version: z.string() });
const arrangementSchema = z.object({ holidays: datesSchema, workdays: datesSchema });

/**
 * The off days and working weekends of every published year from 2024 on, as chinese-days has them.
 *
 * Its functions are avoided on purpose (domain D7): past its last year they answer as if nothing were a holiday, and a `Date` is
 * read in the machine's zone. Its data file has neither trap, and shows which years it covers: those with a National Day.
 *
 * @throws {Error} When the package's data has another shape than expected.
 */
export function publishedHolidays(): { years: number[]; days: Record<string, CalendarDay> } {
  const require = createRequire(import.meta.url);
  const { version } = packageSchema.parse(require('chinese-days/package.json'));
  const { holidays, workdays } = arrangementSchema.parse(require('chinese-days/dist/chinese-days.json'));
  const covered = Object.keys(holidays)
    .filter((date) => date.endsWith('-10-01'))
    .map((date) => Number(date.slice(0, 4)));
  const years = covered.filter((year) => year >= FIRST_YEAR).sort((a, b) => a - b);
  const days: Record<string, CalendarDay> = {};
  const add = (dates: Record<string, string>, kind: CalendarDay['kind'], suffix: string) => {
    for (const [date, entry] of Object.entries(dates)) {
      const year = Number(date.slice(0, 4));
      if (!years.includes(year)) continue;
      const source = `国务院办公厅关于${year}年部分节假日安排的通知(据 chinese-days ${version})`;
      days[date] = { kind, name: `${entry.split(',')[1]}${suffix}`, source };
    }
  };
  add(holidays, 'off', '');
  add(workdays, 'work', '调休');
  return { years, days: Object.fromEntries(Object.entries(days).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
