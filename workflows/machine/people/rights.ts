/** Who may see what. Deny by default: whoever no rule names sees nothing. */
import { schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Directory, PostRole } from '../../../definitions/language/directory.ts';
import { isLate, latenessOf } from '../clock/overdue.ts';
import { contextOf } from '../context.ts';
import type { Matter } from '../state.ts';
import { UNAWAITED_STEPS } from '../words.ts';
import { asAdministrator } from './administrators.ts';
import { postsOf } from './resolve.ts';

/** Roles that follow what is supervised or overdue in the whole school. */
export const SUPERVISING_ROLES: readonly PostRole[] = [
  'supervisor',
  'office-director',
  'office-deputy-director',
  'party-secretary',
  'president',
];

/** Somebody who looks, with what their posts entitle them to today. */
export interface Viewer {
  id: string;
  name: string;
  unit: string;
  roles: PostRole[];
  /** Units that they head. */
  headedUnits: string[];
  supervisor: boolean;
  /** Process administrators see every matter, since they must be able to repair any; so does who stands in for one who is away. */
  administrator: boolean;
}

/** The rights of a person now, or null for somebody unknown or gone. */
export function viewerOf(directory: Directory, calendar: WorkingCalendar, person: string, now: string): Viewer | null {
  const found = directory.people[person];
  if (found === undefined || !found.active) return null;
  const posts = postsOf(directory, person, schoolDate(calendar, now));
  const roles = [...new Set(posts.map((post) => post.role))];
  return {
    id: found.id,
    name: found.name,
    unit: found.unit,
    roles,
    headedUnits: posts.filter((post) => post.role === 'unit-head').map((post) => post.unit),
    supervisor: roles.some((role) => SUPERVISING_ROLES.includes(role)),
    administrator: asAdministrator(person, { directory, calendar, now }) !== null,
  };
}

/** Whether something of a matter is overdue: its own limit, or that of an open task. */
export function isOverdue(matter: Matter, now: string): boolean {
  if (matter.phase === 'ended') return false;
  return (
    isLate(latenessOf(matter), now) ||
    Object.values(matter.tasks).some((task) => task.due.dueAt < now && !UNAWAITED_STEPS.some((side) => side === task.step))
  );
}

/** Whether somebody follows what is overdue: in the whole school, or as head of a unit what that unit applied for. */
export function mayFollowOverdue(viewer: Viewer): boolean {
  return viewer.administrator || viewer.supervisor || viewer.headedUnits.length > 0;
}

/** To whom a definition opens and closes a matter, see {@link opennessOf}. */
export interface Openness {
  supervised: boolean;
  /** Ids of people whom it concerns. */
  concerned: readonly string[];
  /** Ids of people who are kept out. */
  keptOut: readonly string[];
}

/** What a definition says of who may see a matter. */
export function opennessOf(definition: ProcessDefinition, matter: Matter): Openness {
  const context = contextOf(definition, matter);
  const { supervised, concerned, keptOut } = definition;
  return { supervised, concerned: concerned?.(context) ?? [], keptOut: keptOut?.(context) ?? [] };
}

/**
 * Whether a person may see a matter: its applicant, who handles or handled it, who was sent it to read, whom the definition names
 * as concerned, the head of its unit, a supervisor for what is supervised or overdue, a process administrator. Who stands in for
 * somebody absent may see it too, for as long as they do: see `standsIn` in covers.ts.
 * Whom the definition keeps out sees nothing, whatever their office.
 */
export function mayView(viewer: Viewer, matter: Matter, { supervised, concerned, keptOut }: Openness, now: string): boolean {
  if (keptOut.includes(viewer.id)) return false;
  return (
    viewer.administrator ||
    matter.applicant.id === viewer.id ||
    Object.hasOwn(matter.handlers, viewer.id) ||
    Object.hasOwn(matter.readers, viewer.id) ||
    Object.values(matter.tasks).some((task) => task.assignees.some((one) => one.id === viewer.id)) ||
    concerned.includes(viewer.id) ||
    viewer.headedUnits.includes(matter.applicant.unit) ||
    (viewer.supervisor && (supervised || isOverdue(matter, now)))
  );
}
