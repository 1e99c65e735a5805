/** The rules of 合同审查 that hang on the contract alone: its value, who signs it, who reviews it. Pure; no zod. */
import type { Retention } from '../../language/effect.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { ContractForm, ContractOutputs } from './form.ts';

const MAJOR_BASIS = 'ALS:支出超过十万元、基建、合作办学或对外投资、重要资产处置、无形资产许可、声誉重大、三重一大为重大合同';

/** What schools differ in (domain §3c), each with its basis. Amounts are in 分. */
export const settings = {
  writtenFrom: setting('须订立书面合同的起点金额(分)', 2_000_000, 'AHMU:2万元以下可不签订书面合同;ZSC 为5万元'),
  leaderFrom: setting(
    '分管校领导签署的起点金额(分)',
    10_000_000,
    'AHNU 校财字〔2020〕14号:2万元至10万元承办单位负责人,10万元起分管校领导',
  ),
  presidentFrom: setting(
    '校长签署的起点金额(分)',
    100_000_000,
    'AHNU 校财字〔2020〕14号:100万元起及借款、投资、法定代表人必签的由校长签署',
  ),
  majorAbove: setting('重大合同支出金额(分),超过者', 10_000_000, MAJOR_BASIS),
  auditFrom: setting('审计审查价款的起点金额(分)', 2_000_000, 'HNUST:审计审查价款;起点为惯例 [C]'),
  templateSkipsLegal: setting('非重大合同使用示范文本可免法律审查', true, 'ALS:重大合同必须法律审查;其余免审范围为惯例 [C]'),
  majorNeedsMeeting: setting('重大合同是否都须附会议决定', false, '惯例 [C]:重大合同经校长办公会;三重一大事项始终须附会议决定'),
  splitCheck: setting('是否检查拆分', true, '惯例 [C]:同一相对方12个月内合计已达上一级权限为疑似拆分'),
  copiesMin: setting('合同最少份数', 3, 'LY:合同不少于三份'),
  competentUnits: setting<Record<string, string>>(
    '各类合同的归口管理部门',
    {
      采购: 'u-assets',
      基建修缮: 'u-logistics',
      科研技术: 'u-research',
      合作办学: 'u-academic',
      资产租赁处置: 'u-assets',
      借款: 'u-finance',
      投资: 'u-assets',
      知识产权许可: 'u-research',
      捐赠: 'u-assets',
      其他: 'u-office',
    },
    'HNUST、SVCHR:合同按类型归口管理;分工为惯例 [C]',
  ),
  sealType: setting<'合同专用章' | '行政印章'>('合同用印的印章种类', '合同专用章', 'P04:合同审查签署后加盖合同专用章'),
  approvalLimit: limitSetting('每级审批时限', '1 workday', '惯例 [C]'),
  countersignLimit: limitSetting('财务、审计会签时限', '2 workdays', '惯例 [C]:会签各两个工作日'),
  legalLimit: limitSetting('法律审查时限', '3 workdays', 'XHU:法律意见三至五个工作日'),
  legalLimitMajor: limitSetting('重大合同法律审查时限', '5 workdays', 'XHU:法律意见三至五个工作日'),
  reviseLimit: limitSetting('按法律意见修改时限', '5 workdays', '惯例 [C]'),
  signLimit: limitSetting('签署时限', '2 workdays', '惯例 [C]'),
  finalTextLimit: limitSetting('上传定稿时限', '5 workdays', '惯例 [C]'),
  unsealedLimit: limitSetting('用印未办成后的处理时限', '5 workdays', '惯例 [C]'),
  registerLimit: limitSetting('签订登记时限', '10 workdays', '惯例 [C]'),
  totalLimit: limitSetting('全程时限', '50 workdays', '004 没有限时的,必须给出办结时限;时限含用印,为惯例 [C]'),
  correctionLimit: limitSetting('退回修改时限', '10 workdays', '惯例 [C]'),
  retentionMajor: setting<Retention>('重大合同保管期限', 'permanent', '8号令附表:重要合同永久'),
  retentionLarge: setting<Retention>(
    '达到分管校领导签署金额的合同保管期限',
    '30-years',
    '8号令附表:其他合同30年或10年;划分为惯例 [C]',
  ),
  retentionOther: setting<Retention>('其他合同保管期限', '10-years', '8号令附表:其他合同30年或10年;划分为惯例 [C]'),
};

