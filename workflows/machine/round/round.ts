/** A round of a step: its seats and their tasks, from its opening to its close. */
import type { Due } from '../../../definitions/language/calendar.ts';
import type { ApprovalMode, LimitValue } from '../../../definitions/language/steps.ts';
import type { EventFacts } from '../events.ts';
import type { Asked, Assignee, Draft, Seat, StepKey, Task, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { plainKey } from '../tree.ts';
import type { TaskKind } from '../words.ts';
import { outputsAt } from './outputs.ts';
import { groupOf, standingOf, turnsOf } from './seats.ts';

/** What a round is opened with. */
export interface RoundPlan {
  key: StepKey;
  step: string;
  name: string;
  kind: TaskKind;
  mode: ApprovalMode;
  limit: LimitValue;
  due: Due;
  backTo: StepKey | null;
  parent: StepKey | null;
  unassigned: boolean;
  reportAt: string | null;
  assignees: Assignee[];
  ladder?: { superiorAt: string; supervisionAt: string };
  /** The day that an extension asks for. */
  until?: string;
  /** Who asks for a side step, and with what words. */
  asked?: Asked;
  /** Set when a return opens it. */
  returned?: NonNullable<EventFacts['StepOpened']['returned']>;
  /** Set when a round goes on where an earlier one was left: its seats and what was decided in them. */
  carried?: { seats: Seat[] } & NonNullable<EventFacts['StepOpened']['carried']>;
}

/** The seats of people who decide in a mode: 或签 is one seat for all, every other mode one for each. */
export function seatsFor(mode: ApprovalMode, people: readonly Assignee[], from = 1, group = 0): Seat[] {
  const each = mode === 'any' ? [[...people]] : people.map((one) => [one]);
  return each.map((assignees, at) => ({
    id: from + at,
    group,
    status: 'waiting',
    verdict: null,
    assignees,
    task: null,
    answer: null,
  }));
}

/** Opens a round with its own seats, tasks, timers and due date, and gives tasks to those whose turn it is. */
export function openRound(t: Transition, plan: RoundPlan): void {
  const { key, assignees, carried, parent, ladder, ...rest } = plan;
  const roster = carried?.seats ?? seatsFor(plan.mode, assignees);
  const round = (t.matter.rounds[plainKey(key)] ?? 0) + 1;
  t.emit('StepOpened', {
    visit: key,
    round,
    seats: roster.filter((seat) => seat.group === 0 && seat.status !== 'removed').length,
    roster,
    ...(parent === null ? {} : { parent }),
    ...(ladder === undefined ? {} : { ladder }),
    ...(carried === undefined ? {} : { carried: { groups: carried.groups, decisions: carried.decisions } }),
    ...(plan.backTo !== null && plan.kind === 'handle' ? { baseline: outputsAt(t.matter, key) } : {}),
    ...rest,
  });
  giveTurns(t, key);
}

/** How a round stands, after tasks were opened, held, resumed and closed as turns came and went. */
export function giveTurns(t: Transition, key: StepKey): 'open' | 'for' | 'against' {
  const visit = t.matter.visits[key];
  if (visit === undefined || visit.status === 'closed') return 'open';
  const standing = standingOf(visit);
  // What is left of a decided round goes when it is closed.
  if (standing !== 'open') return standing;
  const turns = turnsOf(visit);
  for (const seat of visit.seats) {
    const turn = turns.get(seat.id) ?? 'none';
    if (turn === 'act') toAct(t, visit, seat);
    else if (turn === 'hold') toHold(t, visit, seat);
    else if (seat.task !== null) t.emit('TaskClosed', { task: seat.task, because: 'somebody-acted' });
  }
  return standing;
}

function toAct(t: Transition, visit: Visit, seat: Seat): void {
  if (seat.task === null) {
    openTask(t, visit, seat);
    return;
  }
  if (t.matter.tasks[seat.task]?.waiting === true) t.emit('TaskResumed', { task: seat.task, draft: answerFor(visit, seat) });
}

function toHold(t: Transition, visit: Visit, seat: Seat): void {
  // A seat that got other people, or whose act was taken back, has no task to hold.
  if (seat.task === null) openTask(t, visit, seat);
  const task = t.matter.visits[visit.key]?.seats.find((one) => one.id === seat.id)?.task ?? null;
  if (task !== null && t.matter.tasks[task]?.waiting === false) t.emit('TaskHeld', { task });
}

/** What the latest delegate of a seat answered, for its holder to go on from. */
function answerFor(visit: Visit, seat: Seat): Draft | null {
  const delegates = visit.groups.filter((group) => group.seat === seat.id && group.position === 'delegate');
  const answers = visit.seats.filter((one) => delegates.some((group) => group.id === one.group) && one.answer !== null);
  return answers.at(-1)?.answer ?? null;
}

/** Opens a task for a seat; its due date is the round's, whoever holds it (domain D12: a hand-over resets nothing). */
export function openTask(t: Transition, visit: Visit, seat: Seat, draft: Draft | null = null): void {
  const task: Task = {
    id: `${t.matterId}-${t.matter.taskCount + 1}`,
    visit: visit.key,
    step: visit.step,
    name: visit.name,
    round: visit.round,
    kind: visit.kind,
    assignees: seat.assignees,
    openedAt: t.now,
    due: visit.due,
    seat: seat.id,
    waiting: false,
    claimedBy: null,
    draft: draft ?? answerFor(visit, seat),
    addedBy: groupOf(visit, seat)?.byName ?? null,
  };
  t.emit('TaskOpened', { task });
}
