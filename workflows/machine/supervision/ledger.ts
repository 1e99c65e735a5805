/**
 * The supervision ledger 督办台账: what it says of a supervised matter. Made from the matter alone, so that a rebuild gives the same
 * row; only who heads a unit is looked up, as of the day of the matter's last event.
 */
import type { Due, Light } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { SupervisionFacts } from '../../../definitions/language/supervision.ts';
import { openSuspension } from '../clock/clock.ts';
import { registerSource } from '../records.ts';
import type { Matter } from '../state.ts';
import { statusOf } from '../status.ts';
import { placesOf } from '../tree.ts';
import { type Status, UNAWAITED_STEPS } from '../words.ts';

/** The longest citation of what a matter rests on; the ledger shows it on one line. */
const SOURCE_REF_MAX = 200;

/** Whose rows: mine to do, mine to assist, those I watch, those that I see by office, those that I lead. */
export const LEDGER_VIEWS = ['todo', 'assist', 'watched', 'supervised', 'led'] as const;
/** A view of {@link LEDGER_VIEWS}. */
export type LedgerView = (typeof LEDGER_VIEWS)[number];

/** By what the ledger is added up. */
export const LEDGER_GROUPS = ['leader', 'unit', 'topic', 'source'] as const;
/** A group of {@link LEDGER_GROUPS}. */
export type LedgerGroup = (typeof LEDGER_GROUPS)[number];

/** What the directory says at the writing of a row. */
export interface LedgerNames {
  /** The name of a person or unit. */
  nameOf: (id: string) => string;
  /** Who headed a unit at an instant, or null where nobody did. */
  headOf: (unit: string, at: string) => string | null;
}

/**
 * A row of the ledger; the meaning of each field stands at the table. Instants are UTC, units and people ids. The latest progress is
 * that of the rounds which the matter remembers; the table keeps what was reported in earlier ones, and counts what was missed.
 */
export interface LedgerRow extends Omit<SupervisionFacts, 'lead' | 'assist' | 'workDueAt' | 'workSteps'> {
  matterId: string;
  no: string;
  processId: string;
  title: string;
  leadUnit: string | null;
  assistUnits: string[];
  status: Status;
  startedAt: string;
  endedAt: string | null;
  dueAt: string;
  yellowAt: string;
  orangeAt: string;
  overdueFrom: string | null;
  stoppedAt: string | null;
  feedbackDueAt: string | null;
  extensions: number;
  percent: number | null;
  progress: string | null;
  progressAt: string | null;
}

/** The row of a matter. */
export function ledgerRow(definition: ProcessDefinition, matter: Matter, { nameOf, headOf }: LedgerNames): LedgerRow {
  const { lead, assist, workDueAt, workSteps = [], responsible, ...facts } = supervisionOf(definition, matter, nameOf);
  const work = workOf(matter, { workDueAt, workSteps });
  const suspendedSince = openSuspension(matter)?.from ?? null;
  const limit = limitOf(matter, work);
  return {
    ...facts,
    matterId: matter.id,
    no: matter.no,
    processId: matter.processId,
    title: matter.title,
    sourceRef: facts.sourceRef?.slice(0, SOURCE_REF_MAX) ?? null,
    leadUnit: lead,
    assistUnits: [...new Set(assist)].filter((unit) => unit !== lead),
    responsible: responsible ?? (lead === null ? null : headOf(lead, matter.updatedAt)),
    status: statusOf(matter),
    startedAt: matter.startedAt,
    endedAt: matter.ending?.at ?? null,
    dueAt: limit.dueAt,
    yellowAt: limit.yellowAt,
    orangeAt: limit.orangeAt,
    overdueFrom: overdueFromOf(matter, work),
    // The clock of a step never stops: while the work is under way, its own limit runs on.
    stoppedAt: matter.ending?.at ?? (work.kind === 'under-way' ? null : suspendedSince),
    feedbackDueAt: feedbackDueAt(matter),
    extensions: extensionsOf(matter),
    ...progressOf(definition, matter),
  };
}

/** What a definition tells of a matter; for one that tells nothing, what every matter has: its applicant's unit answers for it. */
export function supervisionOf(definition: ProcessDefinition, matter: Matter, nameOf: (id: string) => string): SupervisionFacts {
  if (definition.supervision !== undefined) return definition.supervision(registerSource(definition, matter, nameOf));
  return {
    source: 'other',
    sourceRef: null,
    content: matter.title,
    lead: matter.applicant.unit,
    assist: [],
    responsible: null,
    leader: null,
    level: null,
    workDueAt: null,
    checker: null,
    checkedAt: null,
    result: matter.ending?.text ?? null,
    reportedTo: null,
    reportedAt: null,
    adjustment: null,
    delayReason: null,
  };
}

/** The limit of a row, and when it warns. UTC. */
type Limit = Pick<Due, 'dueAt' | 'yellowAt' | 'orangeAt'>;

