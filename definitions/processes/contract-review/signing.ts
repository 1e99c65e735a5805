/** Reviewing and signing a contract: what an opinion or a signature is refused for. Pure; no zod. */
import type { CheckContext, Context, Decision } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';
import type { ContractOutputs } from './form.ts';
import { wordFaults } from './papers.ts';
import { type ContractReview, type Level, NEEDS, SIGNERS, signingLevel, UNREVIEWED } from './rules.ts';

type Check = CheckContext<ContractReview>;
type Now = Context<ContractReview>;

/** Every fault of the legal review: it is about the text that lies before the school now, and says what to mend. */
export function legalFaults({ form }: Now, output: ContractOutputs['legal']): Fault[] {
  const faults: Fault[] = [];
  if (output.reviewedText !== form.text) faults.push({ path: '/output/reviewedText', message: '审查的不是当前合同文本' });
  if (output.opinion !== '通过' && output.comments === undefined) {
    faults.push({ path: '/output/comments', message: '请写明修改意见或理由' });
  }
  return faults;
}

/** Every fault of the text that comes back. */
export function revisionFaults(_context: Now, output: ContractOutputs['revise'], { files }: Check): Fault[] {
  return wordFaults(files, output.text, '/output/text');
}

/** Every fault of the second legal review. */
export function secondReviewFaults({ outputs }: Now, output: ContractOutputs['legal-second']): Fault[] {
  const faults: Fault[] = [];
  if (output.reviewedText !== outputs.revise?.text) {
    faults.push({ path: '/output/reviewedText', message: '复审的不是修改后的合同文本' });
  }
  if (output.opinion === '不同意' && output.comments === undefined) {
    faults.push({ path: '/output/comments', message: '请写明理由' });
  }
  return faults;
}

/** Whether the legal adviser asked for changes. */
export function asksForChanges({ outputs }: Pick<Now, 'outputs'>): boolean {
  return outputs.legal?.opinion === '修改后通过' || outputs.legal?.opinion === '退回修改';
}

/** Why the contract may not be concluded as it stands. What was agreed to before the form was last corrected was another contract. */
function whyNotReady(context: Now, level: Level): string | null {
  const { form, outputs, settings: s, decisions } = context;
  const corrected = decisions('applicant').findLast((one) => one.action === 'complete')?.at ?? '';
  const agreed = (step: string) => {
    const last = decisions(step).at(-1);
    return last?.action === 'agree' && last.at >= corrected;
  };
  if (NEEDS.finance(form, s) && !agreed('finance')) return `${UNREVIEWED}:未经财务审查`;
  if (NEEDS.audit(form, s) && !agreed('audit')) return `${UNREVIEWED}:未经审计审查`;
  if (NEEDS.legal(form, s)) {
    const passed = asksForChanges(context) ? outputs['legal-second']?.opinion === '通过' : outputs.legal?.opinion === '通过';
    if (!passed) return `${UNREVIEWED}:法律审查未通过`;
    const sameText = outputs.legal?.reviewedText === form.text && outputs.revise?.text === outputs['legal-second']?.reviewedText;
    if (!sameText) return `${UNREVIEWED}:法律审查后文本有修改,须再次送审`;
  }
  return signingLevel(form, s) > level ? `${UNREVIEWED}:已超出本级签署权限,须由${SIGNERS[signingLevel(form, s)]}签署` : null;
}

/** The checks of a signature on a level: nothing is signed unreviewed or above one's powers, nothing is passed on without a word. */
export function signingFaults(level: Level) {
  return (context: Now, output: { decision: string; note?: string | undefined }): Fault[] => {
    if (output.decision === '签署' || output.decision === '委托他人') {
      const why = whyNotReady(context, level);
      return why === null ? [] : [{ path: '/output/decision', message: why }];
    }
    return output.note === undefined ? [{ path: '/output/note', message: '请说明理由' }] : [];
  };
}

/** The checks of the president's signature, who may have somebody else sign by a letter of authority (AHNU). */
export function presidentFaults(context: Now, output: ContractOutputs['sign-president'], world: Check): Fault[] {
  const faults = signingFaults(3)(context, output);
  if (output.decision !== '委托他人') return faults;
  if (context.form.legalRepMustSign) {
    faults.push({ path: '/output/decision', message: '须法定代表人签署的合同不得委托他人签署' });
  }
  if (output.delegate === undefined || world.directory.people[output.delegate]?.active !== true) {
    faults.push({ path: '/output/delegate', message: '请选择在岗的受托签署人' });
  } else if (output.delegate === context.applicant.id) {
    faults.push({ path: '/output/delegate', message: '承办人不得受托签署本人承办的合同' });
  }
  if (output.authorization === undefined || world.files[output.authorization] === undefined) {
    faults.push({ path: '/output/authorization', message: '委托签署须附授权委托书' });
  }
  return faults;
}

const SIGNING_STEPS = ['sign-delegate', 'sign-president', 'sign-leader', 'sign-unit'] as const;

/** The signature: who, for whom and when; null before. */
export function signatureOf({ outputs, decisions }: Pick<Now, 'outputs' | 'decisions'>): Decision | null {
  const step = SIGNING_STEPS.find((one) => outputs[one]?.decision === '签署');
  return step === undefined ? null : (decisions(step).at(-1) ?? null);
}
