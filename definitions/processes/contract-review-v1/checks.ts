/** The checks of 合同审查: what is refused, in the words of the rules it comes from. Pure; no zod. */
import { schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context, Read } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';
import type { ContractForm, ContractOutputs } from './form.ts';
import { schoolNames } from './parties.ts';
import {
  type ContractReview,
  contractValue,
  isMajor,
  type Level,
  levelOfAmount,
  NEEDS,
  requiredLevel,
  SIGNERS,
  signingLevel,
} from './rules.ts';

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PDF = 'application/pdf';
const UNREVIEWED = '未经审核或授权不得订立';
const BACKDATED = '应先签订后履行,不得倒签';

type Check = CheckContext<ContractReview>;
type Now = Context<ContractReview>;

/** The contracts with the same party in the twelve months before; their amounts stand in two fields. */
export function readsOf(form: ContractForm, now: string): Read[] {
  // A malformed form asks for nothing; its schema says what is wrong with it.
  if (form.direction === '无金额' || typeof form.creditCode !== 'string') return [];
  const since = new Date(now);
  since.setUTCFullYear(since.getUTCFullYear() - 1);
  const earlier = {
    kind: 'similar' as const,
    processId: 'contract-review',
    field: 'creditCode',
    value: form.creditCode,
    since: since.toISOString(),
  };
  return [
    { ...earlier, as: 'amounts', sum: 'amount' },
    { ...earlier, as: 'expected', sum: 'expectedTotal' },
  ];
}

function earlierTotal({ facts }: Check): number {
  const sumOf = (name: string): number => {
    const fact = facts[name];
    return fact?.kind === 'similar' ? fact.sum : 0;
  };
  return sumOf('amounts') + sumOf('expected');
}

/** Several small contracts that together would need a higher signer are one, or are signed by that one with a reason [C]. */
function splitFaults(context: Check): Fault[] {
  const { form, settings: s } = context;
  const earlier = earlierTotal(context);
  if (!s.splitCheck || form.direction === '无金额' || earlier === 0) return [];
  const needed = levelOfAmount(earlier + contractValue(form), s);
  if (needed <= requiredLevel(form, s)) return [];
  if (form.splitExplanation !== undefined && signingLevel(form, s) >= needed) return [];
  return [
    {
      path: form.amountUnknown ? '/form/expectedTotal' : '/form/amount',
      message: `疑似拆分: 同一相对方12个月内合计已达上一级权限:请合并为一份合同,或说明理由并提请${SIGNERS[needed]}签署`,
    },
  ];
}

function amountFaults({ form }: Check): Fault[] {
  const faults: Fault[] = [];
  const amount = (message: string) => faults.push({ path: '/form/amount', message });
  const expected = (message: string) => faults.push({ path: '/form/expectedTotal', message });
  if (form.direction === '无金额') {
    if (form.amount !== undefined) amount('无金额合同不填写金额');
    if (form.expectedTotal !== undefined) expected('无金额合同不填写预计总额');
    if (form.amountUnknown) faults.push({ path: '/form/amountUnknown', message: '无金额合同不属于金额不明确' });
    return faults;
  }
  if (form.amountUnknown) {
    if (form.amount !== undefined) amount('金额不明确的合同只填写预计总额');
    if (!(Number(form.expectedTotal) > 0)) expected('金额不明确的合同请填写预计总额');
    return faults;
  }
  if (!(Number(form.amount) > 0)) amount('请填写合同金额');
  if (form.expectedTotal !== undefined) expected('金额明确的合同不填写预计总额');
  return faults;
}

function partyFaults({ form, directory }: Check): Fault[] {
  return schoolNames(directory).includes(form.signAs)
    ? []
    : [{ path: '/form/signAs', message: '二级单位无权以本单位名义对外签约' }];
}

