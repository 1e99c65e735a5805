/** What a seal-use application and its stamping are refused for, and which seal they are about. */
import { nextWorkingMoment, schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context, Fact, Read } from '../../language/context.ts';
import type { Directory, Resource } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import type { SealUseForm, SealUseOutputs } from './form.ts';
import type { SealUse } from './terms.ts';

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
export function keeperPost({ form }: Pick<Context<SealUse>, 'form'>, directory: Directory): string | null {
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

function wantedFaults({ form, calendar, now }: CheckContext<SealUse>): Fault[] {
  const path = '/form/wantedAt';
  if (form.wantedAt === undefined || Number.isNaN(Date.parse(form.wantedAt))) return [];
  const wanted = new Date(form.wantedAt).toISOString();
  if (wanted <= now) return [{ path, message: '期望用印时间应在今后' }];
  return nextWorkingMoment(calendar, wanted) === wanted ? [] : [{ path, message: '非工作时间不予用印,请选择办公时间' }];
}

function takeOutFaults({ form: { takeOut }, calendar, now, directory }: CheckContext<SealUse>): Fault[] {
  if (takeOut === undefined) return [];
  const faults: Fault[] = [];
  const from = Date.parse(takeOut.from);
  if (from <= Date.parse(now)) faults.push({ path: '/form/takeOut/from', message: '外带时间应在今后' });
  if (Date.parse(takeOut.to) <= from) faults.push({ path: '/form/takeOut/to', message: '归还时间应晚于外带时间' });
  const date = schoolDate(calendar, Number.isNaN(from) ? now : new Date(from).toISOString());
  const witness = Object.values(directory.posts).some(
    (post) =>
      post.role === 'seal-witness' &&
      post.holders.some((one) => one.person === takeOut.escort && one.from <= date && (one.to === null || date <= one.to)),
  );
  if (!witness) faults.push({ path: '/form/takeOut/escort', message: '印章外带须由监印人随行' });
  return faults;
}

function fileFaults({ form, files }: CheckContext<SealUse>): Fault[] {
  const faults: Fault[] = [];
  // Checks run beside the schema's, so that everything is told at once; a field may be missing here.
  form.files?.forEach((id, at) => {
    const path = `/form/files/${at}`;
    const found = files[id];
    if (found === undefined) faults.push({ path, message: '文件不存在或不是您上传的' });
    else if (found.type !== 'application/pdf') faults.push({ path, message: `“${found.name}”不是 PDF:用印材料须为终稿 PDF` });
  });
  if (form.roster !== undefined && files[form.roster] === undefined) {
    faults.push({ path: '/form/roster', message: '文件不存在或不是您上传的' });
  }
  return faults;
}

function documentFaults({ form }: CheckContext<SealUse>): Fault[] {
  if (form.docKind === '证明' && form.proofOf === undefined) return [{ path: '/form/proofOf', message: '请选择证明内容' }];
  if (form.docKind === '证书' && form.roster === undefined) return [{ path: '/form/roster', message: '证书用印须附证书名册' }];
  return [];
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

function incompleteFaults({ form }: CheckContext<SealUse>): Fault[] {
  const complete = COMPULSORY.every((field) => String(form[field] ?? '').trim() !== '');
  return complete ? [] : [{ path: '/form', message: '申请单缺项或填写不完整,不予用印' }];
}

/** The contract review that the form names. */
export function contractSource(form: SealUseForm): Read[] {
  return form.sourceRef === undefined ? [] : [{ kind: 'matter', as: 'source', no: form.sourceRef }];
}

/** Every fault of an application. */
export function applicationFaults(context: CheckContext<SealUse>): Fault[] {
  return [
    ...incompleteFaults(context),
    ...documentFaults(context),
    ...sealFaults(context),
    ...contractFaults(context),
    ...wantedFaults(context),
    ...takeOutFaults(context),
    ...fileFaults(context),
  ];
}

/** Faults of a stamping: each impression is counted, and a copy of what was sealed stays (XQ). */
export function stampFaults({ form }: Context<SealUse>, output: SealUseOutputs['stamp']): Fault[] {
  const faults: Fault[] = [];
  if (!output.keptCopy) faults.push({ path: '/output/keptCopy', message: '用印件须留存一份' });
  const asApplied = output.copies === form.copies && output.impressions === form.copies * form.impressions;
  if (!asApplied && output.difference === undefined) {
    faults.push({ path: '/output/difference', message: '实际用印数与批准数不一致,请说明' });
  }
  return faults;
}
