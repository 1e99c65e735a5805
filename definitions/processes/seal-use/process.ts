/**
 * 用印申请 (domain P01): nobody gets a seal on a paper that the right people have not read, and each impression is counted.
 */
import { nextWorkingMoment } from '../../language/calendar.ts';
import type { CheckContext, Fact } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import type { Directory, Resource } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { SealUseForm, SealUseOutputs } from './form.ts';

const settings = {
  approvalLimit: limitSetting('每级审批时限', '1 workday', '惯例 [C]'),
  stampLimit: limitSetting('材料齐备后用印时限', '2 workdays', 'DMJ:材料留办公室的,两个工作日内用印'),
  collectLimit: limitSetting('领取时限', '5 workdays', '惯例 [C]'),
  totalLimit: limitSetting('全程时限', '10 workdays', '004 没有限时的,必须给出办结时限;时限为惯例 [C]'),
  correctionLimit: limitSetting('退回修改时限', '10 workdays', '惯例 [C]'),
  leaderForContracts: setting('合同、授权委托书是否须分管校领导审批', true, 'P01 流程:分管校领导(合同、授权委托书、特殊事项)'),
};

interface SealUse {
  form: SealUseForm;
  outputs: SealUseOutputs;
  settings: SettingsOf<typeof settings>;
}

const { approve, handle, choose, define, unitHead, leaderInCharge, role, person, post, applicant } = language<SealUse>();

/** Whether a fact says that a contract review ended well. */
function reviewedContract(fact: Fact | undefined): boolean {
  return fact?.kind === 'matter' && fact.found && fact.processId === 'contract-review' && fact.status === 'completed';
}

/** The seals in use of the kind that a form asks for; a signature seal must be that of the leader named. */
function sealsFor(form: SealUseForm, directory: Directory): Resource[] {
  return Object.values(directory.resources).filter(
    (one) =>
      one.kind === 'seal' &&
      one.active &&
      one.attributes.sealType === form.sealType &&
      (form.sealType !== '校领导签名章' || one.attributes.owner === form.leader),
  );
}

/** The post that keeps the seal; where several seals fit, the one on the campus where it is wanted. */
function keeperPost(form: SealUseForm, directory: Directory): string | null {
  const seals = sealsFor(form, directory);
  const seal = seals.find((one) => one.campus === form.campus) ?? seals[0];
  return seal === undefined ? null : String(seal.attributes.keeperPost);
}

function sealFaults({ form, directory }: CheckContext<SealUse>): Fault[] {
  if (form.sealType === '校领导签名章' && form.leader === undefined) {
    return [{ path: '/form/leader', message: '未经领导本人同意,不得加盖签名章:请选择签名章所属校领导' }];
  }
  const seals = sealsFor(form, directory);
  if (seals.length === 0) {
    return form.sealType === '校领导签名章'
      ? [{ path: '/form/leader', message: '所选校领导没有在用的签名章' }]
      : [{ path: '/form/sealType', message: `学校没有在用的${form.sealType}` }];
  }
  const matches = seals.some((seal) => seal.attributes.signOff === form.signOff);
  return matches ? [] : [{ path: '/form/signOff', message: '落款单位与所用印章不一致' }];
}

function contractFaults({ form, facts }: CheckContext<SealUse>): Fault[] {
  if (form.docKind !== '合同协议' && form.sealType !== '合同专用章') return [];
  return reviewedContract(facts.source)
    ? []
    : [{ path: '/form/sourceRef', message: '合同未经审查通过:请填写已办结的合同审查办件编号' }];
}

function timeFaults({ form, calendar, now, directory }: CheckContext<SealUse>): Fault[] {
  const faults: Fault[] = [];
  if (form.wantedAt !== undefined) {
    const wanted = new Date(form.wantedAt).toISOString();
    if (wanted <= now) faults.push({ path: '/form/wantedAt', message: '期望用印时间应在今后' });
    else if (nextWorkingMoment(calendar, wanted) !== wanted) {
      faults.push({ path: '/form/wantedAt', message: '非工作时间不予用印,请选择办公时间' });
    }
  }
  if (form.takeOut !== undefined) {
    if (Date.parse(form.takeOut.to) <= Date.parse(form.takeOut.from))
      faults.push({ path: '/form/takeOut/to', message: '归还时间应晚于外带时间' });
    const escort = form.takeOut.escort;
    const witness = Object.values(directory.posts).some(
      (post) => post.role === 'seal-witness' && post.holders.some((holding) => holding.person === escort),
    );
    if (!witness) faults.push({ path: '/form/takeOut/escort', message: '印章外带须由监印人随行' });
  }
  return faults;
}

function fileFaults({ form, files }: CheckContext<SealUse>): Fault[] {
  return form.files.flatMap((id, at) => {
    const found = files[id];
    if (found === undefined) return [{ path: `/form/files/${at}`, message: '文件不存在或不是您上传的' }];
    return found.type === 'application/pdf'
      ? []
      : [{ path: `/form/files/${at}`, message: `“${found.name}”不是 PDF:用印材料须为终稿 PDF` }];
  });
}

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
    { name: '证书名册', required: false, note: '证书类用印须附名册' },
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
  reads: (form) => (form.sourceRef === undefined ? [] : [{ kind: 'matter', as: 'source', no: form.sourceRef }]),
  checks: (context) => {
    const proof: Fault[] =
      context.form.docKind === '证明' && context.form.proofOf === undefined
        ? [{ path: '/form/proofOf', message: '请选择证明内容' }]
        : [];
    return [...proof, ...sealFaults(context), ...contractFaults(context), ...timeFaults(context), ...fileFaults(context)];
  },
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
          says: '收入证明由人事处审核',
          when: ({ form }) => form.docKind === '证明' && form.proofOf === '收入',
          steps: [
            approve('personnel', {
              name: '人事处审核',
              assignees: unitHead('人事处负责人', () => 'u-hr'),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
        {
          says: '学习、活动证明由学生工作处审核',
          when: ({ form }) => form.docKind === '证明' && form.proofOf === '学习或活动',
          steps: [
            approve('students', {
              name: '学生工作处审核',
              assignees: unitHead('学生工作处负责人', () => 'u-students'),
              limit: ({ settings: s }) => s.approvalLimit,
            }),
          ],
        },
        {
          says: '出国(境)证明由组织、人事部门会签并报分管校领导',
          when: ({ form }) => form.docKind === '证明' && form.proofOf === '出国(境)',
          steps: [
            approve('abroad', {
              name: '组织部、人事处会签',
              mode: 'all',
              assignees: [unitHead('组织部负责人', () => 'u-organization'), unitHead('人事处负责人', () => 'u-hr')],
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
    choose('leadership', {
      name: '校领导审批',
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
            form.proofOf === '出国(境)',
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
      assignees: post('印章管理员', ({ form }, directory) => keeperPost(form, directory)),
      limit: ({ settings: s }) => s.stampLimit,
      selfApproval: 'superior',
      check: ({ form }, output) => {
        const faults: Fault[] = [];
        if (!output.keptCopy) faults.push({ path: '/output/keptCopy', message: '用印件须留存一份' });
        const asApplied = output.copies === form.copies && output.impressions === form.copies * form.impressions;
        if (!asApplied && output.difference === undefined) {
          faults.push({ path: '/output/difference', message: '实际用印数与批准数不一致,请说明' });
        }
        return faults;
      },
    }),
    handle('collect', {
      name: '经办人领取',
      assignees: applicant(),
      limit: ({ settings: s }) => s.collectLimit,
      returnTo: ['stamp'],
    }),
  ],
});
