/** What a key task is refused for: its registration, its monthly reports, and the outputs that stand at its gates. */
import { schoolDate } from '../../language/calendar.ts';
import type { CheckContext, Context, Read } from '../../language/context.ts';
import type { Directory, Post, PostRole } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import type { Progress } from '../../language/steps.ts';
import type { KeyWorkForm, KeyWorkOutputs } from './form.ts';
import { dayAt, doneAt, expectedPercent, type KeyWork } from './terms.ts';

const LEADER_ROLES: readonly PostRole[] = ['party-secretary', 'president', 'vice-leader'];

function heldOn(post: Post, person: string, date: string): boolean {
  return post.holders.some((one) => one.person === person && one.from <= date && (one.to === null || date <= one.to));
}

/** Who reads the result: the leader in charge, in person; whoever holds the post now when that leader has left. Null when nobody does. */
export function readingLeader(
  { form, startedAt, updatedAt }: Pick<Context<KeyWork>, 'form' | 'startedAt' | 'updatedAt'>,
  directory: Directory,
): string | null {
  if (directory.people[form.leader]?.active === true) return form.leader;
  const held = Object.values(directory.posts).find(
    (post) => LEADER_ROLES.includes(post.role) && heldOn(post, form.leader, dayAt(startedAt)),
  );
  const today = dayAt(updatedAt);
  const successor = held?.holders.find((one) => heldOn(held, one.person, today) && directory.people[one.person]?.active === true);
  return successor?.person ?? null;
}

function peopleFaults({ form, directory, now }: CheckContext<KeyWork>): Fault[] {
  const faults: Fault[] = [];
  const today = dayAt(now);
  const responsible = directory.people[form.responsible];
  if (responsible?.active !== true) faults.push({ path: '/form/responsible', message: '责任人不在学校人员名录中' });
  else {
    const ofLead =
      responsible.unit === form.lead ||
      Object.values(directory.posts).some((post) => post.unit === form.lead && heldOn(post, responsible.id, today));
    if (!ofLead) faults.push({ path: '/form/responsible', message: '责任人应为牵头单位人员;主要负责人为第一责任人' });
  }
  const leads = Object.values(directory.posts).some(
    (post) => LEADER_ROLES.includes(post.role) && heldOn(post, form.leader, today),
  );
  if (!leads) faults.push({ path: '/form/leader', message: '分管领导应为校领导' });
  return faults;
}

function unitFaults({ form, directory }: CheckContext<KeyWork>): Fault[] {
  const faults: Fault[] = [];
  if (form.lead !== undefined && directory.units[form.lead] === undefined)
    faults.push({ path: '/form/lead', message: '牵头单位不存在' });
  form.assist?.forEach((unit, at) => {
    const path = `/form/assist/${at}`;
    if (directory.units[unit] === undefined) faults.push({ path, message: '配合单位不存在' });
    else if (unit === form.lead) faults.push({ path, message: '牵头单位不能同时为配合单位' });
    else if (form.assist.indexOf(unit) < at) faults.push({ path, message: '配合单位重复' });
  });
  return faults;
}

function dateFaults({ form, calendar, appliedAt }: CheckContext<KeyWork>): Fault[] {
  const faults: Fault[] = [];
  const today = schoolDate(calendar, appliedAt);
  if (form.dueOn === undefined) return faults;
  if (form.dueOn < today) faults.push({ path: '/form/dueOn', message: '年底时限不能早于今天' });
  if (form.year !== undefined && form.dueOn.slice(0, 4) !== String(form.year))
    faults.push({ path: '/form/dueOn', message: `年底时限应在${form.year}年内` });
  return faults;
}

function milestoneFaults({ form }: CheckContext<KeyWork>): Fault[] {
  const faults: Fault[] = [];
  form.milestones?.forEach((one, at) => {
    const path = `/form/milestones/${at}`;
    const before = form.milestones[at - 1];
    if (form.dueOn !== undefined && one.on > form.dueOn) faults.push({ path: `${path}/on`, message: '里程碑不能晚于年底时限' });
    if (before === undefined) return;
    if (one.on <= before.on) faults.push({ path: `${path}/on`, message: '里程碑应按日期先后排列' });
    if (one.percent < before.percent) faults.push({ path: `${path}/percent`, message: '完成比例不能低于前一里程碑' });
  });
  return faults;
}

/** The same task of the same year; a year's tasks are registered from the November before. */
export function readsOf({ task, year }: KeyWorkForm): Read[] {
  // A malformed form asks for nothing; its schema says what is wrong with it.
  if (typeof task !== 'string' || !Number.isInteger(year) || year < 2000 || year > 2100) return [];
  const since = `${year - 1}-11-01T00:00:00.000Z`;
  return [{ kind: 'similar', as: 'same', processId: 'key-work', field: 'task', value: task.trim(), since }];
}

