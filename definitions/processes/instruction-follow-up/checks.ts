/** What a follow-up is refused for: its registration, and the outputs that stand at its gates. */
import { atSchoolTime, reckonDue, schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context, Read } from '../../language/context.ts';
import type { Directory, Post, PostRole } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import type { FollowUpForm, FollowUpOutputs } from './form.ts';
import { customaryLimit, dayAt, doneAt, type FollowUp, isWorkLate, leadOf } from './terms.ts';

/** Who can give an instruction 批示. */
const LEADER_ROLES: readonly PostRole[] = ['party-secretary', 'president', 'vice-leader'];

function heldOn(post: Post, person: string, date: string): boolean {
  return post.holders.some((one) => one.person === person && one.from <= date && (one.to === null || date <= one.to));
}

function holdsPost(directory: Directory, person: string, roles: readonly PostRole[], date: string, unit?: string): boolean {
  return Object.values(directory.posts).some(
    (post) => roles.includes(post.role) && (unit === undefined || post.unit === unit) && heldOn(post, person, date),
  );
}

/**
 * Who reads the result: the leader who gave the instruction, in person. When the leader has left the school, whoever holds now the
 * post that the leader held on that day. Null when nobody does.
 */
export function readingLeader(
  { form, updatedAt }: Pick<Context<FollowUp>, 'form' | 'updatedAt'>,
  directory: Directory,
): string | null {
  if (directory.people[form.leader]?.active === true) return form.leader;
  const held = Object.values(directory.posts).find(
    (post) => LEADER_ROLES.includes(post.role) && heldOn(post, form.leader, form.instructedOn),
  );
  const today = dayAt(updatedAt);
  const successor = held?.holders.find((one) => heldOn(held, one.person, today) && directory.people[one.person]?.active === true);
  return successor?.person ?? null;
}

function leaderFaults({ form, directory }: CheckContext<FollowUp>): Fault[] {
  const leader = directory.people[form.leader];
  if (leader?.active !== true) return [{ path: '/form/leader', message: '批示领导不在学校人员名录中' }];
  return holdsPost(directory, leader.id, LEADER_ROLES, form.instructedOn)
    ? []
    : [{ path: '/form/leader', message: `${leader.name}在批示日期不是校领导,批示领导应为校领导` }];
}

function dateFaults({ form, calendar, now, appliedAt, settings: s }: CheckContext<FollowUp>): Fault[] {
  const faults: Fault[] = [];
  // Checks run beside the schema's, so that everything is told at once; a field may be missing here.
  if (form.instructedOn === undefined) return faults;
  if (form.instructedOn > schoolDate(calendar, now)) {
    faults.push({ path: '/form/instructedOn', message: '批示日期不能晚于今天' });
  } else if (form.source === '口头补录') {
    // Any hour of that day will do: the day of the event is not counted (D1).
    const spoken = atSchoolTime(calendar, form.instructedOn, '09:00');
    if (appliedAt > reckonDue(calendar, spoken, `${s.oralDays} days`).dueAt) {
      faults.push({ path: '/form/instructedOn', message: `口头批示须 ${s.oralDays} 日内补录并经领导确认` });
    }
  }
  if (form.dueOn !== undefined && form.dueOn < form.instructedOn) {
    faults.push({ path: '/form/dueOn', message: '办结时限不能早于批示日期' });
  }
  return faults;
}

function provenanceFaults({ form, files }: CheckContext<FollowUp>): Fault[] {
  const faults: Fault[] = [];
  if (form.source !== '口头补录') {
    if (form.sourceNo === undefined) faults.push({ path: '/form/sourceNo', message: '无批示原文或出处:请填写来源文号' });
    if (form.scan === undefined) faults.push({ path: '/form/scan', message: '无批示原文或出处:请上传批示原文扫描件' });
  }
  if (form.scan !== undefined) {
    const scan = files[form.scan];
    if (scan === undefined) faults.push({ path: '/form/scan', message: '文件不存在或不是您上传的' });
    else if (scan.type !== 'application/pdf' && !scan.type.startsWith('image/')) {
      faults.push({ path: '/form/scan', message: `“${scan.name}”不是 PDF 或图片:请上传批示原文扫描件` });
    }
  }
  return faults;
}

function unitFaults(
  directory: Directory,
  root: string,
  lead: string | undefined,
  assist: readonly string[] | undefined,
): Fault[] {
  const faults: Fault[] = [];
  const unknown = (unit: string): boolean => directory.units[unit] === undefined;
  if (lead !== undefined && unknown(lead)) faults.push({ path: `${root}/lead`, message: '主办单位不存在' });
  assist?.forEach((unit, at) => {
    const path = `${root}/assist/${at}`;
    if (unknown(unit)) faults.push({ path, message: '协办单位不存在' });
    else if (unit === lead) faults.push({ path, message: '主办单位不能同时为协办单位' });
    else if (assist.indexOf(unit) < at) faults.push({ path, message: '协办单位重复' });
  });
  return faults;
}

