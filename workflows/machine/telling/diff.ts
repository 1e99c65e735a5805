/**
 * What differs between two versions of a process, in sentences that a section chief 科长 can read. What is written as plain data is
 * told with its old and its new value; what is a function is compared by its source, and told as a rule that has changed.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Json, JsonObject } from '../../../definitions/language/json.ts';
import { dayInChinese } from '../admin/in-force.ts';
import { placesOf } from '../tree.ts';
import { diffSchemas } from './diff-schema.ts';
import { diffSteps } from './diff-steps.ts';
import { DIFF_SECTIONS, type DiffSection, defaultsOf, entriesOf, fromTo, sameSource, type Tell } from './diff-words.ts';
import { guideLimits } from './guide.ts';

/** One version with its forms as JSON Schemas, `outputs` by step id. */
export interface Versioned {
  definition: ProcessDefinition;
  form: JsonObject;
  outputs: Readonly<Record<string, JsonObject>>;
}

/** The changes of one part. */
export interface DiffPart {
  section: DiffSection;
  sentences: string[];
}

/** What the new version does otherwise, part by part; empty when they do the same. */
export function diffDefinitions(before: Versioned, after: Versioned): DiffPart[] {
  const told = new Map<DiffSection, string[]>(DIFF_SECTIONS.map((section) => [section, []]));
  const tell: Tell = (section, sentence) => told.get(section)?.push(sentence);
  diffFacts(before.definition, after.definition, tell);
  diffRules(before.definition, after.definition, tell);
  diffMaterials(before.definition, after.definition, tell);
  diffSettings(before.definition, after.definition, tell);
  diffRegister(before.definition, after.definition, tell);
  diffSteps(before.definition, after.definition, tell);
  for (const sentence of diffSchemas(before.form, after.form)) tell('表单字段', sentence);
  diffOutputs(before, after, tell);
  return [...told].filter(([, sentences]) => sentences.length > 0).map(([section, sentences]) => ({ section, sentences }));
}

function diffFacts(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  const names = { name: '名称', category: '类别', audience: '适用对象', contact: '联系方式', numberPrefix: '编号字头' } as const;
  for (const [field, label] of entriesOf(names)) {
    if (before[field] !== after[field]) tell('概况', `${label}${fromTo(`“${before[field]}”`, `“${after[field]}”`)}`);
  }
  if (!sameSource(before.applicants, after.applicants)) tell('概况', '可以申请的人员范围有改动');
  if (before.effectiveFrom !== after.effectiveFrom && after.effectiveFrom !== undefined)
    tell('概况', `自${dayInChinese(after.effectiveFrom)}起施行`);
  if (before.supervised !== after.supervised) tell('概况', after.supervised ? '列入督办台账' : '不再列入督办台账');
  for (const one of after.basis.filter((rule) => !before.basis.includes(rule))) tell('依据', `增加依据“${one}”`);
  for (const one of before.basis.filter((rule) => !after.basis.includes(rule))) tell('依据', `取消依据“${one}”`);
  const limits = guideLimits(before, defaultsOf(before));
  for (const { name, limit } of guideLimits(after, defaultsOf(after))) {
    const was = limits.find((one) => one.name === name);
    if (was === undefined) tell('时限', `新增${name}:${limit}`);
    else if (was.limit !== limit) tell('时限', `${name}时限${fromTo(was.limit, limit)}`);
  }
  const gone = limits.filter(({ name }) => !guideLimits(after, defaultsOf(after)).some((one) => one.name === name));
  for (const { name } of gone) tell('时限', `取消${name}`);
}

const WITHDRAW = { 'first-decision': '首个办理意见之前', end: '办结之前' } as const;

function withdrawableUntil(definition: ProcessDefinition): string {
  const { withdrawUntil = 'first-decision' } = definition;
  if (typeof withdrawUntil !== 'object') return WITHDRAW[withdrawUntil];
  const named = placesOf(definition).get(withdrawUntil.before)?.step;
  return `环节“${named?.name ?? withdrawUntil.before}”之前`;
}

