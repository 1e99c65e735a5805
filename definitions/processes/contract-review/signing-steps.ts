/** Who signs a contract (AHNU): the head of the unit, the leader in charge, the president or whom the president names in writing. */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import { type ContractReview, signingLevel } from './rules.ts';
import { presidentFaults, signingFaults } from './signing.ts';

const { handle, choose, unitHead, leaderInCharge, role, person } = language<ContractReview>();

type Now = Context<ContractReview>;

function signLimit({ settings: s }: Now) {
  return s.signLimit;
}

function refusedBy(who: string) {
  return (_context: Now, output: { decision: string; note?: string | undefined }): string | null =>
    output.decision === '不同意' ? `${who}不同意签署:${output.note ?? ''}` : null;
}

/** One choice for each level of signers; a contract that is handed up comes through several. */
export const signingSteps = [
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
        when: ({ form, settings: s, outputs }) => signingLevel(form, s) === 2 || outputs['sign-unit']?.decision === '提请上级',
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
        when: ({ form, settings: s, outputs }) => signingLevel(form, s) === 3 || outputs['sign-leader']?.decision === '提请上级',
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
                when: ({ outputs }) => outputs['sign-president']?.decision === '委托他人',
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
] as const;