function beneficiaryFaults({ form, applicant, directory }: CheckContext<FollowUp>): Fault[] {
  return (form.beneficiaries ?? []).flatMap((person, at) => {
    const path = `/form/beneficiaries/${at}`;
    if (directory.people[person] === undefined) return [{ path, message: '受益人不在学校人员名录中' }];
    // 003: nobody may use a leader's name for their own gain, so whoever gains by an instruction does not register it.
    return person === applicant.id ? [{ path, message: '登记人不得为批示事项的受益人:请由他人登记' }] : [];
  });
}

/** Any follow-up was registered after this. */
const EVER = '2000-01-01T00:00:00.000Z';

/**
 * The follow-ups of the same source and leader that were not refused or withdrawn, and the open ones of the same title. Two leaders
 * may each have written on one paper; a title may come again when the matter before it is closed.
 */
export function readsOf({ sourceNo, leader, title }: FollowUpForm): Read[] {
  const similar = { kind: 'similar', processId: 'instruction-follow-up', since: EVER } as const;
  const reads: Read[] = [];
  // A malformed form asks for nothing; its schema says what is wrong with it.
  if (typeof sourceNo === 'string' && typeof leader === 'string')
    reads.push({ ...similar, as: 'same', field: 'sourceNo', value: sourceNo.trim(), also: { field: 'leader', value: leader } });
  if (typeof title === 'string') reads.push({ ...similar, as: 'titled', field: 'title', value: title.trim(), openOnly: true });
  return reads;
}

/** One matter is followed up once (R9 art. 15, by analogy; 003: 避免对相关单位正常工作造成干扰). */
function repeatedFaults({ facts }: CheckContext<FollowUp>): Fault[] {
  const found = [
    ['/form/sourceNo', facts.same],
    ['/form/title', facts.titled],
  ] as const;
  return found.flatMap(([path, fact]) =>
    fact?.kind === 'similar' && fact.count > 0
      ? [{ path, message: `同一事项已立项(编号${fact.latest ?? ''}),不得重复督查` }]
      : [],
  );
}

/** What finds every fault of a registration 登记. */
export const registrationChecks = [
  leaderFaults,
  dateFaults,
  provenanceFaults,
  repeatedFaults,
  ({ form, directory }: CheckContext<FollowUp>): Fault[] => unitFaults(directory, '/form', form.lead, form.assist),
  beneficiaryFaults,
] as const;

function undertakerFaults(directory: Directory, person: string | undefined, lead: string, today: string): Fault[] {
  const path = '/output/undertaker';
  const led = Object.values(directory.posts).some(
    (post) => post.role === 'unit-head' && post.unit === lead && post.holders.some((one) => heldOn(post, one.person, today)),
  );
  if (person === undefined) {
    return led ? [] : [{ path, message: '缺责任人或时限:主办单位没有在任的主要负责人,请指定承办人' }];
  }
  const found = directory.people[person];
  if (found?.active !== true || found.unit !== lead) return [{ path, message: '承办人应为主办单位在职人员' }];
  if (holdsPost(directory, person, ['unit-head'], today, lead)) {
    return [{ path, message: '主办单位主要负责人即第一责任人,不必另行指定' }];
  }
  return holdsPost(directory, person, ['supervisor'], today) ? [{ path, message: '督查员负责核查,不能承办' }] : [];
}

function establishedDueFaults(context: Context<FollowUp>, dueOn: string, world: CheckContext<FollowUp>): Fault[] {
  const { calendar, now } = world;
  const path = '/output/dueOn';
  const today = schoolDate(calendar, now);
  if (dueOn < today) return [{ path, message: '办结时限不能早于今天' }];
  const { form } = context;
  if (form.dueOn !== undefined && form.dueOn >= today) {
    return dueOn <= form.dueOn ? [] : [{ path, message: `办结时限不得晚于批示领导确定的${form.dueOn}` }];
  }
  const latest = schoolDate(calendar, reckonDue(calendar, now, customaryLimit(context)).dueAt);
  return dueOn <= latest ? [] : [{ path, message: `批示领导未定时限的,办结时限不得晚于${latest}` }];
}

/** The leader's day has passed before anybody was told: nobody is asked for something that is overdue already. */
function missingDueFaults({ form }: Context<FollowUp>, { calendar, now }: CheckContext<FollowUp>): Fault[] {
  if (form.dueOn === undefined || form.dueOn >= schoolDate(calendar, now)) return [];
  return [{ path: '/output/dueOn', message: `批示领导确定的时限${form.dueOn}已过,请另定办结时限` }];
}

