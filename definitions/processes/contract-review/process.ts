/**
 * 合同审查 (domain P04): no contract is concluded that the right people have not read, in the text they read, by the hand that
 * its amount asks for.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import { applicationChecks, readsOf } from './checks.ts';
import type { ContractOutputs } from './form.ts';
import { competentUnit, register } from './register.ts';
import { type ContractReview, isMajor, NEEDS, retentionOf, settings } from './rules.ts';
import { finalTextFaults, isUnsealed, registrationFaults, sealRequest, whyGivenUp, whyUnsealed } from './sealing.ts';
import { asksForChanges, legalFaults, revisionFaults, secondReviewFaults } from './signing.ts';
import { signingSteps } from './signing-steps.ts';

const { approve, handle, choose, parallel, link, define, unitHead, role, applicant } = language<ContractReview>();

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

/** Whether the legal adviser sent the whole text back, so that everybody reads it again. */
function readAnew({ outputs }: Pick<Now, 'outputs'>): boolean {
  return outputs.legal?.opinion === '退回修改';
}

function whyUnsigned(_context: Now, output: ContractOutputs['register-signing']): string | null {
  return output.signed ? null : `合同未签订:${output.reason ?? ''}`;
}

export const contractReview = define({
  id: 'contract-review',
  version: 2,
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
    { name: '合同定稿', required: false, note: '签署后由承办人上传 PDF,系统据此发起用印申请;未加盖合同专用章的合同不得付款' },
    { name: '是否需要书面合同', required: false, note: '低于学校规定起点金额(默认2万元)的可不签订书面合同' },
  ],
  contact: '党政办公室合同管理岗',
  limit: ({ settings: s }) => s.totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  title: (form) => `合同审查:${form.name}`,
  reads: readsOf,
  checks: applicationChecks,
  harmlessFields: ['campus', 'phone'],
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
    ...signingSteps,
    handle('final-text', {
      name: '上传定稿',
      ask: '上传与审定签署文本一致的 PDF 定稿,填写用印份数,提交后自动发起用印申请;不再签订的说明原因',
      assignees: applicant(),
      limit: ({ settings: s }) => s.finalTextLimit,
      // What was signed is not changed here: another text is another contract.
      returnTo: 'none',
      check: finalTextFaults,
      ends: whyGivenUp,
    }),
    link('seal', {
      name: '合同用印',
      starts: sealRequest,
      waits: true,
      whenWithdrawn: 'withdraw',
      // The contract stands signed: its applicant mends the application and asks again, or gives it up with a word.
      whenFailed: 'go-on',
    }),
    choose('sealed', {
      name: '用印结果',
      branches: [
        {
          says: '用印未办成的由承办人处理',
          when: isUnsealed,
          steps: [
            handle('unsealed', {
              name: '用印未办成',
              ask: '改正后再次申请的,退回“上传定稿”;不再签订的说明原因后提交',
              assignees: applicant(),
              limit: ({ settings: s }) => s.unsealedLimit,
              returnTo: ['final-text'],
              ends: whyUnsealed,
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
      returnTo: 'none',
      check: registrationFaults,
      ends: whyUnsigned,
    }),
  ],
});
