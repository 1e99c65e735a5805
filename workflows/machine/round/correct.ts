/** The applicant's correction of a returned matter, and what a changed form means for those who had already decided on it. */
import type { JsonObject } from '../../../definitions/language/json.ts';
import { settleClock } from '../clock/clock.ts';
import { limitsNow, renewLimits } from '../clock/due-change.ts';
import type { ActOnTask } from '../commands.ts';
import { afterVisit, closeVisit, enterList } from '../flow/flow.ts';
import { clearAfter } from '../flow/go-back.ts';
import { APPLICANT_STEP, type Task } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey } from '../tree.ts';
import { sameJson } from './outputs.ts';

/** Takes on the corrected form, and goes on: from the beginning, or straight back when nothing was changed that was decided on. */
export function correct(t: Transition, task: Task, command: ActOnTask): void {
  const form = command.output ?? t.matter.form;
  const changed = changedFields(t.matter.form, form);
  const before = limitsNow(t);
  t.emit('FormCorrected', {
    form,
    attachments: command.attachments.length > 0 ? command.attachments : t.matter.attachments,
    title: t.definition.title(form),
    changed,
  });
  closeVisit(t, task.visit, 'corrected', 'somebody-acted');
  const replayed = replayedFor(t, task, changed);
  settleClock(t);
  renewLimits(t, before);
  if (replayed) enterList(t, t.definition.steps, 0, []);
  else afterVisit(t, task.visit);
}

/** Names of the fields in which two forms differ. */
export function changedFields(before: JsonObject, after: JsonObject): string[] {
  const fields = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return fields.filter((field) => !sameJson(before[field], after[field]));
}

/**
 * Whether a correction that was to come straight back must instead go through every step again: somebody had decided on what is
 * now changed. Only new attachments, and fields that the definition calls harmless, change nothing that was decided on.
 */
function replayedFor(t: Transition, task: Task, changed: readonly string[]): boolean {
  const harmless = t.definition.harmlessFields ?? [];
  const decisive = changed.filter((field) => !harmless.includes(field));
  if (parseKey(task.visit).backTo === null || decisive.length === 0) return false;
  const superseded = clearAfter(t, APPLICANT_STEP);
  t.emit('DetourReplayed', { visit: task.visit, name: task.name, because: 'form', changed: decisive, superseded });
  return true;
}
