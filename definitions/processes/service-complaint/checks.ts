/** What a complaint is refused for, and what stands at the gates of its steps. */
import { reckonDue, schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context, Read } from '../../language/context.ts';
import type { Fault } from '../../language/json.ts';
import type { ComplaintForm, ComplaintOutputs } from './form.ts';
import { dayAt, holdsRoleOn, unitsToVerify } from './people.ts';
import { accusedIn, type Complaint, findingOf, isProven } from './terms.ts';

type Output<K extends keyof ComplaintOutputs> = ComplaintOutputs[K];

/** Channels by which somebody else speaks and the office writes it down. */
const WRITTEN_DOWN = ['来电', '来信', '来访'];

function accusedFaults({ form, directory, applicant }: CheckContext<Complaint>): Fault[] {
  const faults: Fault[] = [];
  if (form.unit !== undefined && directory.units[form.unit] === undefined)
    faults.push({ path: '/form/unit', message: '被投诉单位不存在' });
  form.people?.forEach((person, at) => {
    const path = `/form/people/${at}`;
    if (directory.people[person] === undefined) faults.push({ path, message: '被投诉人不在学校人员名录中' });
    else if (person === applicant.id) faults.push({ path, message: '不能投诉本人' });
  });
  return faults;
}

function contactFaults({ form }: CheckContext<Complaint>): Fault[] {
  // Whoever rated a matter is known by it.
  if (form.anonymous === true || form.contact !== undefined || form.channel === '评价') return [];
  return [{ path: '/form/contact', message: '请填写联系方式;不愿留的请选择匿名,匿名投诉不反馈' }];
}

function channelFaults({ form, applicant, directory, settings: s, now }: CheckContext<Complaint>): Fault[] {
  if (!WRITTEN_DOWN.includes(form.channel)) return [];
  const office = holdsRoleOn(
    directory,
    applicant.id,
    ['office-clerk', 'office-director', 'office-deputy-director', 'supervisor'],
    dayAt(now),
  );
  if (office || applicant.unit === s.runBy || applicant.unit === s.runByInstead) return [];
  return [{ path: '/form/channel', message: '来电、来信、来访由受理单位登记;本人投诉请选择“网上”' }];
}

function matterFaults({ form, applicant, facts }: CheckContext<Complaint>): Fault[] {
  const path = '/form/matterNo';
  if (form.matterNo === undefined) {
    return form.channel === '评价' ? [{ path, message: '由评价转来的投诉应写明办件号' }] : [];
  }
  const { about } = facts;
  // Whose matter it is not learns nothing of it, not even that it exists.
  if (about?.kind === 'matter' && about.found && (WRITTEN_DOWN.includes(form.channel) || about.applicant === applicant.id))
    return [];
  return [{ path, message: '没有这一办件,或不是您申请的办件' }];
}

/** The matter that the complaint is about. */
export function readsOf({ matterNo }: ComplaintForm): Read[] {
  // A malformed form asks for nothing; its schema says what is wrong with it.
  return typeof matterNo === 'string' ? [{ kind: 'matter', as: 'about', no: matterNo }] : [];
}

function evidenceFaults({ form, files }: CheckContext<Complaint>): Fault[] {
  return (form.evidence ?? []).flatMap((id, at) =>
    files[id] === undefined ? [{ path: `/form/evidence/${at}`, message: '文件不存在或不是您上传的' }] : [],
  );
}

/** What finds every fault of a complaint. */
export const complaintChecks = [accusedFaults, contactFaults, channelFaults, matterFaults, evidenceFaults] as const;

/** Faults of the first look 初审: whoever is refused is told why, and it is known who must keep out of it. */
export function triageFaults(
  context: Context<Complaint>,
  output: Output<'triage'>,
  { directory, applicant }: CheckContext<Complaint>,
): Fault[] {
  const faults = (output.people ?? []).flatMap((person, at) => {
    const path = `/output/people/${at}`;
    if (directory.people[person] === undefined) return [{ path, message: '被投诉人不在学校人员名录中' }];
    return person === applicant.id ? [{ path, message: '投诉人不能同时为被投诉人' }] : [];
  });
  if (!output.accepted && output.reason === undefined)
    faults.push({ path: '/output/reason', message: '不予受理的,请告知理由(不属于受理范围的,告知应向何处反映)' });
  const named = (context.form.people?.length ?? 0) + (output.people?.length ?? 0);
  if (output.accepted && named === 0)
    faults.push({ path: '/output/people', message: '请列明被投诉人;针对单位整体的,列其主要负责人:被投诉人不办理本投诉' });
  return faults;
}

