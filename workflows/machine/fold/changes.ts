/** Small changes of the state that several events share. */
import type { Due } from '../../../definitions/language/calendar.ts';
import type { Alarm, Matter, StepKey, Task, Visit } from '../state.ts';

/** The alarms of a matter by id. */
export type MatterAlarms = Record<string, Alarm>;

/** A record without some keys. */
export function without<T>(record: Readonly<Record<string, T>>, ...keys: readonly string[]): Record<string, T> {
  const rest = { ...record };
  for (const key of keys) delete rest[key];
  return rest;
}

/** The matter with one visit changed; as it is when it has no such visit. */
export function withVisit(matter: Matter, key: StepKey, change: (visit: Visit) => Visit): Matter {
  const visit = matter.visits[key];
  return visit === undefined ? matter : { ...matter, visits: { ...matter.visits, [key]: change(visit) } };
}

/** The matter with one open task changed; as it is when it has no such task. */
export function withTask(matter: Matter, id: string, change: (task: Task) => Task): Matter {
  const task = matter.tasks[id];
  return task === undefined ? matter : { ...matter, tasks: { ...matter.tasks, [id]: change(task) } };
}

/**
 * The alarms with the three of a due date set to it, of a visit or of the matter itself. One whose instant has passed is not set
 * again, or it would be rung twice; only a due date that nobody was told of yet rings at once.
 * @param untold whether nobody was told yet that it is overdue; unless given, that is so while its alarm is set.
 */
export function armed(
  alarms: Readonly<MatterAlarms>,
  visit: StepKey | null,
  due: Due,
  at: string,
  untold?: boolean,
): MatterAlarms {
  const prefix = visit ?? 'matter';
  const next = { ...alarms };
  const set = (kind: 'yellow' | 'orange' | 'red', when: string): void => {
    const id = `${prefix}:${kind}`;
    if (when > at || (kind === 'red' && (untold ?? alarms[id] !== undefined))) next[id] = { at: when, kind, visit };
    else delete next[id];
  };
  set('yellow', due.yellowAt);
  set('orange', due.orangeAt);
  set('red', due.dueAt);
  return next;
}

/**
 * The alarms with those of the ladder after a visit's due date. Each rings once for a due date: one that has rung is set again only
 * when the due date lies ahead again; one still to ring rings at once when its instant has passed.
 * @param fresh whether the due date lies ahead, or the round has just begun.
 */
export function laddered(
  alarms: Readonly<MatterAlarms>,
  visit: StepKey,
  ladder: { superiorAt: string; supervisionAt: string } | undefined,
  at: string,
  fresh: boolean,
): MatterAlarms {
  if (ladder === undefined) return { ...alarms };
  const next = { ...alarms };
  for (const [kind, when] of [
    ['superior', ladder.superiorAt],
    ['supervision', ladder.supervisionAt],
  ] as const) {
    const id = `${visit}:${kind}`;
    if ((fresh && when > at) || next[id] !== undefined) next[id] = { at: when, kind, visit };
  }
  return next;
}
