/** Shapes of the archive's routes. */
import { z } from 'zod';
import { RETENTIONS } from '../../definitions/language/effect.ts';
import { ARCHIVE_FORMS, PACKAGE_STATUSES } from '../../workflows/machine/words.ts';
import { instant, pageQuery } from './common.ts';

const named = z.object({ id: z.string(), name: z.string() });

/** Years of the archive: none before the platform's first calendar, none that no office thinks of. */
export const yearField = z.coerce.number().int().min(2000).max(2200);
export const unitField = z.string().min(1).max(80);
export const noParams = z.object({ no: z.string().max(60) });

export const tickSchema = z.object({
  by: named.nullable().meta({ description: '勾注人;电子文件由系统勾注的为 null' }),
  at: instant,
  place: z.string().nullable().meta({ description: '档号或存放位置' }),
});

const lineFields = {
  no: z.string(),
  title: z.string(),
  process: z.string(),
  processName: z.string(),
  unit: named,
  class: z.string(),
  retention: z.enum(RETENTIONS),
  retentionName: z.string(),
  lastYear: z.number().int().nullable().meta({ description: '保管期限到期的年份(年末);永久为 null' }),
  archivedAt: instant,
  year: z.number().int(),
  pieces: z.number().int().meta({ description: '件数:处理单一件,加全部附件' }),
  paper: tickSchema.nullable(),
  electronic: tickSchema.nullable(),
  package: z.enum(PACKAGE_STATUSES),
};

/** A line of the catalogue. */
export const lineSchema = z.object(lineFields);

/** A file of the archive with everything that is known of it. */
export const fileSchema = z.object({
  ...lineFields,
  sha256: z.string().nullable().meta({ description: '归档包的 SHA-256' }),
  size: z.number().int().nullable(),
  madeAt: instant.nullable(),
  checks: z.array(z.object({ accurate: z.boolean(), finding: z.string().nullable(), by: named, at: instant })),
});

/** The package is asked for and not yet made. */
export const archivePendingSchema = z.object({
  code: z.literal('archive-pending'),
  detail: z.string(),
  retryAfter: z.number().int(),
});

export const catalogueQuery = z.strictObject({
  year: yearField.optional(),
  unit: unitField.optional(),
  process: z.string().max(60).optional(),
  class: z.string().max(60).optional(),
  retention: z.enum(RETENTIONS).optional(),
  q: z.string().trim().min(1).max(100).optional().meta({ description: '编号、题名、内容、单位中的文字' }),
  ticked: z.enum(['both', 'no-paper', 'no-electronic']).optional().meta({ description: '纸质、电子均已归档;缺纸质;缺电子' }),
  ...pageQuery,
});

export const tickBody = z.strictObject({
  form: z.enum(ARCHIVE_FORMS),
  place: z.string().trim().min(1).max(100).optional().meta({ description: '档号或存放位置' }),
});
export const untickBody = z.strictObject({
  reason: z.string({ error: '请写明撤销勾注的理由' }).trim().min(1, '请写明撤销勾注的理由').max(200),
});
export const checkBody = z
  .strictObject({ accurate: z.boolean({ error: '请选择是否准确' }), finding: z.string().trim().min(1).max(500).optional() })
  .refine(({ accurate, finding }) => accurate || finding !== undefined, { path: ['finding'], message: '不准确的请写明问题' });

/** A line of a hand-over list 移交清单. */
export const handOverLineSchema = z.object({
  number: z.number().int().meta({ title: '序号' }),
  no: z.string().meta({ title: '编号' }),
  title: z.string().meta({ title: '题名' }),
  class: z.string().meta({ title: '类别' }),
  retention: z.string().meta({ title: '保管期限' }),
  pieces: z.number().int().meta({ title: '件数' }),
  date: z.string().meta({ title: '办结日期' }),
  paper: z.string().meta({ title: '纸质' }),
  electronic: z.string().meta({ title: '电子' }),
  taken: z.string().meta({ title: '接收日期' }),
  finding: z.string().meta({ title: '检查' }),
});

export const handOverSchema = z.object({
  id: z.string(),
  year: z.number().int(),
  unit: named,
  count: z.number().int(),
  hash: z.string().meta({ description: '清单各行的 SHA-256' }),
  givenBy: named,
  givenAt: instant,
  takenBy: named.nullable(),
  takenAt: instant.nullable(),
});

export const handOverListSchema = z.object({
  year: z.number().int(),
  unit: named,
  items: z.array(handOverLineSchema),
  nextCursor: z.string().nullable(),
  count: z.number().int(),
  unticked: z.number().int().meta({ description: '纸质或电子尚未勾注的件数' }),
  handOvers: z.array(handOverSchema),
});

export const repairSchema = z.object({
  no: z.string(),
  title: z.string(),
  unit: named,
  archivedAt: instant,
  status: z.enum(PACKAGE_STATUSES),
  attempts: z.number().int(),
  nextAttemptAt: instant,
  fault: z.string().nullable().meta({ description: '最近一次未能生成的原因(代码和英文说明)' }),
});
