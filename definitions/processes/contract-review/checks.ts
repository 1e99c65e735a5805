/** What an application for 合同审查 is refused for, in the words of the rules it comes from. Pure; no zod. */
import { schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Read } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';
import type { ContractForm } from './form.ts';
import { wordFaults } from './papers.ts';
import { schoolNames } from './parties.ts';
import {
  BACKDATED,
  type ContractReview,
  contractValue,
  isMajor,
  levelOfAmount,
  requiredLevel,
  SIGNERS,
  signingLevel,
} from './rules.ts';

type Check = CheckContext<ContractReview>;

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

/** What was contracted with the same party in the twelve months before: how many, worth how much, the latest number. */
function earlierOf({ facts }: Check): { count: number; sum: number; latest: string } {
  const { amounts, expected } = facts;
  if (amounts?.kind !== 'similar' || expected?.kind !== 'similar') return { count: 0, sum: 0, latest: '' };
  // Both ask for the same contracts and add up another field of them.
  return { count: amounts.count, sum: amounts.sum + expected.sum, latest: amounts.latest ?? '' };
}

const FEN_PER_WAN = 1_000_000;

function inWan(fen: number): string {
  return `${Number((fen / FEN_PER_WAN).toFixed(2))}万元`;
}

/** Several small contracts that together would need a higher signer are one, or are signed by that one with a reason [C]. */
function splitFaults(context: Check): Fault[] {
  const { form, settings: s } = context;
  const { count, sum, latest } = earlierOf(context);
  if (!s.splitCheck || form.direction === '无金额' || sum === 0) return [];
  const total = sum + contractValue(form);
  const needed = levelOfAmount(total, s);
  if (needed <= requiredLevel(form, s)) return [];
  const explained = form.splitExplanation !== undefined;
  const high = signingLevel(form, s) >= needed;
  if (explained && high) return [];
  const signer = SIGNERS[needed];
  const before = `已有${latest}${count > 1 ? `等${count}份` : ''}合同${inWan(sum)},连同本合同共${inWan(total)}`;
  const cure = `请合并为一份合同,或填写“不构成拆分的理由”并将“提请上级签署”选为“${signer}”`;
  return [
    {
      path: form.amountUnknown ? '/form/expectedTotal' : '/form/amount',
      message: `疑似拆分: 同一相对方12个月内合计已达上一级权限(${before}):${cure}`,
    },
    ...(explained ? [] : [{ path: '/form/splitExplanation', message: '请说明不构成拆分的理由' }]),
    ...(high ? [] : [{ path: '/form/handUpTo', message: `请选择提请${signer}签署` }]),
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

function campusFaults({ form, directory }: Check): Fault[] {
  return directory.campuses.some((one) => one.id === form.campus)
    ? []
    : [{ path: '/form/campus', message: '校区不存在,请从校区名录中选择' }];
}

function partyFaults({ form, directory, settings: s }: Check): Fault[] {
  return schoolNames(directory, s.sealType).includes(form.signAs)
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

/** What finds every fault of an application. */
export const applicationChecks = [campusFaults, partyFaults, amountFaults, splitFaults, termFaults, materialFaults] as const;
