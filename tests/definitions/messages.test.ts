/** Goal: whatever is wrong with a form, a person reads what to do about it, in their own words. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formCatalog, schemaFaults } from '../../definitions/forms.ts';
import type { Json } from '../../definitions/language/json.ts';

/** Words of programs, and of zod. */
const PROGRAMMERS = /undefined|正则|record|string|number|null|NaN|Invalid|[oO]bject|boolean|array|期望(?!用印时间)/;

/** Values that fit no field, or hardly any. */
const WRONG: Json[] = [
  null,
  true,
  0,
  -1.5,
  1e300,
  '',
  ' ',
  'z',
  '字'.repeat(6_000),
  [],
  [1],
  ['z'],
  Array(300).fill('z'),
  {},
  { a: 1 },
];

interface Field {
  form: string;
  path: string;
  schema: z.ZodType;
  root: z.ZodType;
  /** A value of the whole form in which this field holds something. */
  around: (value: Json) => Json;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  // zod's optional holds its inner type.
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function fieldsOf(form: string, path: string, schema: z.ZodType, root: z.ZodType, around: Field['around']): Field[] {
  const inner = unwrapped(schema);
  const here: Field = { form, path, schema: inner, root, around };
  if (inner instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = inner.shape;
    return [
      here,
      ...Object.entries(shape).flatMap(([key, one]) =>
        fieldsOf(form, `${path}/${key}`, one, root, (value) => around({ [key]: value })),
      ),
    ];
  }
  // zod's array holds its element type.
  if (inner instanceof z.ZodArray)
    return [here, ...fieldsOf(form, `${path}/0`, inner.element as z.ZodType, root, (value) => around([value]))];
  return [here];
}

const fields = Object.entries(formCatalog).flatMap(([id, forms]) =>
  [['form', forms.form] as const, ...Object.entries(forms.outputs)].flatMap(([name, schema]) =>
    fieldsOf(`${id} ${name}`, '', schema, schema, (value) => value),
  ),
);

describe('what a form says of a wrong field', () => {
  test('is never in a programmer’s words, whatever was sent', () => {
    const told = new Set(
      fields.flatMap(({ root, around }) =>
        WRONG.flatMap((value) => schemaFaults(root, '', around(value)).map((fault) => fault.message)),
      ),
    );
    expect(told.size).toBeGreaterThan(100);
    expect([...told].filter((message) => PROGRAMMERS.test(message) || !/\p{Script=Han}/u.test(message))).toEqual([]);
  });

  test('names the field that is missing, and whether it is to be filled in, chosen or uploaded', () => {
    const faults = Object.values(formCatalog).flatMap(({ form }) => schemaFaults(form, '', {}));
    expect(faults.length).toBeGreaterThan(30);
    // A confirmation says in its own words what it is about.
    expect(faults.filter(({ message }) => !/请(填写|选择|上传)\S|应为|只能是|不予用印/.test(message))).toEqual([]);
  });

  test('a date in a year that no calendar knows is told the years that it may lie in', () => {
    const dates = fields.filter(({ schema }) => schema instanceof z.ZodISODate || schema instanceof z.ZodISODateTime);
    expect(dates.length).toBeGreaterThan(8);
    for (const { form, path, schema, root, around } of dates) {
      const written = (year: string) => (schema instanceof z.ZodISODate ? `${year}-06-30` : `${year}-06-30T10:00:00+08:00`);
      const said = (year: string) => schemaFaults(root, '', around(written(year))).find((fault) => fault.path === path)?.message;
      for (const year of ['0001', '1999', '2101', '2199', '9999'])
        expect(said(year), `${form}${path}`).toMatch(/应在2000年至2100年之间$/);
      for (const year of ['2000', '2026', '2100']) expect(said(year), `${form}${path}`).toBeUndefined();
    }
  });

  test('an instant finer than a billionth of a second is told how to write it', () => {
    const [instant] = fields.filter(({ schema }) => schema instanceof z.ZodISODateTime);
    const faults = instant === undefined ? [] : schemaFaults(instant.root, '', instant.around('2026-06-30T10:00:00.1234567890Z'));
    expect(faults.find((fault) => fault.path === instant?.path)?.message).toContain('应为日期时间');
  });
});

describe('what is said of a body that says nothing itself', () => {
  const body = z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('one'),
      n: z.number().int().min(1).max(3),
      of: z.array(z.string().min(2)).max(1).optional(),
    }),
    z.strictObject({ type: z.enum(['two', 'three']) }),
  ]);
  const said = (value: Json) => schemaFaults(body, '', value).map(({ path, message }) => `${path} ${message}`);

  test('an unknown word is told the possible ones', () => {
    expect(said({ type: 'four' })).toEqual(['/type 只能是:one、two、three']);
    expect(said({})).toEqual(['/type 只能是:one、two、three']);
  });

  test('a field is told what is expected of it', () => {
    expect(said({ type: 'one' })).toEqual(['/n 请填写']);
    expect(said({ type: 'one', n: 'x' })).toEqual(['/n 应为数字']);
    expect(said({ type: 'one', n: 1.5 })).toEqual(['/n 应为整数']);
    expect(said({ type: 'one', n: 9, of: ['a'], more: 1 })).toEqual(['/n 不超过3', '/of/0 不少于2个字', '/more 没有这一项']);
    expect(said({ type: 'one', n: 1, of: ['ab', 'cd'] })).toEqual(['/of 不超过1项']);
  });
});