/** The refusal of a contract that was not reviewed or signed as it stands (DXHT). */
export const UNREVIEWED = '未经审核或授权不得订立';
/** The refusal of a contract that is performed before it is concluded (LY, ALS5). */
export const BACKDATED = '应先签订后履行,不得倒签';

/** The types of the process. */
export interface ContractReview {
  form: ContractForm;
  outputs: ContractOutputs;
  settings: Settings;
}
/** The settings in force for a matter. */
export type Settings = SettingsOf<typeof settings>;

/** Who signs: 1 the head of the unit 承办单位负责人, 2 the leader in charge 分管校领导, 3 the president 校长. */
export type Level = 1 | 2 | 3;
/** The signers by level. */
export const SIGNERS: Readonly<Record<Level, string>> = { 1: '承办单位负责人', 2: '分管校领导', 3: '校长' };

/** What a contract counts for, in 分: its amount, the expected total where that is not clear (AHNU), 0 without money. */
export function contractValue(form: Pick<ContractForm, 'direction' | 'amount' | 'amountUnknown' | 'expectedTotal'>): number {
  if (form.direction === '无金额') return 0;
  return (form.amountUnknown ? form.expectedTotal : form.amount) ?? 0;
}

/** Who signs for an amount (AHNU). */
export function levelOfAmount(amount: number, s: Settings): Level {
  if (amount >= s.presidentFrom) return 3;
  return amount >= s.leaderFrom ? 2 : 1;
}

/** Who must sign by the rules, before any handing up (AHNU). */
export function requiredLevel(form: ContractForm, s: Settings): Level {
  if (form.type === '借款' || form.type === '投资' || form.legalRepMustSign) return 3;
  return levelOfAmount(contractValue(form), s);
}

/** Who signs: as the rules say, or higher where the applicant asks for it. */
export function signingLevel(form: ContractForm, s: Settings): Level {
  const required = requiredLevel(form, s);
  if (form.handUpTo === '校长') return 3;
  return form.handUpTo === '分管校领导' && required < 2 ? 2 : required;
}

const MAJOR_TYPES: readonly ContractForm['type'][] = ['基建修缮', '合作办学', '投资', '知识产权许可'];

/** Whether a contract is a 重大合同 (ALS). */
export function isMajor(form: ContractForm, s: Settings): boolean {
  return (
    MAJOR_TYPES.includes(form.type) ||
    (form.direction === '支出' && contractValue(form) > s.majorAbove) ||
    (form.majorGrounds ?? []).length > 0
  );
}

/** When each of the parallel reviews is needed (HNUST: 财务看资金来源和付款,审计看价款,法律顾问看合法合规;ALS: 重大合同必须法律审查). */
export const NEEDS: Readonly<Record<'finance' | 'audit' | 'legal', (form: ContractForm, s: Settings) => boolean>> = {
  finance: (form) => form.direction !== '无金额',
  audit: (form, s) => form.direction !== '无金额' && contractValue(form) >= s.auditFrom,
  legal: (form, s) => isMajor(form, s) || !form.useTemplate || !s.templateSkipsLegal,
};

/** How long the file of a contract is kept. */
export function retentionOf(form: ContractForm, s: Settings): Retention {
  if (isMajor(form, s)) return s.retentionMajor;
  return contractValue(form) >= s.leaderFrom ? s.retentionLarge : s.retentionOther;
}
