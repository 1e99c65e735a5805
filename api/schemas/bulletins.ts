/** Shapes of bulletins 通报. */
import { z } from 'zod';
import { WORDS_MAX } from '../../workflows/machine/supervision/bulletin-words.ts';
import { BULLETIN_KINDS, BULLETIN_STATUSES } from '../../workflows/machine/words.ts';
import { instant, problemSchema } from './common.ts';

export const bulletinKind = z.enum(BULLETIN_KINDS).meta({ description: 'supervision 月度督办报告;key-work 年度重点工作月通报' });
export const bulletinMonth = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, '月份写作 2026-10')
  .meta({ description: '所通报的月份,如 2026-10' });

const count = z.number().int();
const figures = {
  issued: count.meta({ description: '新立项' }),
  done: count.meta({ description: '办结,含逾期办结' }),
  doneLate: count,
  dropped: count.meta({ description: '撤回、未获批准或终止' }),
  open: count.meta({ description: '月末在办' }),
  overdue: count.meta({ description: '月末超期' }),
  onTimeRate: z.number().nullable().meta({ description: '按期办结率(%),一位小数;无应办结事项为 null' }),
};
const named = {
  no: z.string(),
  title: z.string(),
  unit: z.string(),
  unitName: z.string(),
  responsibleName: z.string(),
};

/** What was reckoned; nobody edits it. */
const figuresSchema = z.object({
  reckonedAt: instant,
  issuer: z.string(),
  totals: z.object(figures),
  before: z.object({ month: z.string(), published: z.boolean(), totals: z.object(figures) }),
  units: z.array(z.object({ unit: z.string(), unitName: z.string(), ...figures })),
  overdue: z.array(
    z.object({
      ...named,
      since: instant,
      days: count,
      extensions: count,
      percent: z.number().nullable(),
      delayReason: z.string().nullable(),
    }),
  ),
  missing: z.array(z.object({ ...named, missed: count, lastReportAt: instant.nullable() })),
  extended: z.array(z.object({ ...named, granted: count, extensions: count, dueAt: instant })),
  closed: z.array(
    z.object({ ...named, step: z.string(), topic: z.string(), text: z.string(), queuedAt: instant, carried: z.boolean() }),
  ),
  progress: z.array(
    z.object({
      ...named,
      state: z.string(),
      percent: z.number().nullable(),
      progress: z.string().nullable(),
      progressAt: instant.nullable(),
    }),
  ),
});

/** What a person writes. Empty remarks are left out. */
export const wordsSchema = z.strictObject({
  title: z.string().trim().min(1, '请填写标题').max(WORDS_MAX.title),
  opening: z.string().trim().max(WORDS_MAX.text),
  closing: z.string().trim().max(WORDS_MAX.text),
  remarks: z.record(z.string().max(80), z.string().trim().max(WORDS_MAX.remark)).meta({ description: '按单位编号' }),
});

/** A bulletin in a list. */
export const bulletinItemSchema = z.object({
  kind: bulletinKind,
  month: z.string(),
  status: z.enum(BULLETIN_STATUSES),
  title: z.string(),
  issue: z.string().nullable().meta({ description: '期号;草稿为 null' }),
  revision: z.number().int(),
  draftedAt: instant,
  publishedAt: instant.nullable(),
});

/** A bulletin. */
export const bulletinSchema = bulletinItemSchema.extend({
  words: wordsSchema,
  figures: figuresSchema,
  summary: z.string(),
  editedBy: z.string().nullable(),
  publishedBy: z.string().nullable(),
  hash: z.string().nullable().meta({ description: '印发内容的 SHA-256' }),
  tampered: z.boolean().meta({ description: '印发后内容被人改动:与 hash 不符' }),
  may: z.object({ edit: z.boolean(), publish: z.boolean() }),
});

/** A 409: somebody was faster; what stands now comes with it. */
export const bulletinConflict = problemSchema.extend({ bulletin: bulletinSchema.optional() });
