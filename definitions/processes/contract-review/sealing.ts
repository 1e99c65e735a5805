/**
 * From the signature to the concluded contract: its final text, the seal that is asked for in a matter of its own, and the day on
 * which both parties have signed. Pure; no zod.
 */
import { schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';
import type { Linked } from '../../language/steps.ts';
import type { ContractOutputs } from './form.ts';
import { isPdf } from './papers.ts';
import { BACKDATED, type ContractReview, UNREVIEWED } from './rules.ts';
import { signatureOf } from './signing.ts';

type Check = CheckContext<ContractReview>;
type Now = Context<ContractReview>;

/** Faults of the final text: a PDF of what was signed, in no more copies than were reviewed; or a word on why there is none. */
export function finalTextFaults({ form }: Now, output: ContractOutputs['final-text'], { files }: Check): Fault[] {
  const missing = (field: string, message: string): Fault => ({ path: `/output/${field}`, message });
  if (output.decision === '不再签订') return output.reason === undefined ? [missing('reason', '请说明不再签订的原因')] : [];
  const faults: Fault[] = [];
  if (!isPdf(files, output.pdf)) faults.push(missing('pdf', '请上传合同定稿(PDF)'));
  if (output.sameText !== true) faults.push(missing('sameText', '定稿须与审定签署的文本一致:有改动的是另一份合同,须重新送审'));
  if (output.copies === undefined) faults.push(missing('copies', '请填写用印份数'));
  else if (output.copies > form.copies) faults.push(missing('copies', `用印份数不得超过审定的合同份数${form.copies}份`));
  if (output.impressions === undefined) faults.push(missing('impressions', '请填写每份印数'));
  return faults;
}

/** Why a signed contract ends without a seal, or null when one is asked for. */
export function whyGivenUp(_context: Now, output: ContractOutputs['final-text']): string | null {
  return output.decision === '不再签订' ? `合同未签订:${output.reason ?? ''}` : null;
}

/** The application for the seal, filled in from the contract. Its weight was decided on by whoever signed it. */
export function sealRequest({ form, outputs, settings: s, no }: Now): Linked[] {
  const final = outputs['final-text'];
  if (final?.pdf === undefined) return [];
  return [
    {
      processId: 'seal-use',
      form: {
        campus: form.campus,
        phone: form.phone,
        sealType: s.sealType,
        docTitle: form.name,
        docKind: '合同协议',
        copies: final.copies ?? form.copies,
        impressions: final.impressions ?? 1,
        reason: `合同已经审查签署(${no}),申请加盖${s.sealType}`,
        receiver: form.counterparty,
        signOff: form.signAs,
        sourceRef: no,
        involvesMoney: form.direction !== '无金额',
        major: false,
        complete: true,
        files: [final.pdf],
      },
    },
  ];
}

/** Whether the contract bears the school's seal: what was asked for has been stamped and collected. */
export function isSealed({ links }: Pick<Now, 'links'>): boolean {
  const asked = links('seal');
  return asked.length > 0 && asked.every((one) => one.status === 'completed');
}

/** Whether the seal was asked for in vain: refused, sent back for good or withdrawn. */
export function isUnsealed({ links }: Pick<Now, 'links'>): boolean {
  return links('seal').some((one) => one.status !== 'completed');
}

/** The end of a contract whose seal was refused, and which its applicant gives up. */
export function whyUnsealed({ links }: Now, output: ContractOutputs['unsealed']): string {
  const said = links('seal').find((one) => one.status !== 'completed');
  const number = said?.no === undefined || said.no === null ? '' : said.no;
  return `合同用印未办成(${number}${said?.text ?? ''}),不再签订:${output.reason}`;
}

/** Every fault of the registration: the contract was concluded after it was approved, and before it is performed (LY, ALS5). */
export function registrationFaults(context: Now, output: ContractOutputs['register-signing'], world: Check): Fault[] {
  if (!output.signed) {
    return output.reason === undefined ? [{ path: '/output/reason', message: '请说明未签订的原因' }] : [];
  }
  const { form, settings: s } = context;
  const { calendar, now, files } = world;
  const faults: Fault[] = [];
  if (!isSealed(context)) faults.push({ path: '/output/signed', message: `合同未加盖${s.sealType},不得登记签订,不得付款` });
  if (!isPdf(files, output.signedText)) {
    faults.push({ path: '/output/signedText', message: '请上传已签订合同的扫描件(PDF)' });
  }
  const from = output.performFrom ?? form.start;
  if (from < form.start || from > form.end) {
    faults.push({ path: '/output/performFrom', message: '重新约定的履行期起应在原履行期内' });
  }
  if (output.signedOn === undefined) return [...faults, { path: '/output/signedOn', message: '请填写签订日期' }];
  const signature = signatureOf(context);
  const unsigned = signature === null || output.signedOn < schoolDate(calendar, signature.at);
  if (unsigned) faults.push({ path: '/output/signedOn', message: `${UNREVIEWED}:签订日期早于批准签署日期` });
  else if (output.signedOn > schoolDate(calendar, now)) {
    faults.push({ path: '/output/signedOn', message: '签订日期不能晚于今天' });
  } else if (output.signedOn > from) faults.push({ path: '/output/signedOn', message: BACKDATED });
  return faults;
}