/** How the work itself stands, where it has a limit of its own: not begun, under way, or done, in time or late from an instant. */
type Work = { kind: 'none' | 'not-begun' | 'under-way'; due: Limit } | { kind: 'done'; due: Limit; lateFrom: string | null };

/** The work is done in the steps that the definition names: others may fall due in the same hour. */
function workOf(matter: Matter, { workDueAt, workSteps = [] }: Pick<SupervisionFacts, 'workDueAt' | 'workSteps'>): Work {
  if (workDueAt === null || workSteps.length === 0) return { kind: 'none', due: matter.due };
  const visits = Object.values(matter.visits).filter((visit) => !visit.superseded && workSteps.includes(visit.step));
  const open = visits.find((visit) => visit.status === 'open');
  if (open !== undefined) return { kind: 'under-way', due: open.due };
  // The day is known and the hours of office between are not: it warns no later than the matter does.
  const { yellowAt, orangeAt } = matter.due;
  const due = { dueAt: workDueAt, yellowAt: earlier(yellowAt, workDueAt), orangeAt: earlier(orangeAt, workDueAt) };
  const done = visits.filter((visit) => visit.outcome === 'completed');
  if (done.length === 0) return { kind: 'not-begun', due };
  const late = done.flatMap((visit) => (visit.closedAt !== null && visit.due.dueAt < visit.closedAt ? [visit.due.dueAt] : []));
  return { kind: 'done', due, lateFrom: late.sort()[0] ?? null };
}

/** What a row warns of: the work while there is some to be done, then that the matter itself comes to its end. */
function limitOf(matter: Matter, work: Work): Limit {
  if (matter.ending === null) return work.kind === 'done' ? matter.due : work.due;
  // Afterwards it says again by when the work was due; its light was that of the matter.
  return { ...matter.due, dueAt: work.due.dueAt };
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** From when something of a matter is, will be or was late; the same rule as `isOverdue`, and the work besides. */
function overdueFromOf(matter: Matter, work: Work): string | null {
  const stop = matter.ending?.at ?? openSuspension(matter)?.from ?? null;
  const limits = stop === null || matter.due.dueAt < stop ? [matter.due.dueAt] : [];
  if (matter.ending !== null) {
    if (work.kind === 'done' && work.lateFrom !== null) limits.push(work.lateFrom);
    return limits.sort()[0] ?? null;
  }
  if (work.kind === 'under-way' || work.kind === 'not-begun') limits.push(work.due.dueAt);
  for (const task of Object.values(matter.tasks))
    if (!UNAWAITED_STEPS.some((side) => side === task.step)) limits.push(task.due.dueAt);
  return limits.sort()[0] ?? null;
}

/** By when feedback is due next: what is asked for now must be here before the next request, or by the due date. */
function feedbackDueAt(matter: Matter): string | null {
  const dates = Object.values(matter.visits).flatMap((visit) => {
    if (visit.status !== 'open') return [];
    const next = matter.alarms[`${visit.key}:report`]?.at;
    return next ?? (visit.reports.owing.length > 0 ? visit.due.dueAt : []);
  });
  return dates.sort()[0] ?? null;
}

/** How often a later due date was granted, over all rounds of every step. */
function extensionsOf(matter: Matter): number {
  return Object.values(matter.visits).reduce((sum, visit) => sum + visit.extensions + (visit.extendedBefore ?? 0), 0);
}

/** The latest report of the lead; of anybody while the lead has given none. What was completed is done whatever was last said. */
function progressOf(definition: ProcessDefinition, matter: Matter): Pick<LedgerRow, 'percent' | 'progress' | 'progressAt'> {
  const places = placesOf(definition);
  const reports = Object.values(matter.visits).flatMap(({ step, reports: { latest } }) =>
    latest === null ? [] : [{ ...latest, ofItem: (places.get(step)?.loops.length ?? 0) > 0 }],
  );
  const leads = reports.filter((one) => !one.ofItem);
  const latest = (leads.length > 0 ? leads : reports).sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  const percent = matter.ending?.code === 'completed' ? 100 : (latest?.percent ?? null);
  return { percent, progress: latest?.text ?? null, progressAt: latest?.at ?? null };
}

/** The light of a row: red once anything of it is overdue, else that of its limit. */
export function ledgerLight(row: Pick<LedgerRow, 'yellowAt' | 'orangeAt' | 'overdueFrom' | 'stoppedAt'>, now: string): Light {
  if (isRowOverdue(row, now)) return 'red';
  const clock = row.stoppedAt ?? now;
  if (clock >= row.orangeAt) return 'orange';
  return clock >= row.yellowAt ? 'yellow' : 'green';
}

/** Whether anything of a row is overdue, or was when it ended. */
export function isRowOverdue({ overdueFrom }: Pick<LedgerRow, 'overdueFrom'>, now: string): boolean {
  return overdueFrom !== null && overdueFrom < now;
}
