/** What somebody is asked to do at a task, in Chinese: the step's own words, and those of who gave them the task. */
import { schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { groupOf } from '../round/seats.ts';
import { spokenBy } from '../spoken-by.ts';
import { APPLICANT_STEP, type Asked, isSideStep, type Matter, type Task, type Visit } from '../state.ts';
import { parseKey, placeOf } from '../tree.ts';

const HOW = { transfer: '转办', reassign: '指派', 'hand-over': '交接' } as const;

/** What is asked at a task, or null where nothing was said. @param titleOf what people call a field of the form. */
export function askOf(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  calendar: WorkingCalendar,
  titleOf: (field: string) => string,
): string | null {
  const visit = matter.visits[task.visit];
  const ask = isSideStep(task.step) ? sideAsk(matter, visit, calendar) : stepAsk(definition, matter, task, titleOf);
  const told = visit === undefined ? [] : toldByHand(visit, task);
  if (told.length === 0) return ask;
  return `${told.join(';')}${ask === null ? '' : `(${ask})`}`;
}

/** The step's words; on a detour also what becomes of it, so that nobody is surprised by a replay. */
function stepAsk(definition: ProcessDefinition, matter: Matter, task: Task, titleOf: (field: string) => string): string | null {
  const back = parseKey(task.visit).backTo;
  const to = back === null ? null : (matter.visits[back]?.name ?? placeOf(definition, parseKey(back).step).step.name);
  if (task.step === APPLICANT_STEP) return to === null ? '修改后重新提交,各环节重新办理' : correctionAsk(definition, to, titleOf);
  const { step } = placeOf(definition, task.step);
  const ask = 'ask' in step ? (step.ask ?? null) : null;
  if (to === null || task.kind !== 'handle') return ask;
  const then = `不改动办理结果的,提交后直接回到“${to}”;改动的,其后各环节重新办理`;
  return ask === null ? then : `${ask}(${then})`;
}

/** What may be changed in a form that is to come straight back, and what makes everybody decide anew. */
function correctionAsk({ harmlessFields = [] }: ProcessDefinition, to: string, titleOf: (field: string) => string): string {
  if (harmlessFields.length === 0) return `只补附件或不改动表单的,提交后直接回到“${to}”;修改表单内容的,各环节重新办理`;
  const fields = harmlessFields.map((field) => `“${titleOf(field)}”`).join('、');
  return `只补附件或只改动${fields}的,提交后直接回到“${to}”;修改表单其他内容的,各环节重新办理`;
}

/** What a side step is for; null for one that an older version opened, which kept no words. */
function sideAsk(matter: Matter, visit: Visit | undefined, calendar: WorkingCalendar): string | null {
  const asked = visit?.asked;
  if (visit === undefined || asked === undefined) return null;
  if (visit.step === 'extension') return extensionAsk(matter, visit, asked, calendar);
  return asked.by === null ? asked.text : says(asked, visit.step === 'advice' ? '征询' : '传阅');
}

function extensionAsk(matter: Matter, { parent, until }: Visit, asked: Asked, calendar: WorkingCalendar): string {
  const due = matter.visits[parent ?? '']?.due.dueAt;
  const from = due === undefined ? '' : `由${dayOf(schoolDate(calendar, due))}`;
  const reason = asked.text === null ? '' : `,理由:${asked.text}`;
  return `${speakerOf(asked)}申请${from}延至${dayOf(until ?? '')}${reason}`;
}

/** `2026-12-08` as 12月8日. */
function dayOf(date: string): string {
  const [, month, day] = date.split('-');
  return `${Number(month)}月${Number(day)}日`;
}

/** What was said to those who were given the task by name, the latest first. */
function toldByHand(visit: Visit, task: Task): string[] {
  const seat = visit.seats.find((one) => one.id === task.seat);
  if (seat === undefined) return [];
  const group = groupOf(visit, seat);
  return [
    ...(seat.asked === undefined ? [] : [says(seat.asked, HOW[seat.asked.how])]),
    ...(group?.asked === undefined ? [] : [says(group.asked, group.position === 'delegate' ? '委派' : '加签')]),
  ];
}

function says(asked: Asked, what: string): string {
  return `${speakerOf(asked)}${what}${asked.text === null ? '' : `:${asked.text}`}`;
}

function speakerOf({ by, coverForName }: Asked): string {
  return spokenBy({ name: by ?? '', ...(coverForName === undefined ? {} : { coverForName }) });
}
