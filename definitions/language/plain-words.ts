/**
 * What is said of a field that its form says nothing of itself: in the words of people, never of programs. For all forms and all
 * bodies of the API at once. It changes no schema, so that published forms stay what they are.
 */
import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What a value of a type is called by people. */
const KINDS: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '“是”或“否”',
  array: '列表',
  tuple: '列表',
  object: '一组内容',
  record: '一组内容',
  null: '空',
};

/** What fields of these formats are asked for with; every other is filled in. */
const VERBS: Readonly<Record<string, string>> = { file: '上传', unit: '选择', person: '选择', campus: '选择' };

/** Formats that have a name of their own, each with what it looks like. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '应为日期,如 2026-03-02',
  datetime: '应为日期时间,如 2026-03-02T09:00:00+08:00',
  email: '应为电子邮箱地址',
  url: '应为网址',
};

/** Longer lists of possible words are not told. */
const WORDS_MAX = 40;

/** What a schema is called, and which kind of field it is. A check knows the schema that it belongs to. */
function metaOf(issue: Issue): { title: string; format: string } {
  // `schema` is the one whose check failed; what raised the issue is a check otherwise, which has no title.
  const schema = issue.schema ?? issue.inst;
  const meta =
    schema !== undefined && '_zod' in schema && 'parse' in schema ? z.globalRegistry.get(schema as z.ZodType) : undefined;
  return { title: meta?.title ?? '', format: typeof meta?.format === 'string' ? meta.format : '' };
}

function missing(issue: Issue, expected: string): string {
  const { title, format } = metaOf(issue);
  return `请${VERBS[format] ?? (expected === 'boolean' ? '选择' : '填写')}${title}`;
}

function only(title: string, words: readonly unknown[]): string {
  const told = words.filter((word) => word !== undefined).map(String);
  if (told.length === 0 || told.length > WORDS_MAX) return `${title}不在可选范围内`;
  return `${title}只能是:${told.join('、')}`;
}

function size(issue: Issue & { code: 'too_big' | 'too_small' }): string {
  const { title } = metaOf(issue);
  const [bound, word] =
    issue.code === 'too_big'
      ? [issue.maximum, issue.inclusive === false ? '应小于' : '不超过']
      : [issue.minimum, issue.inclusive === false ? '应大于' : '不少于'];
  if (issue.code === 'too_small' && Number(bound) <= 1 && issue.origin === 'string') return `请填写${title}`;
  const unit = issue.origin === 'string' ? '个字' : issue.origin === 'array' ? '项' : '';
  return `${title}${word}${bound}${unit}`;
}

/** What is said of an issue in Chinese, for people who fill in forms. */
export function inPlainWords(issue: Issue): string {
  const { title } = metaOf(issue);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || issue.input === null
        ? missing(issue, issue.expected)
        : `${title}应为${KINDS[issue.expected] ?? '另一种内容'}`;
    case 'invalid_value':
      return issue.input === undefined ? `请选择${title}(${only('', issue.values)})` : only(title, issue.values);
    case 'too_big':
    case 'too_small':
      return size(issue);
    case 'invalid_format':
      return `${title}${FORMATS[issue.format] ?? '格式不对'}`;
    case 'not_multiple_of':
      return `${title}应为${issue.divisor}的倍数`;
    case 'unrecognized_keys':
      return '没有这一项';
    case 'invalid_union':
      // With a discriminator the possible words are known; else none of several shapes fits.
      return Array.isArray(issue.options) ? only('', issue.options) : `${title}格式不对`;
    default:
      return `${title}格式不对`;
  }
}
