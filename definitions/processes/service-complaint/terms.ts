/** Who is complained about, what was found and by when it is put right: what the form and the outputs of a complaint come to. */
import type { Context, Decision } from '../../language/context.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { LimitValue } from '../../language/steps.ts';
import type { ComplaintForm, ComplaintOutputs } from './form.ts';
import { dayAt } from './people.ts';

const JCET = 'JCET-C:投诉3工作日内转办、5工作日内提出方案、每3工作日告知进展';

/** What schools differ in. */
export const settings = {
  runBy: setting(
    '服务质量投诉主管单位',
    'u-organization',
    '004:领导小组办公室设在机关党委;未设机关党委的由承担其职责的部门主管 [C]',
  ),
  runByInstead: setting('主管单位被投诉时的受理单位', 'u-office', 'P22:被投诉人不办理本投诉;由党政办代为受理为惯例 [C]'),
  triageLimit: limitSetting('登记与初审时限', '1 workday', 'NAU-Z:网上意见24小时内受理'),
  forwardLimit: limitSetting('转办时限', '3 workdays', JCET),
  verifyLimit: limitSetting('核实时限', '5 workdays', '惯例 [C];连同方案、反馈应在15日内答复(004)'),
  progressEvery: limitSetting('告知进展的间隔', '3 workdays', JCET),
  solveLimit: limitSetting('提出方案时限', '5 workdays', JCET),
  feedbackLimit: limitSetting('反馈时限', '1 workday', '惯例 [C]'),
  satisfactionLimit: limitSetting('投诉人评价时限', '5 workdays', '惯例 [C]:逾期未评价的不再等待'),
  recheckLimit: limitSetting('重办时限', '10 workdays', 'P22:不满意则重办;时限为惯例 [C],连同前次在一个月内答复(004)'),
  rectifyLongest: limitSetting('整改期限最长', '3 months', '004:查实的限期整改;最长时间为惯例 [C]'),
  rectifyExtension: limitSetting('整改一次延期最长', '15 days', '惯例 [C]'),
  extensionApproval: limitSetting('延期审批时限', '1 workday', '惯例 [C]'),
  extensionTimes: setting('整改可延期次数', 1, 'D11:默认至多一次 [C]'),
  checkLimit: limitSetting('整改核查时限', '3 workdays', '惯例 [C]'),
  assessLimit: limitSetting('通报考核时限', '3 workdays', '惯例 [C]'),
  total: limitSetting('全程时限', '6 months', '004:复杂的一个月内答复;全程另含整改、核查、通报 [C]'),
  correctionLimit: limitSetting('投诉人补充时限', '5 workdays', '惯例 [C]'),
  forbidden: setting('反馈禁用语', ['不知道', '不清楚', '不归我管'], '004 服务忌语'),
};

/** The types of the definition. */
export interface Complaint {
  form: ComplaintForm;
  outputs: ComplaintOutputs;
  settings: SettingsOf<typeof settings>;
}

type Terms = Pick<Context<Complaint>, 'form' | 'outputs' | 'settings'>;

/** Ids of all who are complained about: those named, and those whom the first look found out. They handle nothing of it. */
export function accusedIn({ form, outputs }: Pick<Terms, 'form' | 'outputs'>): string[] {
  return [...new Set([...(form.people ?? []), ...(outputs.triage?.people ?? [])])];
}

/** The unit that runs the case: the one in charge of service quality, unless the complaint is about itself. */
export function runningUnit({ form, settings: s }: Pick<Terms, 'form' | 'settings'>): string {
  return form.unit === s.runBy ? s.runByInstead : s.runBy;
}

/** The finding that counts: that of the second look where there was one. Null before the first. */
export function findingOf({ outputs }: Pick<Terms, 'outputs'>): ComplaintOutputs['verify']['finding'] | null {
  return outputs.recheck?.finding ?? outputs.verify?.finding ?? null;
}

/** Whether the complaint was found true, wholly or in part. */
export function isProven(finding: string | null): boolean {
  return finding === '属实' || finding === '部分属实';
}

/** The plan that counts: that of the second look where there was one. */
export function planOf({ outputs }: Pick<Terms, 'outputs'>): Pick<ComplaintOutputs['solve'], 'rectify' | 'rectifyBy'> | null {
  return outputs.recheck ?? outputs.solve ?? null;
}

/** By when it must be put right: the day of the plan; done again after that day, it has the limit of a check. */
export function rectifyLimit(terms: Terms & Pick<Context<Complaint>, 'updatedAt'>): LimitValue {
  const date = planOf(terms)?.rectifyBy;
  return date === undefined || date < dayAt(terms.updatedAt) ? terms.settings.checkLimit : { date };
}

/** Whether whoever complained is content; null while unsaid, or when nobody is to be asked. */
export function satisfiedIn({ outputs }: Pick<Terms, 'outputs'>): boolean | null {
  return outputs['final-satisfaction']?.satisfied ?? outputs.satisfaction?.satisfied ?? null;
}

/** When a step was last done, UTC, returns not counted; null while it was not. */
export function doneAt(decisions: readonly Decision[]): string | null {
  return decisions.findLast((one) => one.action === 'complete')?.at ?? null;
}
