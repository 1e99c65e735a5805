/**
 * 合同审查 (domain P04): no contract is concluded that the right people have not read, in the text they read, by the hand that
 * its amount asks for.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import {
  applicationFaults,
  asksForChanges,
  legalFaults,
  presidentFaults,
  readsOf,
  registrationFaults,
  revisionFaults,
  secondReviewFaults,
  signingFaults,
} from './checks.ts';
import type { ContractOutputs } from './form.ts';
import { competentUnit, register } from './register.ts';
import { type ContractReview, isMajor, NEEDS, retentionOf, settings, signingLevel } from './rules.ts';

const { approve, handle, choose, parallel, define, unitHead, leaderInCharge, role, person, applicant } =
  language<ContractReview>();

type Now = Context<ContractReview>;

function approvalLimit({ settings: s }: Now) {
  return s.approvalLimit;
}

function countersignLimit({ settings: s }: Now) {
  return s.countersignLimit;
}

function legalLimit({ form, settings: s }: Now) {
  return isMajor(form, s) ? s.legalLimitMajor : s.legalLimit;
}

function signLimit({ settings: s }: Now) {
  return s.signLimit;
}

/** Whether the legal adviser sent the whole text back, so that everybody reads it again. */
function readAnew({ outputs }: Pick<Now, 'outputs'>): boolean {
  return outputs.legal?.opinion === '退回修改';
}

function refusedBy(who: string) {
  return (_context: Now, output: { decision: string; note?: string | undefined }): string | null =>
    output.decision === 'refuse' ? `${who}不同意签署:${output.note ?? ''}` : null;
}

function whyUnsigned(_context: Now, output: ContractOutputs['register-signing']): string | null {
  return output.signed ? null : `合同未签订:${output.reason ?? ''}`;
}

