/** What the access log keeps of reading, and who may look into the log and the roots. */
import type { Viewer } from '../people/rights.ts';
import type { Matter } from '../state.ts';

/**
 * Why a read is noted in the access log: `by-office`, since the reader sees the matter by their office alone (supervisor, process
 * administrator, head of the applicant's unit) and takes no part in it; `secret`, since the matter is not public within the school.
 */
export type RestrictedRead = 'by-office' | 'secret';

/** Field of a form that says how secret 密级 the matter is, and what it says of one that is not. */
const SECRECY = { field: 'secrecy', open: ['', '公开', '无', 'public', 'none'] } as const;

/** Whether somebody takes part in a matter: applied, handled or handles it, was sent it to read, or is concerned by its definition. */
export function takesPart(viewer: Pick<Viewer, 'id'>, matter: Matter, concerned: readonly string[]): boolean {
  return (
    matter.applicant.id === viewer.id ||
    Object.hasOwn(matter.handlers, viewer.id) ||
    Object.hasOwn(matter.readers, viewer.id) ||
    Object.values(matter.tasks).some((task) => task.assignees.some((one) => one.id === viewer.id)) ||
    concerned.includes(viewer.id)
  );
}

/** Whether a matter's form gives it a secrecy 密级, such as 内部. */
export function isSecret(matter: Matter): boolean {
  const secrecy = matter.form[SECRECY.field];
  return typeof secrecy === 'string' && !SECRECY.open.some((open) => open === secrecy.trim());
}

/**
 * Why the read of somebody who may see a matter is noted, or null when it is nothing to note.
 * @param standsIn whether they see it in place of somebody who is away, and so must act on it.
 */
export function restrictedRead(
  viewer: Pick<Viewer, 'id'>,
  matter: Matter,
  concerned: readonly string[],
  standsIn: () => boolean,
): RestrictedRead | null {
  if (isSecret(matter)) return 'secret';
  return takesPart(viewer, matter, concerned) || standsIn() ? null : 'by-office';
}

/** Whether somebody may look into the access log: who oversees the school, and who must be able to repair everything. */
export function mayReadAccessLog(viewer: Viewer): boolean {
  return viewer.supervisor || viewer.administrator;
}

/** Whether somebody may see the daily roots: those who read the access log, and the archive, which keeps them. */
export function mayReadRoots(viewer: Viewer): boolean {
  return mayReadAccessLog(viewer) || viewer.roles.includes('archivist');
}