/** Faults of an establishment 立项: it settles who answers and by when (001: 明确责任人和办结时限). */
export function establishFaults(
  context: Context<FollowUp>,
  output: FollowUpOutputs['establish'],
  world: CheckContext<FollowUp>,
): Fault[] {
  const { form, outputs } = context;
  const terms: { form: FollowUpForm; outputs: Partial<FollowUpOutputs> } = { form, outputs: { ...outputs, establish: output } };
  const lead = leadOf(terms);
  return [
    ...unitFaults(world.directory, '/output', output.lead ?? (output.assist === undefined ? undefined : lead), output.assist),
    ...undertakerFaults(world.directory, output.undertaker, lead, schoolDate(world.calendar, world.now)),
    ...(output.dueOn === undefined ? missingDueFaults(context, world) : establishedDueFaults(context, output.dueOn, world)),
  ];
}

function fileFaults(path: string, ids: readonly string[] | undefined, world: CheckContext<FollowUp>): Fault[] {
  return (ids ?? []).flatMap((id, at) =>
    world.files[id] === undefined ? [{ path: `${path}/${at}`, message: '文件不存在或不是您上传的' }] : [],
  );
}

/** Faults of the lead unit's work: a result with its evidence, or a reasoned proposal to do otherwise 调整建议 (003), never both. */
export function undertakeFaults(
  context: Context<FollowUp>,
  output: FollowUpOutputs['undertake'],
  world: CheckContext<FollowUp>,
): Fault[] {
  const faults = fileFaults('/output/evidence', output.evidence, world);
  if (output.adjustment !== undefined) {
    if (output.result !== undefined)
      faults.push({ path: '/output/adjustment', message: '已有办理结果的,不再填写调整建议:请择一填写' });
    return faults;
  }
  if (output.result === undefined) faults.push({ path: '/output/result', message: '查无结果不得销号:请填写办理结果' });
  if (output.evidence === undefined || output.evidence.length === 0)
    faults.push({ path: '/output/evidence', message: '请上传佐证材料' });
  if (output.delayReason === undefined && isWorkLate(context, world))
    faults.push({ path: '/output/delayReason', message: '晚于原定时限办结的(含已获延期的),请选择逾期原因' });
  return faults;
}

/** Faults of the leader's answer to a proposal: whatever is to be done after all is a return, so that it has its own day. */
export function answerFaults(_context: Context<FollowUp>, output: FollowUpOutputs['answer-adjustment']): Fault[] {
  if (output.decision === '采纳,按调整建议办结') return [];
  const to = output.decision === '采纳,另行立项' ? '立项' : '主办单位承办';
  return [{ path: '/output/decision', message: `请用“退回”退回“${to}”,并写明意见` }];
}

/** Faults of an assisting unit's part. */
export function assistFaults(
  _context: Context<FollowUp>,
  output: FollowUpOutputs['assist'],
  world: CheckContext<FollowUp>,
): Fault[] {
  return fileFaults('/output/files', output.files, world);
}

/** When a step was last done; empty, so before any time, while it was not. */
function lastAt(context: Context<FollowUp>, step: string): string {
  return doneAt(context.decisions(step)) ?? '';
}

/** Faults of a check 核查: nothing passes it that is unsigned, untrue, or important and unseen. */
export function verifyFaults(
  context: Context<FollowUp>,
  output: FollowUpOutputs['verify'],
  world: CheckContext<FollowUp>,
): Fault[] {
  const faults = fileFaults('/output/evidence', output.evidence, world);
  if (output.verified !== '属实') {
    faults.push({ path: '/output/verified', message: '查无结果不得销号:核查不属实的,请退回主办单位重办' });
  } else if (lastAt(context, 'result-report') < lastAt(context, 'undertake')) {
    // A return with "straight back" comes here past the head's signature.
    faults.push({ path: '/output/verified', message: '办结报告未经主要负责人审签:请退回“办结报告”' });
  }
  if (context.outputs.establish?.level === '重大' && !output.onSite) {
    faults.push({ path: '/output/onSite', message: '重大事项须经实地核查方可销号' });
  }
  return faults;
}

/** Faults of the leader's reading 呈批示领导阅: it ends the follow-up only on a result that was checked as it stands. */
export function reviewFaults(context: Context<FollowUp>, output: FollowUpOutputs['leader-review']): Fault[] {
  if (output.decision === '继续跟踪') {
    return [{ path: '/output/decision', message: '继续跟踪或重办的,请用“退回”:退回承办单位重办,或退回立项另定时限' }];
  }
  const checked = lastAt(context, 'verify');
  return ['establish', 'undertake', 'result-report'].some((step) => checked < lastAt(context, step))
    ? [{ path: '/output/decision', message: '未核查,不能销号:重办后的结果请退回“核查”' }]
    : [];
}

/** Faults of the close-out 销号: the leader has read the result as it was last checked. */
export function closeFaults(context: Context<FollowUp>): Fault[] {
  return lastAt(context, 'leader-review') < lastAt(context, 'verify')
    ? [{ path: '/output/reported', message: '未报批示领导,不得归档:请退回“呈批示领导阅”' }]
    : [];
}
