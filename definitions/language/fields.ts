/** Fields that many forms share, as zod schemas with Chinese titles. For `form.ts` files only. */
import { z } from 'zod';

/** A uuid-like id of an uploaded file; the console shows an upload, the server checks that it exists and is the sender's. */
export const FILE_ID = /^file-[0-9a-f-]{8,64}$/;

/** A short text on one line. */
export function line(title: string, max = 100) {
  return z
    .string({ error: `请填写${title}` })
    .trim()
    .min(1, `请填写${title}`)
    .max(max, `${title}不超过${max}字`)
    .meta({ title });
}

/** A longer text. */
export function paragraph(title: string, max = 2_000) {
  return z
    .string({ error: `请填写${title}` })
    .trim()
    .min(1, `请填写${title}`)
    .max(max, `${title}不超过${max}字`)
    .meta({ title, format: 'textarea' });
}

/** One word of a closed list. */
export function choice<const T extends readonly [string, ...string[]]>(title: string, values: T) {
  return z.enum(values, { error: `${title}只能是:${values.join('、')}` }).meta({ title });
}

/** A whole number within bounds. */
export function count(title: string, min: number, max: number) {
  const message = `${title}应为${min}至${max}的整数`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message).meta({ title });
}

/** Money in 分. */
export function money(title: string) {
  const message = `${title}应为不小于零的金额(以分计)`;
  return z
    .number({ error: message })
    .int(message)
    .min(0, message)
    .max(1_000_000_000_000, message)
    .meta({ title, format: 'money-fen' });
}

/** Yes or no. */
export function flag(title: string) {
  return z.boolean({ error: `请选择${title}:是或否` }).meta({ title });
}

/** The first and the last year that a date may lie in: no office thinks further, and no calendar is known there. */
const YEARS = { first: 2000, last: 2100 } as const;

/** Whether what is written as a date lies in {@link YEARS}; what is written otherwise is faulted by its format. */
function inReach(written: string): boolean {
  const year = /^(\d{4})-/.exec(written)?.[1];
  return year === undefined || (Number(year) >= YEARS.first && Number(year) <= YEARS.last);
}

const reachMessage = (title: string) => `${title}应在${YEARS.first}年至${YEARS.last}年之间`;

/** Whether an instant is written no finer than a calendar reads it: nine digits of a second. */
function readable(written: string): boolean {
  return !/\.\d{10}/.test(written);
}

/** An instant, UTC with `Z` or with an offset. */
export function instant(title: string) {
  const message = `${title}应为日期时间,如 2026-03-02T09:00:00+08:00`;
  return z.iso
    .datetime({ offset: true, error: message })
    .refine(readable, message)
    .refine(inReach, reachMessage(title))
    .meta({ title });
}

/** A calendar day of the school. */
export function day(title: string) {
  return z.iso
    .date({ error: `${title}应为日期,如 2026-03-02` })
    .refine(inReach, reachMessage(title))
    .meta({ title });
}

/** A uploaded file. */
export function file(title: string) {
  return z
    .string({ error: `请上传${title}` })
    .regex(FILE_ID, `${title}应为上传文件的编号`)
    .meta({ title, format: 'file' });
}

/** Uploaded files, at least `min`. */
export function files(title: string, min: number, max = 20) {
  return z
    .array(file(title), { error: `请上传${title}` })
    .min(min, `请上传${title}`)
    .max(max, `${title}最多${max}个`)
    .meta({ title });
}

/** A unit of the school. */
export function unitId(title: string) {
  return z
    .string()
    .regex(/^u-[a-z0-9-]{1,60}$/, `${title}应为单位编号`)
    .meta({ title, format: 'unit' });
}

/** A person of the school. */
export function personId(title: string) {
  return z
    .string()
    .regex(/^p-[a-z0-9-]{1,60}$/, `${title}应为人员编号`)
    .meta({ title, format: 'person' });
}

/** A phone number or extension. */
export function phone(title = '联系电话') {
  return z
    .string({ error: `请填写${title}` })
    .regex(/^[0-9+\-() ]{3,20}$/, `${title}应为电话号码`)
    .meta({ title });
}

/** 校区. */
export function campusId(title = '校区') {
  return z
    .string({ error: `请选择${title}` })
    .regex(/^[a-z0-9-]{1,40}$/, `${title}应为校区编号`)
    .meta({ title, format: 'campus' });
}
