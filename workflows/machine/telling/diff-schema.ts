/** What differs between two versions of a form, told by its fields: from their JSON Schemas, which applicants are shown too. */
import type { Json, JsonObject } from '../../../definitions/language/json.ts';

/** Sentences in Chinese on each field that is new, gone or other than it was. */
export function diffSchemas(before: JsonObject, after: JsonObject): string[] {
  return diffObjects(before, after, '');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Reads a list of texts, whatever else stands there. */
function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map((one: Json) => (typeof one === 'string' ? one : JSON.stringify(one))) : [];
}

/** What people call a field: its title within those around it, `印章外带·外带地点`. */
function labelOf(around: string, key: string, schema: JsonObject): string {
  const title = typeof schema.title === 'string' ? schema.title : key;
  return around === '' ? title : `${around}·${title}`;
}

function diffObjects(before: JsonObject, after: JsonObject, around: string): string[] {
  const [was, is] = [objectOf(before.properties), objectOf(after.properties)];
  const [mustBefore, mustNow] = [texts(before.required), texts(after.required)];
  const gone = Object.keys(was).filter((key) => !Object.hasOwn(is, key));
  return [
    ...Object.entries(is).flatMap(([key, value]) => {
      const now = objectOf(value);
      const label = labelOf(around, key, now);
      const must = mustNow.includes(key);
      if (!Object.hasOwn(was, key)) return [`新增字段“${label}”(${must ? '必填' : '选填'})`];
      const then = objectOf(was[key]);
      const need = must === mustBefore.includes(key) ? [] : [`字段“${label}”由${must ? '选填改为必填' : '必填改为选填'}`];
      return [...need, ...diffField(then, now, labelOf(around, key, then), label)];
    }),
    ...gone.map((key) => `取消字段“${labelOf(around, key, objectOf(was[key]))}”`),
  ];
}

/** Bounds of a field with what they are called. */
const BOUNDS: Readonly<Record<string, string>> = {
  minimum: '最小值',
  maximum: '最大值',
  exclusiveMinimum: '下限',
  exclusiveMaximum: '上限',
  minLength: '最少字数',
  maxLength: '字数上限',
  minItems: '最少项数',
  maxItems: '项数上限',
};
/** What is told in sentences of its own, or is no rule. */
const TOLD = ['title', 'description', 'enum', 'properties', 'required', 'items', ...Object.keys(BOUNDS)];

function diffField(before: JsonObject, after: JsonObject, oldLabel: string, label: string): string[] {
  const found = oldLabel === label ? [] : [`字段“${oldLabel}”改称“${label}”`];
  for (const [bound, name] of Object.entries(BOUNDS)) {
    const [was, is] = [before[bound], after[bound]];
    if (was === is) continue;
    const said = (value: Json | undefined): string => (value === undefined ? '不限' : String(value));
    found.push(`字段“${label}”的${name}由${said(was)}改为${said(is)}`);
  }
  found.push(...diffChoices(texts(before.enum), texts(after.enum), label));
  if (rest(before) !== rest(after)) found.push(`字段“${label}”的填写格式有改动`);
  found.push(...diffObjects(before, after, label));
  const [wasItem, isItem] = [objectOf(before.items), objectOf(after.items)];
  if (Object.keys(wasItem).length > 0 || Object.keys(isItem).length > 0) {
    found.push(...diffField({ ...wasItem, title: label }, { ...isItem, title: label }, label, label));
  }
  return found;
}

function diffChoices(before: readonly string[], after: readonly string[], label: string): string[] {
  const quoted = (list: readonly string[]): string => list.map((one) => `“${one}”`).join('、');
  const added = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  return [
    ...(added.length === 0 ? [] : [`字段“${label}”增加选项${quoted(added)}`]),
    ...(gone.length === 0 ? [] : [`字段“${label}”取消选项${quoted(gone)}`]),
  ];
}

/** The rules of a field that have no sentence of their own, as one text to compare; an enum's type goes with its words. */
function rest(schema: JsonObject): string {
  const left = Object.entries(schema).filter(([key, value]) => !TOLD.includes(key) && value !== undefined);
  return JSON.stringify(left.sort(([a], [b]) => (a < b ? -1 : 1)));
}
