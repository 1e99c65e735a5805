/** What a corrected form says otherwise than before, in words: titles from the form's schema, values as people write them. */
import { eventsOfTypes } from '../db/events.ts';
import type { Directory } from '../definitions/language/directory.ts';
import type { Json, JsonObject } from '../definitions/language/json.ts';
import type { ApiContext, Asker } from './context.ts';
import { formSchema } from './examples.ts';
import { definitionOf } from './present.ts';

/** A field that was changed. */
export interface FieldChange {
  field: string;
  title: string;
  from: string;
  to: string;
}

/** Longer values are cut in the history; the form shows them whole. */
const TEXT_MAX = 80;

/** The parts of a JSON Schema that say how a value is read. */
interface Said {
  title?: string;
  format?: string;
  properties?: Record<string, Said>;
  items?: Said;
}

/** The changed fields of every correction of a matter, by the sequence of its event. */
export async function correctionsOf(
  context: ApiContext,
  asker: Asker,
  matter: { id: string; processId: string; version: number },
): Promise<ReadonlyMap<number, FieldChange[]>> {
  // Made by zod: a JSON Schema of an object.
  const schema = formSchema(definitionOf(matter)) as unknown as Said;
  const found = new Map<number, FieldChange[]>();
  let before: JsonObject = {};
  for (const event of await eventsOfTypes(context.db, matter.id, ['MatterStarted', 'FormCorrected'])) {
    if (event.type === 'FormCorrected') {
      const { changed, form } = event.facts;
      const old = before;
      found.set(
        event.sequence,
        changed.map((field) => {
          const said = schema.properties?.[field] ?? {};
          const words = (value: Json | undefined) => inWords(value, said, asker.world.directory);
          return { field, title: said.title ?? field, from: words(old[field]), to: words(form[field]) };
        }),
      );
    }
    before = event.facts.form;
  }
  return found;
}

function inWords(value: Json | undefined, said: Said, directory: Directory): string {
  if (value === undefined || value === null || value === '') return '未填写';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return said.format === 'money-fen' ? `${(value / 100).toFixed(2)}元` : String(value);
  if (typeof value === 'string') return short(nameOf(value, said.format, directory));
  if (isList(value)) {
    if (value.length === 0) return '无';
    return said.items?.format === 'file'
      ? `${value.length}个文件`
      : short(value.map((one) => inWords(one, said.items ?? {}, directory)).join('、'));
  }
  const parts = Object.entries(value).map(([key, inner]) => {
    const inside = said.properties?.[key] ?? {};
    return `${inside.title ?? key} ${inWords(inner, inside, directory)}`;
  });
  return short(parts.join(','));
}

// Array.isArray does not narrow a read-only list.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function nameOf(value: string, format: string | undefined, directory: Directory): string {
  switch (format) {
    case 'person':
      return directory.people[value]?.name ?? value;
    case 'unit':
      return directory.units[value]?.name ?? value;
    case 'campus':
      return directory.campuses.find((campus) => campus.id === value)?.name ?? value;
    case 'file':
      return '1个文件';
    default:
      return value;
  }
}

function short(text: string): string {
  const letters = [...text];
  return letters.length > TEXT_MAX ? `${letters.slice(0, TEXT_MAX).join('')}…` : text;
}
