/** The ladder after a due date: who is told that a step, or the matter as a whole, is overdue. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { PostRole } from '../../../definitions/language/directory.ts';
import { contextOf } from '../context.ts';
import { peopleByRule } from '../people/resolve.ts';
import { opennessOf } from '../people/rights.ts';
import type { Assignee, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';

/** Who is told where a unit has neither leader in charge nor head, or its head is who is late. */
const ABOVE_ALL: readonly PostRole[] = ['president', 'party-secretary', 'office-director', 'process-administrator'];
/** Who is told where nobody is a supervisor. */
const SUPERVISION: readonly PostRole[] = ['supervisor', 'office-director', 'process-administrator'];

/**
 * Tells a rung of the ladder that something is overdue, and keeps in the event whom it told.
 * @param visit the visit that is overdue, or null for the matter as a whole.
 */
export function escalate(t: Transition, visit: Visit | null, level: 'superior' | 'supervision', about: string): void {
  const { keptOut } = opennessOf(t.definition, t.matter);
  const found = level === 'superior' ? superiorsOf(t, visit) : supervisionOf(t);
  const people = found.filter((one) => !keptOut.includes(one.id));
  t.emit('Escalated', { visit: visit?.key ?? null, about, level, people });
}

function byRule(t: Transition, rule: AssigneeRule): Assignee[] {
  return peopleByRule(rule, contextOf(t.definition, t.matter), t.world);
}

function byRole(t: Transition, role: PostRole, says: string): Assignee[] {
  return byRule(t, { kind: 'role', role, says, unit: null, campus: null });
}

function supervisionOf(t: Transition): Assignee[] {
  return firstFound(SUPERVISION, (role) => byRole(t, role, '超期报督查'));
}

/** The superiors of those who hold the open tasks: the leader in charge of the holder's unit, else its head, else those above all. */
function superiorsOf(t: Transition, visit: Visit | null): Assignee[] {
  const tasks = Object.values(t.matter.tasks).filter((task) => visit === null || task.visit === visit.key);
  const holders = new Set(tasks.flatMap((task) => task.assignees.map((one) => one.id)));
  const units = new Set([...holders].map((id) => t.world.directory.people[id]?.unit ?? null));
  const found = new Map<string, Assignee>();
  for (const unit of [...units].sort()) {
    for (const one of superiorsIn(t, unit, holders)) found.set(one.id, one);
  }
  return [...found.values()];
}

function superiorsIn(t: Transition, unit: string | null, holders: ReadonlySet<string>): Assignee[] {
  // Nobody is told of their own delay.
  const others = (people: readonly Assignee[]) => people.filter((one) => !holders.has(one.id));
  const inCharge = others(byRule(t, { kind: 'leader-in-charge', says: '超期报分管校领导', unit: () => unit }));
  if (inCharge.length > 0) return inCharge;
  const heads = others(byRule(t, { kind: 'unit-head', says: '超期报单位主要负责人', unit: () => unit }));
  return heads.length > 0 ? heads : firstFound(ABOVE_ALL, (role) => others(byRole(t, role, '超期报上级')));
}

function firstFound(roles: readonly PostRole[], people: (role: PostRole) => Assignee[]): Assignee[] {
  for (const role of roles) {
    const found = people(role);
    if (found.length > 0) return found;
  }
  return [];
}
