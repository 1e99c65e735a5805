/** Commands on a matter as a whole: withdraw, urge, comment, report. */
import { peopleToUrge, urgedRecently, whyNot } from './allowed.ts';
import type { CommentOnMatter, ReportProgress, SupplementMatter, UrgeMatter, WithdrawMatter } from './commands.ts';
import { attachmentFaults } from './faults.ts';
import { endMatter } from './flow.ts';
import { type Refusal, refuse } from './refusals.ts';
import { reportableTasks } from './report.ts';
import type { Transition } from './transition.ts';

function personOf(t: Transition): { id: string; name: string } | null {
  const { by } = t.command;
  const person = by.kind === 'person' ? t.world.directory.people[by.id] : undefined;
  return person === undefined ? null : { id: person.id, name: person.name };
}

/** The applicant takes the matter back, or the matter that started it calls it back, which it may at any time. */
export function decideWithdraw(t: Transition, command: WithdrawMatter): Refusal | null {
  const { parent } = t.matter;
  if (command.by.kind === 'matter' && parent !== null && command.by.id === parent.matterId) {
    endMatter(t, 'withdrawn', command.reason ?? `发起它的办件${parent.no}撤回`);
    return null;
  }
  const person = personOf(t);
  if (person === null || person.id !== t.matter.applicant.id) return refuse('not-allowed', '只有申请人可以撤回');
  const why = whyNot(t.definition, t.matter, person.id, 'withdraw', t.now);
  if (why !== null) return refuse('too-late', why);
  endMatter(t, 'withdrawn', command.reason === null ? '申请人撤回' : `申请人撤回:${command.reason}`);
  return null;
}

/** Reminds everybody who must act now. */
export function decideUrge(t: Transition, command: UrgeMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以催办');
  if (urgedRecently(t.matter, t.now)) return refuse('too-early', '刚刚催办过,请稍后再催');
  const people = peopleToUrge(t.matter, person.id);
  if (people.length === 0) return refuse('action-not-offered', '当前没有他人的待办可催');
  t.emit('Urged', { person: person.id, name: person.name, text: command.text, people });
  return null;
}

/** Leaves a remark. */
export function decideComment(t: Transition, command: CommentOnMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以留言');
  t.emit('Commented', { person: person.id, name: person.name, text: command.text });
  return null;
}

/** Adds papers or explanations without being asked. */
export function decideSupplement(t: Transition, command: SupplementMatter): Refusal | null {
  const person = personOf(t);
  if (person === null) return refuse('not-allowed', '只有学校人员可以补充材料');
  const faults = attachmentFaults(command.attachments, t.world);
  if (faults.length > 0) return refuse('bad-input', '补充的材料有误', faults);
  t.emit('Supplemented', { person: person.id, name: person.name, text: command.text, attachments: command.attachments });
  return null;
}

/** Reports progress on a task that asks for it. */
export function decideReport(t: Transition, command: ReportProgress): Refusal | null {
  const person = personOf(t);
  const tasks = person === null ? [] : reportableTasks(t.definition, t.matter, person.id);
  const task = command.task === null ? tasks[0] : tasks.find((one) => one.id === command.task);
  if (person === null || task === undefined) return refuse('not-allowed', '您没有需要报送进展的待办');
  if (command.task === null && tasks.length > 1) {
    return refuse('bad-input', '您有多项待办需要报送进展,请指明是哪一项', [{ path: '/task', message: '请指明待办编号' }]);
  }
  const missing = command.attachments.filter((id) => !Object.hasOwn(t.world.files, id));
  const faults = missing.map((id) => ({ path: '/attachments', message: `附件${id}不存在或不是您上传的` }));
  if (faults.length > 0) return refuse('bad-input', '进展填写有误', faults);
  t.emit('ProgressReported', {
    visit: task.visit,
    step: task.step,
    person: person.id,
    name: person.name,
    text: command.text,
    percent: command.percent,
    attachments: command.attachments,
    seat: task.seat,
  });
  return null;
}
