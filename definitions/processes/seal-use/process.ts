/**
 * 用印申请 (domain P01): nobody gets a seal on a paper that the right people have not read, and each impression is counted.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import { applicationChecks, keeperPost, readsOf, sealReturnFaults, stampFaults } from './checks.ts';
import { register } from './register.ts';
import { isContract, isProofOf, type SealUse, sealReturnLimit, settings, stampLimit } from './terms.ts';

const { approve, handle, choose, define, unitHead, leaderInCharge, role, person, post, applicant } = language<SealUse>();

/** Who goes with the seal watches over the one who stamps, and so is somebody else. */
function escorts({ form }: Pick<Context<SealUse>, 'form'>): string[] {
  return form.takeOut === undefined ? [] : [form.takeOut.escort];
}

export const sealUse = define({
  id: 'seal-use',
  version: 2,
  name: '用印申请',
  numberPrefix: 'YYSQ',
  category: '印信',
  basis: ['国务院关于国家行政机关和企业事业单位社会团体印章管理的规定(国发〔1999〕25号)', '学校印章管理办法'],
  audience: '全校教职工',
  applicants: 'anyone',
  materials: [
    { name: '用印材料终稿', required: true, note: '文本完整、日期齐全、无空白,PDF' },
    { name: '证书名册', required: false, note: '证书类用印须附' },
    { name: '合同审查办件编号', required: false, note: '合同、协议及使用合同专用章须已通过合同审查,份数不超过合同份数' },
    { name: '校领导书面同意', required: false, note: '使用签名章由该领导本人在系统中审批' },
    { name: '印章外带说明', required: false, note: '经校长(党委印章由书记)批准、监印人随行、当日归还,归还后登记' },
    { name: '身份证件复印件', required: false, note: '以个人名义用印时' },
  ],
  contact: '党政办公室印章管理岗',
  limit: ({ settings: s }) => s.totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  title: (form) => `用印申请:${form.docTitle}`,
  reads: readsOf,
  checks: applicationChecks,
  harmlessFields: ['phone', 'wantedAt'],
  supervised: false,
  register,
  archive: { class: '用印', retention: () => '3-years', basis: 'HEZE:用印申请单保存三年' },
  steps: [
    approve('unit-head', { name: '部门负责人审批', assignees: unitHead(), limit: ({ settings: s }) => s.approvalLimit }),
    choose('competent', {
      name: '归口部门审核',
      branches: [
        {
          says: '收入证明由人事部门审核',
          when: ({ form }) => isProofOf(form, '收入'),
          steps: [
            approve('personnel', {
              name: '人事部门审核',
              assignees: unitHead('人事部门负责人', ({ settings: s }) => s.personnelUnit),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
        {
          says: '学习证明由教务部门审核',
          when: ({ form }) => isProofOf(form, '学习'),
          steps: [
            approve('studies', {
              name: '教务部门审核',
              assignees: unitHead('教务部门负责人', ({ settings: s }) => s.academicUnit),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
        {
          says: '活动证明由学生工作部门审核',
          when: ({ form }) => isProofOf(form, '活动'),
          steps: [
            approve('students', {
              name: '学生工作部门审核',
              assignees: unitHead('学生工作部门负责人', ({ settings: s }) => s.studentsUnit),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
        {
          says: '出国(境)证明由组织、人事部门会签并报分管校领导',
          when: ({ form }) => isProofOf(form, '出国(境)'),
          steps: [
            approve('abroad', {
              name: '组织、人事部门会签',
              mode: 'all',
              assignees: [
                unitHead('组织部门负责人', ({ settings: s }) => s.organizationUnit),
                unitHead('人事部门负责人', ({ settings: s }) => s.personnelUnit),
              ],
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
      ],
    }),
    choose('money', {
      name: '财务审核',
      branches: [
        {
          // What a contract costs the school was reviewed with the contract.
          says: '涉及经费的由财务处审核,已经合同审查的除外',
          when: ({ form }) => form.involvesMoney && !isContract(form),
          steps: [
            approve('finance', {
              name: '财务处审核',
              assignees: role('finance-reviewer', '财务审核'),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
      ],
    }),
    approve('office', {
      name: '党政办主任审核',
      assignees: role('office-director', '党政办主任'),
      limit: ({ settings: s }) => s.approvalLimit,
    }),
    choose('signature', {
      name: '签名章本人同意',
      branches: [
        {
          says: '使用签名章由该领导本人审批',
          when: ({ form }) => form.sealType === '校领导签名章',
          steps: [
            approve('seal-leader', {
              name: '签名章所属校领导本人审批',
              assignees: person('签名章所属校领导', ({ form }) => form.leader ?? null),
              limit: ({ settings: s }) => s.approvalLimit,
              // A signature is nobody else's to give; who asks for their own has given it.
              inPerson: true,
              selfApproval: 'skip',
            }),
          ],
        },
      ],
    }),
    choose('leadership', {
      name: '校领导审批',
      branches: [
        {
          says: '重大事项或印章外带由校长(党委印章由书记)审批',
          when: ({ form }) => form.major || form.takeOut !== undefined,
          steps: [
            choose('top', {
              name: '主要领导',
              branches: [
                {
                  says: '党委印章由党委书记审批',
                  when: ({ form }) => form.sealType === '党委印章',
                  steps: [
                    approve('secretary', {
                      name: '党委书记审批',
                      assignees: role('party-secretary', '党委书记'),
                      limit: ({ settings: s }) => s.approvalLimit,
                    }),
                  ],
                },
              ],
              otherwise: [
                approve('top-leader', {
                  name: '校长审批',
                  assignees: role('president', '校长'),
                  limit: ({ settings: s }) => s.approvalLimit,
                }),
              ],
            }),
          ],
        },
        {
          says: '合同、授权委托书、出国(境)证明由分管校领导审批',
          when: ({ form, settings: s }) =>
            (s.leaderForContracts && (form.docKind === '合同协议' || form.docKind === '授权委托书')) ||
            isProofOf(form, '出国(境)'),
          steps: [
            approve('leader', {
              name: '分管校领导审批',
              assignees: leaderInCharge(),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
      ],
    }),
    handle('stamp', {
      name: '核对用印并登记',
      ask: '核对文本与审批一致,清点份数,用印后登记;不得超过批准份数,少于批准份数的说明原因',
      assignees: post('印章管理员', keeperPost),
      limit: stampLimit,
      selfApproval: 'superior',
      excluded: escorts,
      check: stampFaults,
    }),
    choose('taken-out', {
      name: '外带归还',
      branches: [
        {
          says: '印章外带的,归还后由印章管理员登记',
          when: ({ form }) => form.takeOut !== undefined,
          steps: [
            handle('seal-return', {
              name: '印章归还登记',
              ask: '登记归还时间和印章状况;逾时归还、印章受损或遗失的说明情况',
              assignees: post('印章管理员', keeperPost),
              limit: sealReturnLimit,
              selfApproval: 'superior',
              excluded: escorts,
              returnTo: ['stamp'],
              check: sealReturnFaults,
            }),
          ],
        },
      ],
    }),
    handle('collect', {
      name: '经办人领取',
      assignees: applicant(),
      limit: ({ settings: s }) => s.collectLimit,
      returnTo: ['stamp'],
    }),
  ],
});
