/**
 * 用印申请 (domain P01): nobody gets a seal on a paper that the right people have not read, and each impression is counted.
 */
import { language } from '../../language/define.ts';
import { applicationFaults, contractSource, keeperPost, stampFaults } from './checks.ts';
import { isProofOf, type SealUse, settings } from './terms.ts';

const { approve, handle, choose, define, unitHead, leaderInCharge, role, person, post, applicant } = language<SealUse>();

export const sealUse = define({
  id: 'seal-use',
  version: 1,
  name: '用印申请',
  numberPrefix: 'YYSQ',
  category: '印信',
  basis: ['国务院关于国家行政机关和企业事业单位社会团体印章管理的规定(国发〔1999〕25号)', '学校印章管理办法'],
  audience: '全校教职工',
  applicants: 'anyone',
  materials: [
    { name: '用印材料终稿', required: true, note: '文本完整、日期齐全、无空白,PDF' },
    { name: '证书名册', required: false, note: '证书类用印须附' },
    { name: '合同审查办件编号', required: false, note: '合同、协议及使用合同专用章须已通过合同审查' },
    { name: '校领导书面同意', required: false, note: '使用签名章由该领导本人在系统中审批' },
    { name: '身份证件复印件', required: false, note: '以个人名义用印时' },
  ],
  contact: '党政办公室印章管理岗',
  limit: ({ settings: s }) => s.totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  title: (form) => `用印申请:${form.docTitle}`,
  reads: contractSource,
  checks: applicationFaults,
  supervised: false,
  register: [
    { key: 'no', title: '编号', value: ({ no }) => no },
    { key: 'stampedAt', title: '用印日期', value: ({ decisions }) => decisions('stamp').at(-1)?.at ?? null },
    { key: 'docTitle', title: '文件名称', value: ({ form }) => form.docTitle },
    { key: 'reason', title: '事由', value: ({ form }) => form.reason },
    { key: 'sealType', title: '印章种类', value: ({ form }) => form.sealType },
    { key: 'copies', title: '份数', value: ({ outputs, form }) => outputs.stamp?.copies ?? form.copies },
    { key: 'impressions', title: '印数', value: ({ outputs }) => outputs.stamp?.impressions ?? null },
    { key: 'unit', title: '用印部门', value: ({ applicantUnitName }) => applicantUnitName },
    {
      key: 'approvedBy',
      title: '批办人',
      value: ({ decisions }) =>
        ['top-leader', 'secretary', 'seal-leader', 'leader', 'office', 'unit-head']
          .map((step) => decisions(step).at(-1)?.name)
          .find(Boolean) ?? null,
    },
    { key: 'keeper', title: '监印人', value: ({ decisions }) => decisions('stamp').at(-1)?.name ?? null },
    { key: 'handler', title: '经办人', value: ({ applicant: who }) => who.name },
    { key: 'status', title: '状态', value: ({ status }) => status },
  ],
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
          says: '涉及经费由财务处审核',
          when: ({ form }) => form.involvesMoney,
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
      ask: '核对文本与审批一致,清点份数,用印后登记',
      assignees: post('印章管理员', keeperPost),
      limit: ({ settings: s }) => s.stampLimit,
      selfApproval: 'superior',
      check: stampFaults,
    }),
    handle('collect', {
      name: '经办人领取',
      assignees: applicant(),
      limit: ({ settings: s }) => s.collectLimit,
      returnTo: ['stamp'],
    }),
  ],
});
