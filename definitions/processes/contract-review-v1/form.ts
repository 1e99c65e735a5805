/** Forms of 合同审查 (domain P04). */
import { z } from 'zod';
import { schoolDate, shiftWorkingDays } from '../../language/calendar.ts';
import {
  campusId,
  choice,
  count,
  day,
  file,
  files,
  flag,
  line,
  money,
  paragraph,
  personId,
  phone,
} from '../../language/fields.ts';
import { defineForms } from '../../language/forms.ts';
import { inventedCreditCode, isCreditCode } from './credit-code.ts';
import { schoolNames } from './parties.ts';

/** 合同类型; contracts of employment go another way (SVCHR). */
export const CONTRACT_TYPES = [
  '采购',
  '基建修缮',
  '科研技术',
  '合作办学',
  '资产租赁处置',
  '借款',
  '投资',
  '知识产权许可',
  '捐赠',
  '其他',
] as const;
/** 收支方向. */
export const DIRECTIONS = ['支出', '收入', '无金额'] as const;
/** What makes a contract a 重大合同 beside its type and amount (ALS). */
export const MAJOR_GROUNDS = ['重要资产处置', '声誉重大', '三重一大'] as const;
/** Signers to whom a contract may be handed up from the start (AHNU). */
export const HIGHER_SIGNERS = ['分管校领导', '校长'] as const;
/** 审查意见 of the legal adviser. */
export const LEGAL_OPINIONS = ['通过', '修改后通过', '退回修改', '不同意'] as const;

const form = z.strictObject({
  campus: campusId(),
  phone: phone(),
  name: line('合同名称'),
  type: choice('合同类型', CONTRACT_TYPES),
  signAs: line('我方签约名义'),
  counterparty: line('相对方名称'),
  // Untrimmed, since contracts with the same party are found by it.
  creditCode: z.string().refine(isCreditCode, '统一社会信用代码应为18位且校验位正确').meta({ title: '相对方统一社会信用代码' }),
  direction: choice('收支方向', DIRECTIONS),
  amount: money('合同金额').optional(),
  amountUnknown: flag('金额是否不明确'),
  expectedTotal: money('预计总额').optional(),
  fundSource: line('资金来源'),
  procurementRef: line('采购(招标)编号').optional(),
  start: day('履行期起'),
  end: day('履行期止'),
  copies: count('合同份数', 1, 99),
  useTemplate: flag('是否使用学校示范文本'),
  legalRepMustSign: flag('是否须法定代表人签署'),
  majorGrounds: z
    .array(choice('重大合同情形', MAJOR_GROUNDS))
    .max(3, '重大合同情形最多三项')
    .meta({ title: '重大合同情形' })
    .optional(),
  handUpTo: choice('提请上级签署', HIGHER_SIGNERS).optional(),
  splitExplanation: paragraph('不构成拆分的理由', 500).optional(),
  text: file('合同文本(可编辑的 Word 文本)'),
  qualification: files('对方资质', 1),
  basisFiles: files('立项或预算依据', 1),
  procurementFiles: files('招投标文件、中标通知书、询价、谈判纪要', 1).optional(),
  meetingFiles: files('会议决定', 1).optional(),
});

const note = line('说明', 500).optional();
const lowerSigning = z.strictObject({ decision: choice('签署意见', ['sign', 'hand-up', 'refuse']), note });
const secondReview = z.strictObject({
  opinion: choice('复审意见', ['通过', '不同意']),
  reviewedText: file('复审的合同文本'),
  comments: paragraph('意见说明').optional(),
});

const outputs = {
  legal: z.strictObject({
    opinion: choice('法律审查意见', LEGAL_OPINIONS),
    reviewedText: file('审查的合同文本'),
    comments: paragraph('修改意见或理由').optional(),
  }),
  revise: z.strictObject({ text: file('修改后的合同文本(可编辑的 Word 文本)'), changes: paragraph('修改说明') }),
  'legal-second': secondReview,
  number: z.strictObject({
    contractNo: z
      .string()
      .regex(/^[^\s]{3,40}$/, '合同编号应为3至40个字符,不含空格')
      .meta({ title: '合同编号' }),
  }),
  'sign-unit': lowerSigning,
  'sign-leader': lowerSigning,
  'sign-president': z.strictObject({
    decision: choice('签署意见', ['sign', 'delegate', 'refuse']),
    delegate: personId('受托签署人').optional(),
    authorization: file('授权委托书').optional(),
    note,
  }),
  'sign-delegate': z.strictObject({ decision: choice('签署意见', ['sign', 'refuse']), note }),
  'register-signing': z.strictObject({
    signed: flag('合同是否已签订'),
    signedOn: day('签订日期').optional(),
    performFrom: day('重新约定的履行期起').optional(),
    signedText: file('已签订合同扫描件(PDF)').optional(),
    reason: line('未签订原因', 500).optional(),
  }),
};

/** The form as the flow sees it. */
export type ContractForm = z.infer<typeof form>;
/** The outputs by step id. */
export type ContractOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };

/** Forms, examples and schemas of the process. */
export const contractReviewForms = defineForms({
  form,
  outputs,
  // Signed by the president, above whom nobody signs: so no earlier contract with the same party makes it look split.
  example: ({ now, calendar, directory, files: sample, serial }) => ({
    person: 'p-chen-siqi',
    form: {
      campus: 'north',
      phone: '6604',
      name: '高性能计算服务器采购合同',
      type: '采购',
      signAs: schoolNames(directory)[0] ?? '',
      counterparty: '某某信息技术有限公司',
      creditCode: inventedCreditCode(serial),
      direction: '支出',
      amount: 126_000_000,
      amountUnknown: false,
      fundSource: '学科建设专项经费',
      procurementRef: `CG-${schoolDate(calendar, now).slice(0, 4)}-${serial % 10_000}`,
      start: shiftWorkingDays(calendar, schoolDate(calendar, now), 60),
      end: shiftWorkingDays(calendar, schoolDate(calendar, now), 300),
      copies: 4,
      useTemplate: false,
      legalRepMustSign: false,
      text: sample.docx,
      qualification: [sample.pdf],
      basisFiles: [sample.pdf],
      procurementFiles: [sample.pdf],
    },
    attachments: [],
  }),
  outputExamples: {
    legal: ({ form: filled }) => ({ opinion: '通过' as const, reviewedText: String(filled.text) }),
    revise: ({ files: sample }) => ({ text: sample.docx, changes: '已按法律意见修改违约责任和争议解决条款' }),
    'legal-second': ({ outputs: done }) => ({ opinion: '通过' as const, reviewedText: String(done.revise?.text) }),
    number: ({ now, calendar, serial }) => ({ contractNo: `HT-${schoolDate(calendar, now).slice(0, 4)}-${serial}` }),
    'sign-unit': () => ({ decision: 'sign' as const }),
    'sign-leader': () => ({ decision: 'sign' as const }),
    'sign-president': () => ({ decision: 'sign' as const }),
    'sign-delegate': () => ({ decision: 'sign' as const }),
    'register-signing': ({ now, calendar, form: filled, files: sample }) => {
      const signedOn = schoolDate(calendar, now);
      const late = signedOn > String(filled.start);
      return { signed: true, signedOn, ...(late ? { performFrom: signedOn } : {}), signedText: sample.pdf };
    },
  },
});
