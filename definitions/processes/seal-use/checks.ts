/** What a seal-use application and its stamping are refused for, and which seal they are about. */
import { nextWorkingMoment, reckonDue, schoolDate, schoolTime, shiftWorkingDays } from '../../language/calendar.ts';
import type { CheckContext, Context, Fact, Read } from '../../language/context.ts';
import type { Directory, Resource } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import type { SealUseForm, SealUseOutputs } from './form.ts';
import { isContract, leaveGivenAt, type SealUse } from './terms.ts';

type Check = CheckContext<SealUse>;
type FoundMatter = Extract<Fact, { kind: 'matter'; found: true }>;

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

/** The seal that a form asks for; where several fit, the one on the campus where it is wanted. */
function sealOf(form: SealUseForm, directory: Directory): Resource | undefined {
  const seals = sealsFor(form, directory);
  return seals.find((one) => one.campus === form.campus) ?? seals[0];
}

/** The post that keeps the seal. */
export function keeperPost({ form }: Pick<Context<SealUse>, 'form'>, directory: Directory): string | null {
  const seal = sealOf(form, directory);
  return seal === undefined ? null : String(seal.attributes.keeperPost);
}

function campusFaults({ form, directory }: Check): Fault[] {
  return directory.campuses.some((one) => one.id === form.campus)
    ? []
    : [{ path: '/form/campus', message: '用印校区不存在,请从校区名录中选择' }];
}

