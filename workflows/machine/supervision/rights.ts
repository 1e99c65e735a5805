/** Who may see and do what in supervision. Deny by default; the SQL twins stand in `db/ledger.ts`. */
import { schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Viewer } from '../people/rights.ts';

/** Whether somebody supervises the whole school: sees every row of the ledger, urges in many matters at once, keeps topics. */
export function mayOversee(viewer: Viewer): boolean {
  return viewer.supervisor || viewer.administrator;
}

/** Whether somebody may read whom was urged: everywhere, or in the units that they head. */
export function mayReadUrges(viewer: Viewer): boolean {
  return mayOversee(viewer) || viewer.headedUnits.length > 0;
}

/** Whether somebody may change a topic 专项: its own supervisor, and whoever oversees all. */
export function mayKeepTopic(viewer: Viewer, topic: { supervisor: string }): boolean {
  return mayOversee(viewer) || topic.supervisor === viewer.id;
}

/** What tells who may see a row of the ledger. */
export interface LedgerConcern {
  leadUnit: string | null;
  assistUnits: readonly string[];
  responsible: string | null;
  leader: string | null;
  /** The unit that applied. */
  unit: string;
  /** Everybody who is connected with the matter. */
  people: readonly string[];
}

/** Whether somebody may see a row: overseers all, heads what their units lead, assist or applied for, others what they take part in. */
export function maySeeRow(viewer: Viewer, row: LedgerConcern): boolean {
  if (mayOversee(viewer) || row.people.includes(viewer.id)) return true;
  if (row.responsible === viewer.id || row.leader === viewer.id) return true;
  const units = [row.unit, row.leadUnit, ...row.assistUnits];
  return viewer.headedUnits.some((unit) => units.includes(unit));
}

/**
 * Who headed a unit at an instant: 第一责任人. Told by the dates of the post alone, so that the answer stays when its holder has left
 * the school since. Null where nobody did.
 */
export function headAt(directory: Directory, calendar: WorkingCalendar, unit: string, at: string): string | null {
  const day = schoolDate(calendar, at);
  const posts = Object.values(directory.posts).filter((post) => post.role === 'unit-head' && post.unit === unit);
  const holding = posts.flatMap((post) => post.holders).find(({ from, to }) => from <= day && (to === null || day <= to));
  return holding?.person ?? null;
}
