/** What schools differ in for 用印申请, and the types of its definition. */
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { PROOF_SUBJECTS, SealUseForm, SealUseOutputs } from './form.ts';

/** What schools differ in. */
export const settings = {
  approvalLimit: limitSetting('每级审批时限', '1 workday', '惯例 [C]'),
  stampLimit: limitSetting('材料齐备后用印时限', '2 workdays', 'DMJ:材料留办公室的,两个工作日内用印'),
  collectLimit: limitSetting('领取时限', '5 workdays', '惯例 [C]'),
  totalLimit: limitSetting('全程时限', '10 workdays', '004 没有限时的,必须给出办结时限;时限为惯例 [C]'),
  correctionLimit: limitSetting('退回修改时限', '10 workdays', '惯例 [C]'),
  leaderForContracts: setting('合同、授权委托书是否须分管校领导审批', true, 'P01 流程:分管校领导(合同、授权委托书、特殊事项)'),
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