/** Faults of the passing on 转办: never to somebody who is complained about. */
export function forwardFaults(
  context: Context<Complaint>,
  output: Output<'forward'>,
  { directory, now }: CheckContext<Complaint>,
): Fault[] {
  const path = '/output/to';
  if (directory.units[output.to] === undefined) return [{ path, message: '核实单位不存在' }];
  return unitsToVerify(directory, accusedIn(context), now).includes(output.to)
    ? []
    : [{ path, message: '被投诉人不得办理本投诉:该单位没有其他主要负责人可以核实,请转其他单位' }];
}

function fileFaults(path: string, ids: readonly string[] | undefined, world: CheckContext<Complaint>): Fault[] {
  return (ids ?? []).flatMap((id, at) =>
    world.files[id] === undefined ? [{ path: `${path}/${at}`, message: '文件不存在或不是您上传的' }] : [],
  );
}

/** Faults of what was found out 核实: nobody is judged unheard. */
export function verifyFaults(_context: Context<Complaint>, output: Output<'verify'>, world: CheckContext<Complaint>): Fault[] {
  const faults = fileFaults('/output/evidence', output.evidence, world);
  if (isProven(output.finding) && !output.heard)
    faults.push({ path: '/output/heard', message: '认定属实的,应先听取被投诉人陈述' });
  return faults;
}

function rectificationFaults(
  finding: string | null,
  plan: Pick<Output<'solve'>, 'rectify' | 'rectifyBy'>,
  { calendar, now, settings: s }: CheckContext<Complaint>,
): Fault[] {
  if (!isProven(finding)) {
    return plan.rectify ? [{ path: '/output/rectify', message: '未查实的投诉不能责令整改' }] : [];
  }
  // 004: what is verified is put right within a limit.
  if (!plan.rectify) return [{ path: '/output/rectify', message: '查实的投诉应限期整改' }];
  const path = '/output/rectifyBy';
  if (plan.rectifyBy === undefined) return [{ path, message: '请填写整改期限' }];
  if (plan.rectifyBy <= schoolDate(calendar, now)) return [{ path, message: '整改期限应晚于今天' }];
  const latest = schoolDate(calendar, reckonDue(calendar, now, s.rectifyLongest).dueAt);
  return plan.rectifyBy <= latest ? [] : [{ path, message: `整改期限不得晚于${latest}` }];
}

/** Faults of a plan 方案. */
export function solveFaults(context: Context<Complaint>, output: Output<'solve'>, world: CheckContext<Complaint>): Fault[] {
  return rectificationFaults(context.outputs.verify?.finding ?? null, output, world);
}

/** Faults of the second look 重办, which finds out and plans at once. */
export function recheckFaults(context: Context<Complaint>, output: Output<'recheck'>, world: CheckContext<Complaint>): Fault[] {
  return [...verifyFaults(context, output, world), ...rectificationFaults(output.finding, output, world)];
}

/** Faults of an answer 反馈: none of the phrases that turn people away (004). */
export function feedbackFaults(
  _context: Context<Complaint>,
  output: Output<'feedback'>,
  { settings: s }: CheckContext<Complaint>,
): Fault[] {
  const found = s.forbidden.filter((phrase) => output.reply.includes(phrase));
  return found.length === 0 ? [] : [{ path: '/output/reply', message: `反馈中不得使用服务忌语:${found.join('、')}` }];
}

/** Faults of what whoever complained says of the answer. */
export function satisfactionFaults(_context: Context<Complaint>, output: Output<'satisfaction'>): Fault[] {
  if (output.satisfied || output.comment !== undefined) return [];
  return [{ path: '/output/comment', message: '不满意的,请说明理由,以便重办' }];
}

/** Faults of the rectification 整改. */
export function rectifyFaults(_context: Context<Complaint>, output: Output<'rectify'>, world: CheckContext<Complaint>): Fault[] {
  return fileFaults('/output/evidence', output.evidence, world);
}

/** Faults of the assessment 通报考核: what is verified has consequences, what is not has none. */
export function assessFaults(context: Context<Complaint>, output: Output<'assess'>): Fault[] {
  const proven = isProven(findingOf(context));
  const path = '/output/sanction';
  if (proven && output.sanction === '不予处理') return [{ path, message: '查实的投诉应给予批评教育或其他处理,并予记录' }];
  if (!proven && output.sanction !== '不予处理') return [{ path, message: '未查实的投诉不得处理被投诉人' }];
  return [];
}
