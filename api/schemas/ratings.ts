/** What is sent and shown of ratings 评价. */
import { z } from 'zod';
import type { RatingRow } from '../../db/ratings.ts';
import { count } from '../../definitions/language/fields.ts';
import { RATING_TEXT_MAX } from '../../workflows/machine/supervision/ratings.ts';
import type { ratingSchema } from './common.ts';

/** The body of the command `rate`. */
export const rateBody = z.strictObject({
  type: z.literal('rate').meta({ description: '评价:办结后由申请人评价一次' }),
  stars: count('总体评价(星)', 1, 5),
  manner: count('态度(星)', 1, 5).optional(),
  timeliness: count('时效(星)', 1, 5).optional(),
  completeness: count('一次告知(星)', 1, 5).optional(),
  text: z.string().trim().max(RATING_TEXT_MAX, `意见不超过${RATING_TEXT_MAX}字`).optional(),
});

/** A rating as everybody sees it who may. */
export function presentRating(row: RatingRow): z.input<typeof ratingSchema> {
  const { stars: total, manner, timeliness, completeness, text, at, caseId, caseNo } = row;
  return { stars: total, manner, timeliness, completeness, text, at, case: caseId === null ? null : { no: caseNo } };
}
