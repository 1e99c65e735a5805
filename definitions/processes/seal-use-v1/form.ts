/** Forms of 用印申请 (domain P01). */
import { z } from 'zod';
import { atSchoolTime, schoolDate, shiftWorkingDays } from '../../language/calendar.ts';
import { campusId, choice, count, file, files, flag, instant, line, paragraph, personId, phone } from '../../language/fields.ts';
import { defineForms } from '../../language/forms.ts';

/** 印章种类 (M88, 437). */
export const SEAL_TYPES = ['党委印章', '行政印章', '钢印', '校领导签名章', '法定代表人章', '合同专用章', '电子印章'] as const;
/** 文件种类 (SUDA). */
export const DOCUMENT_KINDS = ['公函', '合同协议', '证明', '申报书', '证书', '授权委托书', '其他'] as const;
/** What a 证明 is about; decides which unit answers for its content (HEZE, SUDA). */
export const PROOF_SUBJECTS = ['收入', '学习', '活动', '出国(境)', '其他'] as const;

const form = z.strictObject({
  campus: campusId('用印校区'),
  phone: phone(),
  sealType: choice('印章种类', SEAL_TYPES),
  docTitle: line('文件名称'),
  docKind: choice('文件种类', DOCUMENT_KINDS),
  proofOf: choice('证明内容', PROOF_SUBJECTS).optional(),
  copies: count('用印份数', 1, 999),
  impressions: count('每份印数', 1, 99),
  reason: paragraph('用印事由', 500),
  receiver: line('送往单位'),
  signOff: line('落款单位'),
  sourceRef: line('关联办件编号', 40).optional(),
  leader: personId('签名章所属校领导').optional(),
  involvesMoney: flag('是否涉及经费').meta({ title: '是否涉及经费' }),
  major: flag('是否重大事项'),
  complete: z
    .literal(true, { error: '空白材料(空白证明、介绍信、合同、信笺)不予用印' })
    .meta({ title: '内容完整、日期齐全、无空白' }),
  wantedAt: instant('期望用印时间').optional(),
  takeOut: z
    .strictObject({ place: line('外带地点'), from: instant('外带时间'), to: instant('归还时间'), escort: personId('随行监印人') })
    .meta({ title: '印章外带' })
    .optional(),
  files: files('用印材料终稿(PDF)', 1),
  roster: file('证书名册').optional(),
});

const outputs = {
  stamp: z.strictObject({
    copies: count('实际用印份数', 0, 999),
    impressions: count('实际用印总数', 0, 99_999),
    difference: line('与申请不一致的说明', 200).optional(),
    keptCopy: flag('用印件已留存'),
  }),
  collect: z.strictObject({ received: z.literal(true, { error: '请确认已领取用印件' }).meta({ title: '已领取用印件' }) }),
};

/** The form as the flow sees it. */
export type SealUseForm = z.infer<typeof form>;
/** The outputs by step id. */
export type SealUseOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };

/** Forms, examples and schemas of the process. */
export const sealUseForms = defineForms({
  form,
  outputs,
  example: ({ now, calendar, files: sample }) => ({
    person: 'p-chen-siqi',
    form: {
      campus: 'south',
      phone: '8201',
      sealType: '行政印章',
      docTitle: '关于商请支持学生暑期实践的函',
      docKind: '公函',
      copies: 2,
      impressions: 1,
      reason: '赴合作单位开展学生暑期实践,需以学校名义发函',
      receiver: '某市科学技术局',
      signOff: '华川大学',
      involvesMoney: false,
      major: false,
      complete: true,
      wantedAt: atSchoolTime(calendar, shiftWorkingDays(calendar, schoolDate(calendar, now), 3), '10:00'),
      files: [sample.pdf],
    },
    attachments: [],
  }),
  outputExamples: {
    stamp: ({ form: filled }) => ({
      copies: Number(filled.copies),
      impressions: Number(filled.copies) * Number(filled.impressions),
      keptCopy: true,
    }),
    collect: () => ({ received: true }),
  },
});