export const contractReview = define({
  id: 'contract-review',
  version: 1,
  name: '合同审查',
  numberPrefix: 'HTSC',
  category: '合同与法务',
  basis: [
    '中华人民共和国民法典合同编',
    '学校合同管理办法',
    '签署权限参照安徽师范大学校财字〔2020〕14号,重大合同范围参照阿拉善职业技术学院合同管理办法',
  ],
  audience: '全校教职工(承办人);劳动、聘用合同除外',
  applicants: 'anyone',
  materials: [
    { name: '合同文本', required: true, note: '可编辑的 Word 文本(.docx),文件名为“单位+姓名+合同标题”' },
    { name: '对方资质', required: true, note: '营业执照、法人证书等' },
    { name: '立项或预算依据', required: true, note: '立项批复、预算批复等' },
    { name: '招投标文件、中标通知书、询价、谈判纪要', required: false, note: '采购类支出合同须提供' },
    { name: '会议决定', required: false, note: '三重一大事项须提供' },
    { name: '不构成拆分的理由', required: false, note: '同一相对方12个月内合计已达上一级权限的,在表中说明并提请上一级签署' },
    { name: '是否需要书面合同', required: false, note: '低于学校规定起点金额(默认2万元)的可不签订书面合同' },
  ],
  contact: '党政办公室合同管理岗',
  limit: ({ settings: s }) => s.totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  title: (form) => `合同审查:${form.name}`,
  reads: readsOf,
  checks: applicationFaults,
  supervised: false,
  register,
  archive: {
    class: '合同',
    retention: ({ form, settings: s }) => retentionOf(form, s),
    basis: '国家档案局令第8号附表:重要合同永久,其他30年或10年',
  },
  steps: [
    approve('unit-head', {
      name: '承办单位负责人审核',
      assignees: unitHead('承办单位负责人'),
      limit: approvalLimit,
    }),
    choose('competent', {
      name: '归口管理部门',
      branches: [
        {
          says: '按合同类型由归口管理部门审核,承办单位即归口部门的除外',
          when: (context) => competentUnit(context) !== context.unit,
          steps: [
            approve('competent-unit', {
              name: '归口管理部门审核',
              assignees: unitHead('归口管理部门负责人', competentUnit),
              limit: approvalLimit,
            }),
          ],
        },
      ],
    }),
    parallel('review', {
      name: '会签审查',
      branches: [
        {
          says: '有收支的合同由财务审查资金来源和付款',
          when: ({ form, settings: s }) => NEEDS.finance(form, s),
          steps: [
            approve('finance', {
              name: '财务审查',
              ask: '审查资金来源、付款方式和节点',
              assignees: role('finance-reviewer', '财务审核'),
              limit: countersignLimit,
            }),
          ],
        },
        {
          says: '达到起点金额的合同由审计审查价款',
          when: ({ form, settings: s }) => NEEDS.audit(form, s),
          steps: [
            approve('audit', {
              name: '审计审查',
              ask: '审查价款的依据和合理性',
              assignees: role('audit-reviewer', '审计审核'),
              limit: countersignLimit,
            }),
          ],
        },
        {
          says: '重大合同和未使用示范文本的合同由法律顾问审查合法合规',
          when: ({ form, settings: s }) => NEEDS.legal(form, s),
          steps: [
            handle('legal', {
              name: '法律审查',
              ask: '审查主体、内容和程序是否合法合规',
              assignees: role('legal-adviser', '法律顾问'),
              limit: legalLimit,
              selfApproval: 'superior',
              check: legalFaults,
              ends: (_context, output) => (output.opinion === '不同意' ? `法律审查不同意:${output.comments ?? ''}` : null),
            }),
          ],
        },
      ],
    }),
    choose('revision', {
      name: '按法律意见修改',
      branches: [
        {
          says: '法律意见为修改后通过或退回修改的,承办人修改文本后再次送审',
          when: asksForChanges,
          steps: [
            handle('revise', {
              name: '承办人修改文本',
              ask: '按法律意见修改,上传修改后的 Word 文本',
              assignees: applicant(),
              limit: ({ settings: s }) => s.reviseLimit,
              returnTo: 'none',
              check: revisionFaults,
            }),
            parallel('second-review', {
              name: '再次审查',
              branches: [
                {
                  says: '退回修改的,财务重新审查',
                  when: (context) => readAnew(context) && NEEDS.finance(context.form, context.settings),
                  steps: [
                    approve('finance-second', {
                      name: '财务复审',
                      assignees: role('finance-reviewer', '财务审核'),
                      limit: countersignLimit,
                    }),
                  ],
                },
                {
                  says: '退回修改的,审计重新审查',
                  when: (context) => readAnew(context) && NEEDS.audit(context.form, context.settings),
                  steps: [
                    approve('audit-second', {
                      name: '审计复审',
                      assignees: role('audit-reviewer', '审计审核'),
                      limit: countersignLimit,
                    }),
                  ],
                },
                {
                  says: '法律审查后修改过的文本由法律顾问复审',
                  steps: [
                    handle('legal-second', {
                      name: '法律复审',
                      ask: '核对修改是否落实;仍须修改的退回承办人修改文本',
                      assignees: role('legal-adviser', '法律顾问'),
                      limit: legalLimit,
                      selfApproval: 'superior',
                      returnTo: ['revise'],
                      check: secondReviewFaults,
                      ends: (_context, output) =>
                        output.opinion === '不同意' ? `法律复审不同意:${output.comments ?? ''}` : null,
                    }),
                  ],
                },
              ],
            }),
          ],
        },
      ],
    }),
    handle('number', {
      name: '党政办编号',
      assignees: role('contract-clerk', '合同管理员'),
      limit: approvalLimit,
    }),
    choose('unit-signs', {
      name: '承办单位负责人签署权限',
      branches: [
        {
          says: '低于分管校领导签署起点金额的由承办单位负责人签署',
          when: ({ form, settings: s }) => signingLevel(form, s) === 1,
          steps: [
            handle('sign-unit', {
              name: '承办单位负责人签署',
              ask: '签署、不同意签署,或经上级同意提请上级签署',
              assignees: unitHead('承办单位负责人'),
              limit: signLimit,
              selfApproval: 'superior',
              check: signingFaults(1),
              ends: refusedBy('承办单位负责人'),
            }),
          ],
        },
      ],
    }),
    choose('leader-signs', {
      name: '分管校领导签署权限',
      branches: [
        {
          says: '达到分管校领导签署金额,或由下级提请的,由分管校领导签署',
          when: ({ form, settings: s, outputs }) => signingLevel(form, s) === 2 || outputs['sign-unit']?.decision === 'hand-up',
          steps: [
            handle('sign-leader', {
              name: '分管校领导签署',
              ask: '签署、不同意签署,或经校长同意提请校长签署',
              assignees: leaderInCharge(),
              limit: signLimit,
              selfApproval: 'superior',
              check: signingFaults(2),
              ends: refusedBy('分管校领导'),
            }),
          ],
        },
      ],
    }),
    choose('president-signs', {
      name: '校长签署权限',
      branches: [
        {
          says: '达到校长签署金额,借款、投资、须法定代表人签署,或由下级提请的,由校长或其书面受托人签署',
          when: ({ form, settings: s, outputs }) => signingLevel(form, s) === 3 || outputs['sign-leader']?.decision === 'hand-up',
          steps: [
            handle('sign-president', {
              name: '校长签署',
              ask: '签署、不同意签署,或书面委托他人签署',
              assignees: role('president', '校长'),
              limit: signLimit,
              selfApproval: 'superior',
              check: presidentFaults,
              ends: refusedBy('校长'),
            }),
            choose('delegated', {
              name: '委托签署',
              branches: [
                {
                  says: '校长书面委托的由受托人签署',
                  when: ({ outputs }) => outputs['sign-president']?.decision === 'delegate',
                  steps: [
                    handle('sign-delegate', {
                      name: '受托人签署',
                      assignees: person('校长书面委托的签署人', ({ outputs }) => outputs['sign-president']?.delegate ?? null),
                      limit: signLimit,
                      check: signingFaults(3),
                      ends: refusedBy('受托人'),
                    }),
                  ],
                },
              ],
            }),
          ],
        },
      ],
    }),
    handle('register-signing', {
      name: '签订登记',
      ask: '与对方签订后登记签订日期,上传扫描件;未签订的说明原因',
      assignees: applicant(),
      limit: ({ settings: s }) => s.registerLimit,
      // What was signed is not changed here: another text is another contract.
      returnTo: 'none',
      check: registrationFaults,
      ends: whyUnsigned,
    }),
  ],
});
