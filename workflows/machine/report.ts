/** Feedback on progress 反馈 while a step is being handled. */
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { APPLICANT_STEP, type Matter, type Task } from './state.ts';
import { placeOf } from './tree.ts';

/** The open tasks of a person whose steps ask for reports. */
export function reportableTasks(definition: ProcessDefinition, matter: Matter, person: string): Task[] {
  return Object.values(matter.tasks).filter((task) => {
    if (task.step === APPLICANT_STEP || !task.assignees.some((one) => one.id === person)) return false;
    const { step } = placeOf(definition, task.step);
    return step.kind === 'handle' && step.reports !== undefined;
  });
}