function diffRules(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  const functions = { title: '标题', checks: '提交时的校验', reads: '关联办件的核对', concerned: '知悉人员' } as const;
  for (const [field, label] of entriesOf(functions)) {
    if (!sameSource(before[field], after[field])) tell('办理规则', `${label}规则有改动`);
  }
  if (before.clockStopsWithApplicant !== after.clockStopsWithApplicant)
    tell('时限', after.clockStopsWithApplicant ? '退回申请人修改期间停止计时' : '退回申请人修改期间不再停止计时');
  const [was, is] = [withdrawableUntil(before), withdrawableUntil(after)];
  if (was !== is) tell('办理规则', `申请人可撤回的时间${fromTo(was, is)}`);
  const times = (max: number | undefined): string => (max === undefined ? '不限次数' : `最多${max}次`);
  if (before.correctionsMax !== after.correctionsMax)
    tell('办理规则', `退回申请人修改${fromTo(times(before.correctionsMax), times(after.correctionsMax))}`);
  const silent = (rule: string | undefined): string => (rule === 'abandon' ? '视为放弃' : '只作提醒');
  if (silent(before.whenNotCorrected) !== silent(after.whenNotCorrected))
    tell('办理规则', `逾期未修改的${fromTo(silent(before.whenNotCorrected), silent(after.whenNotCorrected))}`);
  if (!sameSource(before.harmlessFields ?? [], after.harmlessFields ?? [])) tell('办理规则', '修改后无须重新审批的字段有改动');
  const { class: oldClass, retention: oldRetention, basis: oldBasis } = before.archive;
  const { class: newClass, retention, basis } = after.archive;
  if (oldClass !== newClass) tell('归档', `归档类别${fromTo(`“${oldClass}”`, `“${newClass}”`)}`);
  if (!sameSource(oldRetention, retention)) tell('归档', '保管期限的规则有改动');
  if (oldBasis !== basis) tell('归档', `保管期限的依据${fromTo(`“${oldBasis}”`, `“${basis}”`)}`);
}

function diffMaterials(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  for (const { name, required, note } of after.materials) {
    const was = before.materials.find((one) => one.name === name);
    if (was === undefined) tell('材料', `新增材料“${name}”(${required ? '必备' : '视情'}):${note}`);
    else {
      if (was.required !== required) tell('材料', `材料“${name}”${required ? '改为必备' : '不再必备'}`);
      if (was.note !== note) tell('材料', `材料“${name}”的要求${fromTo(`“${was.note}”`, `“${note}”`)}`);
    }
  }
  for (const { name } of before.materials.filter((one) => !after.materials.some((other) => other.name === one.name)))
    tell('材料', `取消材料“${name}”`);
}

function diffSettings(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  for (const [key, { title, default: value, basis }] of Object.entries(after.settings)) {
    const was = before.settings[key];
    if (was === undefined) tell('参数', `新增参数“${title}”,默认${said(value)}(${basis})`);
    else if (JSON.stringify(was.default) !== JSON.stringify(value))
      tell('参数', `参数“${title}”的默认值${fromTo(said(was.default), said(value))}`);
  }
  for (const [key, { title }] of Object.entries(before.settings)) {
    if (after.settings[key] === undefined) tell('参数', `取消参数“${title}”`);
  }
}

function said(value: Json): string {
  return typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
}

function diffRegister(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  for (const { key, title, value } of after.register) {
    const was = before.register.find((one) => one.key === key);
    if (was === undefined) tell('台账', `新增栏目“${title}”`);
    else {
      if (was.title !== title) tell('台账', `栏目“${was.title}”改称“${title}”`);
      if (!sameSource(was.value, value)) tell('台账', `栏目“${title}”的取值规则有改动`);
    }
  }
  for (const { key, title } of before.register) {
    if (!after.register.some((one) => one.key === key)) tell('台账', `取消栏目“${title}”`);
  }
  const shared = (one: ProcessDefinition, other: ProcessDefinition): string =>
    one.register
      .map(({ key }) => key)
      .filter((key) => other.register.some((column) => column.key === key))
      .join();
  if (shared(before, after) !== shared(after, before)) tell('台账', '栏目的先后次序有改动');
}

function diffOutputs(before: Versioned, after: Versioned, tell: Tell): void {
  for (const [step, schema] of Object.entries(after.outputs)) {
    const was = before.outputs[step];
    // A step that is new is told with the steps.
    if (was === undefined) continue;
    const name = placesOf(after.definition).get(step)?.step.name ?? step;
    for (const sentence of diffSchemas(was, schema)) tell('办理结果字段', `环节“${name}”:${sentence}`);
  }
}