function termFaults({ form, calendar, now, settings: s }: Check): Fault[] {
  const faults: Fault[] = [];
  if (form.start < schoolDate(calendar, now)) faults.push({ path: '/form/start', message: BACKDATED });
  if (form.end < form.start) faults.push({ path: '/form/end', message: '履行期止不能早于履行期起' });
  if (form.copies < s.copiesMin) faults.push({ path: '/form/copies', message: `合同份数不少于${s.copiesMin}份` });
  return faults;
}

function wordFaults(files: Check['files'], id: string, path: string): Fault[] {
  const found = files[id];
  if (found === undefined) return [{ path, message: '文件不存在或不是您上传的' }];
  return found.type === WORD ? [] : [{ path, message: '仅接受可编辑的 Word 文本' }];
}

const MATERIALS = ['qualification', 'basisFiles', 'procurementFiles', 'meetingFiles'] as const;

function materialFaults({ form, files, settings: s }: Check): Fault[] {
  const faults = wordFaults(files, form.text, '/form/text');
  for (const field of MATERIALS) {
    const named = form[field];
    // What is no list the schema has faulted already.
    if (!Array.isArray(named)) continue;
    named.forEach((id, at) => {
      if (files[id] === undefined) faults.push({ path: `/form/${field}/${at}`, message: '文件不存在或不是您上传的' });
    });
  }
  if (form.type === '采购' && form.direction === '支出') {
    if (form.procurementRef === undefined) {
      faults.push({ path: '/form/procurementRef', message: '采购合同请填写采购(招标)编号' });
    }
    if (form.procurementFiles === undefined) {
      faults.push({ path: '/form/procurementFiles', message: '采购合同请附招投标文件、中标通知书或询价、谈判纪要' });
    }
  }
  const decided = form.majorGrounds?.includes('三重一大') || (s.majorNeedsMeeting && isMajor(form, s));
  if (decided && form.meetingFiles === undefined) {
    faults.push({ path: '/form/meetingFiles', message: '三重一大事项、重大合同按规定须附会议决定' });
  }
  return faults;
}

/** Every fault of an application. */
export function applicationFaults(context: Check): Fault[] {
  return [
    ...partyFaults(context),
    ...amountFaults(context),
    ...splitFaults(context),
    ...termFaults(context),
    ...materialFaults(context),
  ];
}

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

/** Why the contract may not be concluded as it stands. A matter may have come straight back from a correction. */
function whyNotReady(context: Now, level: Level): string | null {
  const { form, outputs, settings: s, decisions } = context;
  const agreed = (step: string) => decisions(step).at(-1)?.action === 'agree';
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
    if (output.decision === 'sign' || output.decision === 'delegate') {
      const why = whyNotReady(context, level);
      return why === null ? [] : [{ path: '/output/decision', message: why }];
    }
    return output.note === undefined ? [{ path: '/output/note', message: '请说明理由' }] : [];
  };
}

/** The checks of the president's signature, who may have somebody else sign by a letter of authority (AHNU). */
export function presidentFaults(context: Now, output: ContractOutputs['sign-president'], world: Check): Fault[] {
  const faults = signingFaults(3)(context, output);
  if (output.decision !== 'delegate') return faults;
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

/** Who signed, and when, or null. */
export function signatureOf({ outputs, decisions }: Pick<Now, 'outputs' | 'decisions'>): { name: string; at: string } | null {
  const step = SIGNING_STEPS.find((one) => outputs[one]?.decision === 'sign');
  const last = step === undefined ? undefined : decisions(step).at(-1);
  return last === undefined ? null : { name: last.name, at: last.at };
}

/** Every fault of the registration: the contract was concluded after it was approved, and before it is performed (LY, ALS5). */
export function registrationFaults(context: Now, output: ContractOutputs['register-signing'], world: Check): Fault[] {
  if (!output.signed) {
    return output.reason === undefined ? [{ path: '/output/reason', message: '请说明未签订的原因' }] : [];
  }
  const { form } = context;
  const { calendar, now, files } = world;
  const faults: Fault[] = [];
  if (output.signedText === undefined || files[output.signedText]?.type !== PDF) {
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
