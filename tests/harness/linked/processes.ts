/** Two small processes of which one starts the other, for tests of linked matters; in no catalog. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { StepList } from '../../../definitions/language/steps.ts';

/** People of the demo university. */
export const people = { applicant: 'p-chen-siqi', office: 'p-zhou-jianping', keeper: 'p-meng-lan' } as const;

function named(id: string): AssigneeRule {
  return { kind: 'person', says: '指定人员', person: () => id };
}

function definition(id: string, numberPrefix: string, steps: StepList, changes: Partial<ProcessDefinition>): ProcessDefinition {
  return {
    id,
    version: 1,
    name: `测试${id}`,
    numberPrefix,
    category: '测试',
    basis: ['测试'],
    audience: '全校教职工',
    applicants: 'anyone',
    materials: [{ name: '材料', required: false, note: '无' }],
    contact: '党政办公室',
    limit: '400 days',
    correctionLimit: '5 workdays',
    clockStopsWithApplicant: true,
    settings: {},
    title: () => '测试事项',
    supervised: false,
    register: [{ key: 'no', title: '编号', value: ({ no }) => no }],
    archive: { class: '文书', retention: () => '10-years', basis: '测试' },
    steps,
    ...changes,
  };
}

/** 用印: refused without copies; one approval. */
const seal = definition(
  'test-seal',
  'TSEAL',
  [{ kind: 'approve', id: 'keep', name: '用印', mode: 'any', assignees: named(people.keeper), limit: '2 workdays' }],
  { checks: ({ form }) => (Number(form.copies) > 0 ? [] : [{ path: '/form/copies', message: '份数须大于0' }]) },
);

/** 合同: approved, then one use of the seal for each number of copies in the form, then closed. */
const contract = definition(
  'test-contract',
  'TCONT',
  [
    { kind: 'approve', id: 'agree', name: '审批', mode: 'any', assignees: named(people.office), limit: '2 workdays' },
    {
      kind: 'link',
      id: 'seal',
      name: '用印',
      starts: ({ form }) =>
        (Array.isArray(form.seals) ? form.seals : []).map((copies) => ({
          processId: 'test-seal',
          form: { copies, from: '合同' },
        })),
      waits: true,
      whenWithdrawn: 'withdraw',
    },
    { kind: 'approve', id: 'close', name: '归档', mode: 'any', assignees: named(people.office), limit: '2 workdays' },
  ],
  { withdrawUntil: 'end' },
);

/** 督办: handled for a year, with feedback every month. */
const year = definition(
  'test-year',
  'TYEAR',
  [
    {
      kind: 'handle',
      id: 'undertake',
      name: '承办',
      mode: 'any',
      assignees: named(people.office),
      limit: '365 days',
      reports: { every: '1 month' },
    },
  ],
  {},
);

/** All of them. */
export const linkedProcesses: readonly ProcessDefinition[] = [seal, contract, year];

/** One of them by id and version. */
export function findLinked(id: string, version: number): ProcessDefinition | undefined {
  return linkedProcesses.find((one) => one.id === id && one.version === version);
}
