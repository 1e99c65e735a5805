/** What both halves of the diff between two versions speak with. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Json } from '../../../definitions/language/json.ts';
import { settingValues } from '../../../definitions/language/settings.ts';

/** The parts under which changes are told, in this order. */
export const DIFF_SECTIONS = [
  '概况',
  '依据',
  '环节',
  '办理人',
  '时限',
  '条件',
  '办理规则',
  '表单字段',
  '办理结果字段',
  '材料',
  '参数',
  '台账',
  '归档',
] as const;
export type DiffSection = (typeof DIFF_SECTIONS)[number];

/** Notes a change. */
export type Tell = (section: DiffSection, sentence: string) => void;

/** `由甲改为乙`. */
export function fromTo(before: string, after: string): string {
  return `由${before}改为${after}`;
}

/** Whether two functions, or what stands in their place, say the same. Layout does not count. */
export function sameSource(before: unknown, after: unknown): boolean {
  return sourceOf(before) === sourceOf(after);
}

function sourceOf(value: unknown): string {
  if (typeof value === 'function') return value.toString().replace(/\s+/g, ' ');
  if (Array.isArray(value)) return `[${value.map(sourceOf).join()}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => `${key}:${sourceOf(one)}`)
      .sort()
      .join()}}`;
  }
  return JSON.stringify(value) ?? 'undefined';
}

/** A rule list in words. */
export function whoSays(rules: AssigneeRule | readonly AssigneeRule[]): string {
  const list: readonly AssigneeRule[] = isRuleList(rules) ? rules : [rules];
  return [...new Set(list.map((rule) => rule.says))].join('、');
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

/** The values that a version has unless a school says otherwise. */
export function defaultsOf(definition: ProcessDefinition): Record<string, Json> {
  return settingValues(definition.settings, {});
}

/** Keys and values with the keys' own types. */
export function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  // Object.entries forgets that a record's keys are exactly its type's.
  return Object.entries(record) as [K, V][];
}
