/**
 * Reckons one due date on the published calendar and the demo school's office hours, and says how.
 *
 *   npm run --silent due -- 2026-02-12T10:00+08:00 "3 workdays"
 *   npm run --silent due -- 2026-03-02T10:00+08:00 "15 workdays" --suspend 2026-03-04T10:00+08:00/2026-03-10T10:00+08:00 --extend "5 workdays"
 *
 * It prints JSON. Bad arguments give one line on stderr and exit code 2.
 */
import { parseArgs } from 'node:util';
import { publishedHolidays } from '../db/holidays.ts';
import type { Due, Suspension, WorkingCalendar } from '../definitions/language/calendar.ts';
import { reckonDue } from '../definitions/language/calendar.ts';
import type { Duration } from '../definitions/language/duration.ts';
import { parseDuration } from '../definitions/language/duration.ts';

const USAGE = 'due FROM "N workdays|workhours|days|months" [--suspend FROM/TO]... [--extend DURATION]...';
const LINE_LENGTH_MAX = 300;

/** The demo school's calendar with nothing of its own: office hours of design.md §6, the published arrangements, no overrides. */
function demoCalendar(): WorkingCalendar {
  const { years, days } = publishedHolidays();
  const officeHours = [
    { from: '08:30', to: '12:00' },
    { from: '14:00', to: '17:30' },
  ];
  return { version: 1, offsetMinutes: 480, officeHours, publishedYears: years, days };
}

function durationOf(text: string): Duration {
  parseDuration(text);
  // What parseDuration accepts is a Duration.
  return text as Duration;
}

function suspensionOf(text: string): Suspension {
  const [from, to, ...rest] = text.split('/');
  if (from === undefined || to === undefined || rest.length > 0) {
    throw new Error(`Invalid suspension "${text}". Give FROM/TO, or FROM/ for one that still lasts.`);
  }
  return { from, to: to === '' ? null : to };
}

function reckon(args: string[]): Due {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      suspend: { type: 'string', multiple: true, default: [] },
      extend: { type: 'string', multiple: true, default: [] },
    },
  });
  const [from, limit, ...rest] = positionals;
  if (from === undefined || limit === undefined || rest.length > 0) {
    throw new Error(`Give an instant and a duration: ${USAGE}`);
  }
  return reckonDue(demoCalendar(), from, durationOf(limit), {
    suspensions: values.suspend.map(suspensionOf),
    extensions: values.extend.map(durationOf),
  });
}

try {
  const { dueAt, provisional, explanation, yellowAt, orangeAt } = reckon(process.argv.slice(2));
  console.log(JSON.stringify({ dueAt, provisional, explanation, yellowAt, orangeAt }, null, 2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`due: ${message.replace(/\s+/g, ' ').slice(0, LINE_LENGTH_MAX)}`);
  process.exitCode = 2;
}
