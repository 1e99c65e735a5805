/** Values of forms and outputs as people read them: titles from the JSON Schema, names instead of ids, dates and money written out. */
import { schoolTime, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Json, JsonObject } from '../../../definitions/language/json.ts';

/** What values are read with. */
export interface Reading {
  directory: Directory;
  calendar: WorkingCalendar;
  /** The name of an uploaded file, or null for one that is not the matter's. */
  fileName: (id: string) => string | null;
}

/** A field with its value in words, or with a table where the value is a list of things that have fields of their own. */
export type ReadableField =
  | { title: string; text: string; table?: never }
  | { title: string; text?: never; table: { columns: string[]; rows: string[][] } };

/** The parts of a JSON Schema that say how a value is read. */
interface Said {
  title?: string;
  format?: string;
  properties?: Record<string, Said>;
  items?: Said;
  anyOf?: Said[];
  oneOf?: Said[];
}

const EMPTY = '—';

/**
 * Every field of a form or output in the order of its schema; what the schema does not know comes last under its key.
 * @param schema JSON Schema of an object; null reads by keys alone.
 */
export function readableFields(value: JsonObject, schema: JsonObject | null, reading: Reading): ReadableField[] {
  // A JSON Schema made from zod: these parts of it have these types.
  return fieldsOf(value, (schema ?? {}) as unknown as Said, reading, '');
}

function fieldsOf(value: JsonObject, said: Said, reading: Reading, before: string): ReadableField[] {
  const properties = propertiesOf(said);
  const known = Object.keys(properties).filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  return [...known, ...others].flatMap((key) => {
    const inner = value[key];
    const inside = properties[key] ?? {};
    const title = `${before}${inside.title ?? key}`;
    if (inner === undefined || inner === null) return [];
    if (isObject(inner)) return fieldsOf(inner, inside, reading, `${title}·`);
    if (isList(inner) && inner.some(isObject)) return [{ title, table: tableOf(inner, inside.items ?? {}, reading) }];
    return [{ title, text: inWords(inner, inside, reading) }];
  });
}

function tableOf(list: readonly Json[], said: Said, reading: Reading): { columns: string[]; rows: string[][] } {
  const properties = propertiesOf(said);
  const used = new Set(list.flatMap((one) => (isObject(one) ? Object.keys(one) : [])));
  const keys = [
    ...Object.keys(properties).filter((key) => used.has(key)),
    ...[...used].filter((key) => !Object.hasOwn(properties, key)),
  ];
  return {
    columns: keys.map((key) => properties[key]?.title ?? key),
    rows: list.map((one) => keys.map((key) => inWords(isObject(one) ? one[key] : one, properties[key] ?? {}, reading))),
  };
}

/** All properties that an object may have, those of each alternative too. */
function propertiesOf(said: Said): Record<string, Said> {
  const alternatives = [...(said.anyOf ?? []), ...(said.oneOf ?? [])];
  return Object.assign({}, ...alternatives.map(propertiesOf), said.properties ?? {});
}

function inWords(value: Json | undefined, said: Said, reading: Reading): string {
  if (value === undefined || value === null || value === '') return EMPTY;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return said.format === 'money-fen' ? yuan(value) : String(value);
  if (typeof value === 'string') return textOf(value, said.format, reading);
  if (isList(value)) return value.length === 0 ? '无' : value.map((one) => inWords(one, said.items ?? {}, reading)).join('、');
  return fieldsOf(value, said, reading, '')
    .map(({ title, text, table }) => `${title} ${text ?? table.rows.map((row) => row.join(' ')).join(';')}`)
    .join(',');
}

/** Money in 分 as 元, thousands apart. */
function yuan(fen: number): string {
  const [whole = '0', part = '00'] = (Math.abs(fen) / 100).toFixed(2).split('.');
  return `${fen < 0 ? '-' : ''}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${part}元`;
}

function textOf(value: string, format: string | undefined, { directory, calendar, fileName }: Reading): string {
  switch (format) {
    case 'person':
      return directory.people[value]?.name ?? value;
    case 'unit':
      return directory.units[value]?.name ?? value;
    case 'campus':
      return directory.campuses.find((campus) => campus.id === value)?.name ?? value;
    case 'vehicle':
    case 'driver':
    case 'seal':
    case 'room':
      return directory.resources[value]?.name ?? value;
    case 'file':
      return fileName(value) ?? value;
    case 'date-time':
      return schoolTime(calendar, value);
    default:
      return value;
  }
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
