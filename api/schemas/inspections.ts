/** Shapes of inspections 督查. */
import { z } from 'zod';
import { SUPERVISION_SOURCES } from '../../definitions/language/supervision.ts';
import { ACCOUNTABILITY_MEASURES, INSPECTION_KINDS, INSPECTION_RESULTS } from '../../workflows/machine/words.ts';
import { fileIds, instant } from './common.ts';

const id = z.string().min(1).max(80);
const named = z.object({ id: z.string(), name: z.string() });

/** Which open items an inspection is over. */
export const criteriaSchema = z
  .strictObject({
    topic: id.optional(),
    source: z.enum(SUPERVISION_SOURCES).optional(),
    unit: id.optional(),
    leader: id.optional(),
  })
  .meta({ description: '范围:专项、来源、牵头单位、分管或批示领导;都不填为全部在办督办事项' });

/** What opens an inspection. */
export const openSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('round'),
    title: z.string().trim().min(1).max(100).optional(),
    criteria: criteriaSchema.default({}),
  }),
  z.strictObject({
    kind: z.literal('spot-check'),
    title: z.string().trim().min(1).max(100).optional(),
    criteria: criteriaSchema.default({}),
    sampleSize: z.number().int().min(1).max(200),
  }),
]);

/** An inspection with how its items stand, as far as the asker sees them. */
export const inspectionSchema = z.object({
  id: z.string(),
  kind: z.enum(INSPECTION_KINDS),
  title: z.string(),
  topic: named.nullable(),
  round: z.number().int().meta({ description: '同一专项(或全部)的第几轮' }),
  criteria: criteriaSchema,
  openedBy: named.nullable().meta({ description: '按期自动发起的为 null' }),
  openedAt: instant,
  dueOn: z.string(),
  closedAt: instant.nullable(),
  overdue: z.boolean(),
  counts: z.record(z.enum(INSPECTION_RESULTS), z.number().int()),
  draw: z
    .object({
      seed: z.string(),
      sampleSize: z.number().int(),
      populationSize: z.number().int(),
      rule: z.string(),
    })
    .nullable()
    .meta({ description: '点上抽查的抽取依据:凭种子和总体名单可重新抽取核对' }),
});

/** What was found on an item. */
export const itemSchema = z.object({
  inspection: z.string(),
  matter: z.object({ no: z.string(), title: z.string() }),
  leadUnit: named.nullable(),
  result: z.enum(INSPECTION_RESULTS),
  finding: z.string().nullable(),
  evidence: z.array(z.string()),
  checkedBy: named.nullable(),
  checkedAt: instant.nullable(),
  failuresOnEnd: z.number().int().meta({ description: '连续几轮不合格' }),
  objectionUntil: instant.nullable(),
  objection: z
    .object({
      text: z.string(),
      by: named,
      at: instant,
      upheld: z.boolean().nullable(),
      answer: z.string().nullable(),
      decidedBy: named.nullable(),
      decidedAt: instant.nullable(),
    })
    .nullable(),
});

const text = (title: string, most: number) =>
  z
    .string({ error: `请填写${title}` })
    .trim()
    .min(1, `请填写${title}`)
    .max(most, `${title}不超过${most}字`);

/** What a check found. */
export const findingBody = z.strictObject({
  result: z.enum(['passed', 'failed', 'excused']),
  finding: text('督查情况', 2_000),
  evidence: fileIds.default([]),
});

export const objectionBody = z.strictObject({ text: text('异议理由', 2_000) });
export const decisionBody = z.strictObject({ upheld: z.boolean(), answer: text('决定及理由', 2_000) });
export const accountabilityBody = z.strictObject({
  measure: z.enum(ACCOUNTABILITY_MEASURES),
  person: id.optional().meta({ description: '默认牵头单位主要负责人(第一责任人)' }),
  text: text('问责事由', 2_000),
});

export const accountabilitySchema = z.object({
  matter: z.object({ no: z.string(), title: z.string() }),
  inspection: z.string(),
  unit: named,
  person: named,
  measure: z.enum(ACCOUNTABILITY_MEASURES),
  text: z.string(),
  decidedBy: named,
  decidedAt: instant,
});

export const failingSchema = z.object({
  inspection: z.object({ id: z.string(), title: z.string(), round: z.number().int() }),
  matter: z.object({ no: z.string(), title: z.string() }),
  leadUnit: named.nullable(),
  finding: z.string().nullable(),
  checkedAt: instant.nullable(),
  failuresOnEnd: z.number().int(),
});

/** The numbers that a sample was drawn from, and those that were drawn. */
export const populationSchema = z.object({
  seed: z.string().nullable(),
  rule: z.string(),
  population: z.array(z.string()),
  drawn: z.array(z.string()),
  recorded: z.array(z.string()),
  matches: z.boolean(),
});
