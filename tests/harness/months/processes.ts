/** One process with every path of the clock in it, for tests that play months on the real engine; in no catalog. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { demoCast } from '../../../scripts/demo/university.ts';

/** Who does what. */
export const people = {
  applicant: demoCast.lecturer,
  reviewer: demoCast.officeClerk,
  outside: demoCast.computingClerk,
  worker: demoCast.academicHead,
  grantor: demoCast.officeDirector,
  signer: demoCast.computingHead,
} as const;

function named(id: string): AssigneeRule {
  return { kind: 'person', says: '指定人员', person: () => id };
}

/** Reviewed, asked of a third party while the clock stands still, worked on with feedback and more time, signed or taken as signed. */
export const monthProcess: ProcessDefinition = {
  id: 'test-month',
  version: 1,
  name: '时限全程',
  numberPrefix: 'TMON',
  category: '测试',
  basis: ['测试'],
  audience: '全校教职工',
  applicants: 'anyone',
  materials: [{ name: '材料', required: false, note: '无' }],
  contact: '党政办公室',
  limit: '20 workdays',
  correctionLimit: '5 workdays',
  clockStopsWithApplicant: true,
  correctionsMax: 1,
  whenNotCorrected: 'abandon',
  settings: {},
  title: ({ name }) => `时限全程:${String(name)}`,
  supervised: false,
  register: [{ key: 'no', title: '编号', value: ({ no }) => no }],
  archive: { class: '文书', retention: () => '10-years', basis: '测试' },
  steps: [
    { kind: 'approve', id: 'review', name: '审核', mode: 'any', assignees: named(people.reviewer), limit: '2 workdays' },
    {
      kind: 'handle',
      id: 'third',
      name: '征求意见',
      mode: 'any',
      assignees: named(people.outside),
      limit: '15 workdays',
      stopsClock: '征求第三方意见',
    },
    {
      kind: 'handle',
      id: 'work',
      name: '承办',
      mode: 'any',
      assignees: named(people.worker),
      limit: '10 workdays',
      reports: { every: '3 workdays' },
      extension: { approver: named(people.grantor), longest: '15 workdays', times: () => 1, limit: '2 workdays' },
    },
    {
      kind: 'approve',
      id: 'sign',
      name: '会签',
      mode: 'any',
      assignees: named(people.signer),
      limit: '2 workdays',
      silence: 'go-on',
    },
  ],
};

/** The process by id and version. */
export function findMonth(id: string, version: number): ProcessDefinition | undefined {
  return id === monthProcess.id && version === monthProcess.version ? monthProcess : undefined;
}
