/**
 * Durations as a definition writes them: `'2 workdays'`, `'4 workhours'`, `'15 days'`, `'1 month'`.
 *
 * A duration is only a word here; what it means on a calendar is said once, in due.ts.
 */

/** A time limit as written in a definition. What the type lets through but no rule knows, {@link parseDuration} refuses. */
export type Duration =
  | `${number} workday`
  | `${number} workdays`
  | `${number} workhour`
  | `${number} workhours`
  | `${number} day`
  | `${number} days`
  | `${number} month`
  | `${number} months`;

/** The units that a limit can be counted in. `day` and `month` are calendar units 日、月; the others count working time only. */
export const DURATION_UNITS = ['workday', 'workhour', 'day', 'month'] as const;
/** A unit of {@link DURATION_UNITS}. */
export type DurationUnit = (typeof DURATION_UNITS)[number];

/** A duration taken apart. `amount` is a whole number from 1 to 1000, for work hours also a half from 0.5. */
export interface ParsedDuration {
  amount: number;
  unit: DurationUnit;
}

const AMOUNT_MAX = 1000;
const PATTERN = /^(0\.5|[1-9]\d{0,3}(?:\.\d+)?) (workday|workhour|day|month)s?$/;
const NAMES: Record<DurationUnit, string> = { workday: '个工作日', workhour: '个工作小时', day: '日', month: '个月' };

/**
 * Takes a duration apart.
 *
 * @throws {Error} When the text is no duration, its amount is not from 1 to 1000, or a part of a unit is asked for where
 *   the unit has no parts: a deadline is never half a day (domain D14).
 */
export function parseDuration(duration: string): ParsedDuration {
  const match = PATTERN.exec(duration);
  if (match === null) {
    throw new Error(`Invalid duration "${duration}". Write a number from 1 to ${AMOUNT_MAX} and a unit, such as "2 workdays".`);
  }
  const amount = Number(match[1]);
  // The pattern admits these four words only.
  const unit = match[2] as DurationUnit;
  if (amount > AMOUNT_MAX) {
    throw new Error(`Duration "${duration}" is too long. The amount of a duration is at most ${AMOUNT_MAX}.`);
  }
  const steps = unit === 'workhour' ? amount * 2 : amount;
  if (!Number.isInteger(steps)) {
    throw new Error(`Duration "${duration}" has a broken amount. Only work hours have halves; give a whole number of ${unit}s.`);
  }
  return { amount, unit };
}

/** Whether a text is a duration that {@link parseDuration} accepts. */
export function isDuration(text: string): text is Duration {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

/** A duration in Chinese for people: `'2个工作日'`, `'4个工作小时'`, `'15日'`, `'1个月'`. Throws as {@link parseDuration} does. */
export function describeDuration(duration: Duration): string {
  return describeParsed(parseDuration(duration));
}

/** {@link describeDuration} for a duration already taken apart. */
export function describeParsed({ amount, unit }: ParsedDuration): string {
  return `${amount}${NAMES[unit]}`;
}
