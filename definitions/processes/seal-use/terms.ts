/** What schools differ in for 用印申请, and the types of its definition. */
import type { Context } from '../../language/context.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { LimitValue } from '../../language/steps.ts';
import type { PROOF_SUBJECTS, SealUseForm, SealUseOutputs } from './form.ts';

/** What schools differ in. */
export const settings = {
  approvalLimit: limitSetting('每级审批时限', '1 workday', '惯例 [C]'),
  stampLimit: limitSetting('材料齐备后用印时限', '2 workdays', 'DMJ:材料留办公室的,两个工作日内用印'),
  collectLimit: limitSetting('领取时限', '5 workdays', '惯例 [C]'),
  totalLimit: limitSetting('全程时限', '10 workdays', '004 没有限时的,必须给出办结时限;时限为惯例 [C]'),
  correctionLimit: limitSetting('退回修改时限', '10 workdays', '惯例 [C]'),
  leaderForContracts: setting('合同、授权委托书是否须分管校领导审批', true, 'P01 流程:分管校领导(合同、授权委托书、特殊事项)'),
  takeOutDays: setting(
    '印章外带最长工作日数(外带当日计为一日)',
    1,
    'CCRW:印章外带须有监印人随行、用后立即归还;默认当日归还,天数为惯例 [C]',
  ),
  personnelUnit: setting('人事部门', 'u-hr', 'HEZE:收入证明由人事部门审核;出国(境)证明由组织、人事部门会签'),
  organizationUnit: setting('组织部门', 'u-organization', 'HEZE:出国(境)证明由组织、人事部门会签'),
  academicUnit: setting('教务部门', 'u-academic', 'SUDA:学习证明由教务部门审核'),
  studentsUnit: setting('学生工作部门', 'u-students', 'SUDA:活动证明由学生工作部门审核'),
};

/** The types of the definition. */
export interface SealUse {
  form: SealUseForm;
  outputs: SealUseOutputs;
  settings: SettingsOf<typeof settings>;
}

/** Whether the paper proves this; another kind of paper proves nothing, whatever the field holds. */
export function isProofOf(form: SealUseForm, subject: (typeof PROOF_SUBJECTS)[number]): boolean {
  return form.docKind === '证明' && form.proofOf === subject;
}

/** Whether the paper is a contract, or is to bear the seal for contracts; either needs a reviewed one. */
export function isContract(form: SealUseForm): boolean {
  return form.docKind === '合同协议' || form.sealType === '合同专用章';
}

// The functions of a flow see no calendar. All schools of the country keep one time, without summer time.
const SCHOOL_AHEAD_MS = 8 * 3_600_000;

/** The school's day `YYYY-MM-DD` of an instant, where no calendar is at hand. */
export function dayAt(instant: string): string {
  return new Date(Date.parse(instant) + SCHOOL_AHEAD_MS).toISOString().slice(0, 10);
}

/** When the president or the secretary let the seal be taken out, UTC; null before, and where it stays in the office. */
export function leaveGivenAt({ decisions }: Pick<Context<SealUse>, 'decisions'>): string | null {
  const leave = ['top-leader', 'secretary'].flatMap((step) => decisions(step).at(-1) ?? []);
  return leave.find((one) => one.action === 'agree')?.at ?? null;
}

/** The day on which a seal that is taken out is back, or that of the last word said on it where that came later. */
function backDay(to: string, said: string | null): LimitValue {
  const day = dayAt(to);
  return { date: said !== null && dayAt(said) > day ? dayAt(said) : day };
}

/** By when it is stamped: two working days in the office, on the day of its return outside. */
export function stampLimit(context: Context<SealUse>): LimitValue {
  const { form, settings: s } = context;
  return form.takeOut === undefined ? s.stampLimit : backDay(form.takeOut.to, leaveGivenAt(context));
}

/** By when a seal that was taken out is back. */
export function sealReturnLimit({ form, settings: s, decisions }: Context<SealUse>): LimitValue {
  return form.takeOut === undefined ? s.stampLimit : backDay(form.takeOut.to, decisions('stamp').at(-1)?.at ?? null);
}
