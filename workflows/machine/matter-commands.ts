/** Commands on a matter as a whole: withdraw, urge, comment, supplement, report. */

import type { Fault } from '../../definitions/language/json.ts';
import { reportableTasks } from './clock/report.ts';
import { peopleToUrge } from './clock/urge.ts';
import type { CommentOnMatter, ReportProgress, SupplementMatter, UrgeMatter, WithdrawMatter } from './commands.ts';
import { contextAt } from './context.ts';
import { endMatter } from './flow/flow.ts';
import { seatOf } from './people/covers.ts';
import { type Refusal, refuse } from './refusals.ts';
import { checkContext } from './round/act.ts';
import { hindranceOf } from './round/allowed.ts';
import { filesFaults, textFaults } from './round/limits.ts';
import type { Task } from './state.ts';
import type { Transition } from './transition.ts';
import { parseKey, placeOf } from './tree.ts';
import type { MatterCommandType } from './words.ts';

const BAD_INPUT = '填写内容有误,请按提示一次性修改';

function personOf(t: Transition): { id: string; name: string } | null {
  const { by } = t.command;
  const person = by.kind === 'person' ? t.world.directory.people[by.id] : undefined;
  return person === undefined ? null : { id: person.id, name: person.name };
}

/** The refusal of what is not possible now: the same words as the greyed button's. */
function hindered(t: Transition, person: string, command: MatterCommandType): Refusal | null {
  const found = hindranceOf(t.definition, t.matter, person, command, t.world);
  return found === null ? null : refuse(found.code, found.why);
}

/** The applicant takes the matter back, or the matter that started it calls it back, which it may at any time. */
export function decideWithdraw(t: Transition, command: WithdrawMatter): Refusal | null {
  const { parent } = t.matter;
  if (command.by.kind === 'matter' && parent !== null && command.by.id === parent.matterId) {
    endMatter(t, 'withdrawn', command.reason ?? `发起它的办件${parent.no}撤回`);
    return null;
  }
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有申请人可以撤回');
  const refusal = hindered(t, person.id, 'withdraw');
  if (refusal !== null) return refusal;
  const faults = textFaults('/reason', command.reason);
  if (faults.length > 0) return refuse('bad-input', BAD_INPUT, faults);
  endMatter(t, 'withdrawn', command.reason === null ? '申请人撤回' : `申请人撤回:${command.reason}`);
  return null;
}

/** Reminds everybody who must act now and was not reminded a short while ago. */
export function decideUrge(t: Transition, command: UrgeMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以催办');
  const refusal = hindered(t, person.id, 'urge');
  if (refusal !== null) return refusal;
  const faults = textFaults('/text', command.text);
  if (faults.length > 0) return refuse('bad-input', BAD_INPUT, faults);
  const people = peopleToUrge(t.definition, t.matter, person.id, t.world);
  t.emit('Urged', { person: person.id, name: person.name, text: command.text, people });
  return null;
}

/** Leaves a remark. */
export function decideComment(t: Transition, command: CommentOnMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以留言');
  const faults = textFaults('/text', command.text, { required: '请填写留言' });
  if (faults.length > 0) return refuse('bad-input', BAD_INPUT, faults);
  t.emit('Commented', { person: person.id, name: person.name, text: command.text });
  return null;
}

/** Adds papers or explanations without being asked. */
export function decideSupplement(t: Transition, command: SupplementMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以补充材料');
  const faults = [
    ...textFaults('/text', command.text, { required: '请说明补充的材料' }),
    ...filesFaults(command.attachments, t.world),
  ];
  if (faults.length > 0) return refuse('bad-input', '补充的材料有误', faults);
  t.emit('Supplemented', { person: person.id, name: person.name, text: command.text, attachments: command.attachments });
  return null;
}

/** For whom somebody stands in 代 at a task, for the record. */
function coverOf(t: Transition, task: Task, person: string): { coverForName?: string } {
  const name = seatOf(t.definition, t.matter, task, person, t.world)?.coverForName;
  return name === undefined ? {} : { coverForName: name };
}

/** What the definition finds wrong with a report. */
function progressFaults(t: Transition, task: Task, { text, percent, attachments }: ReportProgress): Fault[] {
  const { step, loops } = placeOf(t.definition, task.step);
  const check = step.kind === 'handle' ? step.reports?.check : undefined;
  if (check === undefined) return [];
  const latest = t.matter.visits[task.visit]?.reports.latest ?? null;
  const before = latest === null ? null : { at: latest.at, percent: latest.percent };
  const context = contextAt(t.definition, t.matter, loops, parseKey(task.visit).scope);
  return check(context, { text: text.trim(), percent, attachments, before }, checkContext(t));
}

/** Reports progress on a task that asks for it. */
export function decideReport(t: Transition, command: ReportProgress): Refusal | null {
  const person = personOf(t);
  const tasks = person === null ? [] : reportableTasks(t.definition, t.matter, person.id, t.world);
  const task = command.task === null ? tasks[0] : tasks.find((one) => one.id === command.task);
  if (person === null || task === undefined) return refuse('not-allowed', '您没有需要报送进展的待办');
  const { percent } = command;
  const faults = [
    ...(command.task === null && tasks.length > 1 ? [{ path: '/task', message: '您有多项待办需要报送进展,请指明待办编号' }] : []),
    ...textFaults('/text', command.text, { required: '请填写进展' }),
    ...(Number.isInteger(percent) && percent >= 0 && percent <= 100
      ? []
      : [{ path: '/percent', message: '进展应为0至100的整数' }]),
    ...filesFaults(command.attachments, t.world),
    ...progressFaults(t, task, command),
  ];
  if (faults.length > 0) return refuse('bad-input', '进展填写有误', faults);
  t.emit('ProgressReported', {
    visit: task.visit,
    step: task.step,
    person: person.id,
    name: person.name,
    text: command.text,
    percent,
    attachments: command.attachments,
    seat: task.seat,
    ...coverOf(t, task, person.id),
  });
  return null;
}