/** One task is followed up once (R9 art. 15, by analogy). */
function repeatedFaults({ facts: { same } }: CheckContext<KeyWork>): Fault[] {
  if (same?.kind !== 'similar' || same.count === 0) return [];
  return [{ path: '/form/task', message: `同一事项已立项(编号${same.latest ?? ''}),不得重复督查` }];
}

/** What finds every fault of a registration. */
export const registrationChecks = [peopleFaults, unitFaults, dateFaults, milestoneFaults, repeatedFaults] as const;

/** Faults of the breaking down 立项分解. */
export function establishFaults(
  { form }: Context<KeyWork>,
  output: KeyWorkOutputs['establish'],
  { directory }: CheckContext<KeyWork>,
): Fault[] {
  return (output.items ?? []).flatMap((item, at) => {
    const path = `/output/items/${at}`;
    const faults: Fault[] = [];
    if (directory.units[item.unit] === undefined) faults.push({ path: `${path}/unit`, message: '承担单位不存在' });
    else if (item.unit !== form.lead && !form.assist.includes(item.unit))
      faults.push({ path: `${path}/unit`, message: '承担单位应为牵头或配合单位' });
    if (item.by > form.dueOn) faults.push({ path: `${path}/by`, message: '完成日期不能晚于年底时限' });
    return faults;
  });
}

/** Whether a report names something under a word, as in `问题:经费未落实`. */
function names(text: string, word: string): boolean {
  return new RegExp(`${word}\\s*[::]\\s*\\S`, 'u').test(text);
}

/** Faults of a monthly report 进展: long enough; less than before needs its reason, behind the milestones its problem, done its proof. */
export function progressFaults(
  { form }: Context<KeyWork>,
  { text, percent, attachments, before }: Progress,
  { calendar, now, settings: s }: CheckContext<KeyWork>,
): Fault[] {
  const faults: Fault[] = [];
  if ([...text].length < s.progressWords) faults.push({ path: '/text', message: `进展不少于${s.progressWords}字` });
  if (before !== null && percent < before.percent && !names(text, '原因'))
    faults.push({ path: '/text', message: `完成比例低于上次(${before.percent}%),请写明“原因:……”` });
  const expected = expectedPercent(form, schoolDate(calendar, now));
  if (percent < expected && !names(text, '问题')) {
    const message = `未填问题原因:按里程碑应完成${expected}%,进度滞后,请写明“问题:……”,需协调的写明“需协调:……”`;
    faults.push({ path: '/text', message });
  }
  if (percent === 100 && attachments.length === 0) faults.push({ path: '/attachments', message: '完成但无佐证:请上传佐证材料' });
  return faults;
}

function fileFaults(path: string, ids: readonly string[] | undefined, world: CheckContext<KeyWork>): Fault[] {
  return (ids ?? []).flatMap((id, at) =>
    world.files[id] === undefined ? [{ path: `${path}/${at}`, message: '文件不存在或不是您上传的' }] : [],
  );
}

/** Faults of the lead unit's work. */
export function undertakeFaults(
  { form }: Context<KeyWork>,
  output: KeyWorkOutputs['undertake'],
  world: CheckContext<KeyWork>,
): Fault[] {
  const faults = fileFaults('/output/evidence', output.evidence, world);
  if (output.delayReason === undefined && schoolDate(world.calendar, world.now) > form.dueOn)
    faults.push({ path: '/output/delayReason', message: '晚于年底时限完成的,请选择逾期原因' });
  return faults;
}

/** Faults of an assisting unit's part. */
export function assistFaults(
  _context: Context<KeyWork>,
  output: KeyWorkOutputs['assist'],
  world: CheckContext<KeyWork>,
): Fault[] {
  return fileFaults('/output/files', output.files, world);
}

/** Faults of a check 核查: nothing passes it that is untrue, or important and unseen. */
export function verifyFaults(context: Context<KeyWork>, output: KeyWorkOutputs['verify'], world: CheckContext<KeyWork>): Fault[] {
  const faults = fileFaults('/output/evidence', output.evidence, world);
  if (output.verified !== '属实') faults.push({ path: '/output/verified', message: '核查不属实的不得销号:请退回牵头或配合单位' });
  if (context.outputs.establish?.level === '重大' && !output.onSite)
    faults.push({ path: '/output/onSite', message: '重大事项须经实地核查方可销号' });
  return faults;
}

/** Faults of the leader's reading: it ends the task only on a result that was checked as it stands. */
export function reviewFaults(context: Context<KeyWork>, output: KeyWorkOutputs['leader-review']): Fault[] {
  if (output.decision === '继续推进') return [{ path: '/output/decision', message: '继续推进的,请用“退回”退回牵头单位办理' }];
  const checked = doneAt(context.decisions('verify')) ?? '';
  return checked < (doneAt(context.decisions('undertake')) ?? '')
    ? [{ path: '/output/decision', message: '未核查,不能销号:请退回“核查”' }]
    : [];
}