function sealFaults({ form, directory }: Check): Fault[] {
  if (form.sealType === '校领导签名章') {
    const path = '/form/leader';
    if (form.leader === undefined) return [{ path, message: '未经领导本人同意,不得加盖签名章:请选择签名章所属校领导' }];
    if (directory.people[form.leader]?.active !== true)
      return [{ path, message: '未经领导本人同意,不得加盖签名章:该领导不在岗' }];
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

/** The matter that the form names, where its applicant may know of it: their own, or their unit's. */
function knownSource({ facts, applicant }: Check): FoundMatter | null {
  const { source } = facts;
  if (source?.kind !== 'matter' || !source.found) return null;
  return source.applicant === applicant.id || source.unit === applicant.unit ? source : null;
}

/** Whether a contract may be sealed: its review has ended well, or its text is final, which comes after every signature on it. */
function isSealable({ processId, status, done = [] }: FoundMatter): boolean {
  const open = status === 'open' || status === 'suspended';
  return processId === 'contract-review' && (status === 'completed' || (open && done.includes('final-text')));
}

/** One message for a contract that is not found, not the applicant's to know of, or not ready: it tells no stranger which. */
const NO_CONTRACT =
  '合同未经审查通过:请填写本人或本单位已办结、或已签署并上传定稿的合同审查办件编号(编号不存在、非本单位或尚未签署的均不能用印)';

function sourceFaults(context: Check): Fault[] {
  const { form } = context;
  const path = '/form/sourceRef';
  const source = knownSource(context);
  if (isContract(form)) {
    return source === null || !isSealable(source) ? [{ path, message: NO_CONTRACT }] : copiesFaults(context, source);
  }
  if (form.sourceRef === undefined || (source !== null && source.processId !== 'contract-review')) return [];
  // Else what is no contract would use up the copies of one.
  return [{ path, message: '关联办件应为本人或本单位的办件;合同审查编号只在合同协议或合同专用章用印时填写' }];
}

/** No more copies of a contract are sealed than it has, over all applications that name it. */
function copiesFaults({ form, facts }: Check, source: FoundMatter): Fault[] {
  const { sealed } = facts;
  const before = sealed?.kind === 'similar' ? sealed.sum : 0;
  const copies = Number(source.form.copies);
  if (!(form.copies > copies - before)) return [];
  const left = Math.max(0, copies - before);
  const message = `用印份数超过合同份数:合同共${copies}份,已申请用印${before}份,还可申请${left}份`;
  return [{ path: '/form/copies', message }];
}

function wantedFaults({ form, calendar, now, settings: s }: Check): Fault[] {
  const path = '/form/wantedAt';
  if (form.wantedAt === undefined || Number.isNaN(Date.parse(form.wantedAt))) return [];
  const wanted = new Date(form.wantedAt).toISOString();
  if (wanted <= now) return [{ path, message: '期望用印时间应在今后' }];
  const { dueAt } = reckonDue(calendar, now, s.totalLimit);
  if (wanted > dueAt) return [{ path, message: `期望用印时间不能晚于办结时限${schoolTime(calendar, dueAt)}` }];
  return nextWorkingMoment(calendar, wanted) === wanted ? [] : [{ path, message: '非工作时间不予用印,请选择办公时间' }];
}

function takeOutTimeFaults({ form: { takeOut }, calendar, now, settings: s }: Check): Fault[] {
  if (takeOut === undefined) return [];
  const [from, to] = [Date.parse(takeOut.from), Date.parse(takeOut.to)];
  if (Number.isNaN(from) || Number.isNaN(to)) return [];
  const faults: Fault[] = [];
  if (from <= Date.parse(now)) faults.push({ path: '/form/takeOut/from', message: '外带时间应在今后' });
  const { dueAt } = reckonDue(calendar, now, s.totalLimit);
  if (from > Date.parse(dueAt)) {
    faults.push({ path: '/form/takeOut/from', message: `外带时间不能晚于办结时限${schoolTime(calendar, dueAt)}` });
  }
  const path = '/form/takeOut/to';
  const day = (ms: number): string => schoolDate(calendar, new Date(ms).toISOString());
  const last = shiftWorkingDays(calendar, day(from), s.takeOutDays - 1);
  if (to <= from) faults.push({ path, message: '归还时间应晚于外带时间' });
  else if (day(to) > last) {
    const rule = s.takeOutDays === 1 ? '外带印章应当日归还' : `印章外带不超过${s.takeOutDays}个工作日`;
    faults.push({ path, message: `${rule}:最迟${last}归还` });
  }
  return faults;
}

/** A seal goes out with a witness of the campus where it is kept (XZB, CCRW), who does not watch over their own application. */
function escortFaults({ form, calendar, now, directory, applicant }: Check): Fault[] {
  const { takeOut } = form;
  if (takeOut === undefined) return [];
  const path = '/form/takeOut/escort';
  const from = Date.parse(takeOut.from);
  const date = schoolDate(calendar, Number.isNaN(from) ? now : new Date(from).toISOString());
  const campus = sealOf(form, directory)?.campus;
  const escort = directory.people[takeOut.escort];
  const witness = Object.values(directory.posts).some(
    (post) =>
      post.role === 'seal-witness' &&
      (campus === undefined || (post.campus ?? directory.units[post.unit]?.campus) === campus) &&
      post.holders.some((one) => one.person === takeOut.escort && one.from <= date && (one.to === null || date <= one.to)),
  );
  if (escort?.active !== true || !witness) return [{ path, message: '印章外带须由印章所在校区的监印人随行' }];
  return escort.id === applicant.id ? [{ path, message: '申请人不能为本人的申请随行监印,请选择其他监印人' }] : [];
}

function fileFaults({ form, files }: Check): Fault[] {
  const faults: Fault[] = [];
  form.files.forEach((id, at) => {
    const path = `/form/files/${at}`;
    const found = files[id];
    if (found === undefined) faults.push({ path, message: '文件不存在或不是您上传的' });
    else if (found.type !== 'application/pdf') faults.push({ path, message: `“${found.name}”不是 PDF:用印材料须为终稿 PDF` });
  });
  return faults;
}

function documentFaults({ form, files }: Check): Fault[] {
  if (form.docKind === '证明' && form.proofOf === undefined) return [{ path: '/form/proofOf', message: '请选择证明内容' }];
  const path = '/form/roster';
  if (form.docKind === '证书' && form.roster === undefined) return [{ path, message: '证书用印须附证书名册' }];
  const missing = form.roster !== undefined && files[form.roster] === undefined;
  return missing ? [{ path, message: '文件不存在或不是您上传的' }] : [];
}

/** What the application sheet 用印申请单 must carry (HEZE). */
const COMPULSORY = [
  'campus',
  'phone',
  'sealType',
  'docTitle',
  'docKind',
  'copies',
  'impressions',
  'reason',
  'receiver',
  'signOff',
] as const;

function incompleteFaults({ form }: Check): Fault[] {
  const complete = COMPULSORY.every((field) => String(form[field] ?? '').trim() !== '');
  return complete ? [] : [{ path: '/form', message: '申请单缺项或填写不完整,不予用印' }];
}

/** Any application was made after this. */
const EVER = '2000-01-01T00:00:00.000Z';

/** The matter that the form names, and the copies that were applied for under its number before. */
export function readsOf(form: SealUseForm): Read[] {
  const { sourceRef } = form;
  // A malformed form asks for nothing; its schema says what is wrong with it.
  if (typeof sourceRef !== 'string') return [];
  return [
    { kind: 'matter', as: 'source', no: sourceRef },
    { kind: 'similar', as: 'sealed', processId: 'seal-use', field: 'sourceRef', value: sourceRef, since: EVER, sum: 'copies' },
  ];
}

/** What finds every fault of an application. */
export const applicationChecks = [
  incompleteFaults,
  campusFaults,
  documentFaults,
  sealFaults,
  sourceFaults,
  wantedFaults,
  takeOutTimeFaults,
  escortFaults,
  fileFaults,
] as const;

/** Faults of a stamping: each impression is counted, none is more than was approved, and a copy of what was sealed stays (XQ). */
export function stampFaults(context: Context<SealUse>, output: SealUseOutputs['stamp']): Fault[] {
  const { form } = context;
  const faults: Fault[] = [];
  const { copies, impressions } = output;
  if (!output.keptCopy) faults.push({ path: '/output/keptCopy', message: '用印件须留存一份' });
  if (copies > form.copies) faults.push({ path: '/output/copies', message: `不得超过批准份数${form.copies}份` });
  const most = Math.min(copies, form.copies) * form.impressions;
  if (impressions > most) {
    const message = `不得超过批准印数:每份${form.impressions}印,${Math.min(copies, form.copies)}份共${most}印`;
    faults.push({ path: '/output/impressions', message });
  }
  const fewer = copies < form.copies || impressions < form.copies * form.impressions;
  if (fewer && output.difference === undefined) {
    faults.push({ path: '/output/difference', message: '实际用印数少于批准数,请说明' });
  }
  const leave = leaveGivenAt(context);
  if (form.takeOut !== undefined && leave !== null && Date.parse(leave) > Date.parse(form.takeOut.to)) {
    faults.push({ path: '/output', message: '批准时外带时间已过,请退回申请人另定外带时间' });
  }
  return faults;
}

/** Faults of the record that a seal is back: when, in what state, and why where it is late or not whole. */
export function sealReturnFaults(context: Context<SealUse>, output: SealUseOutputs['seal-return'], { now }: Check): Fault[] {
  const faults: Fault[] = [];
  const returnedAt = Date.parse(output.returnedAt);
  const path = '/output/returnedAt';
  if (returnedAt > Date.parse(now)) faults.push({ path, message: '归还时间不能晚于现在' });
  if (returnedAt < Date.parse(leaveGivenAt(context) ?? '')) faults.push({ path, message: '归还时间不能早于批准外带的时间' });
  const late = returnedAt > Date.parse(context.form.takeOut?.to ?? '');
  if ((late || output.state !== '完好') && output.note === undefined) {
    faults.push({ path: '/output/note', message: '逾时归还、印章受损或遗失的,请说明情况' });
  }
  return faults;
}
