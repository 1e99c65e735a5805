import { expect, test } from 'vitest';
import { reckonDue } from '../../definitions/language/calendar.ts';
import { COUNTED_BY_HAND } from './dates-2026.ts';
import { at, calendarOf } from './support.ts';

test.each(COUNTED_BY_HAND)('$limit from $from end at $due ($count)', ({ from, limit, due, provisional }) => {
  const reckoned = reckonDue(calendarOf(), at(from), limit);
  expect({ dueAt: reckoned.dueAt, provisional: reckoned.provisional }).toEqual({ dueAt: at(due), provisional });
});
