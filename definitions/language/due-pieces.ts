/** A count cut into runs of days of one kind, finer or coarser, so that a long limit can be told in a few lines. */
import { dateOf } from './civil-date.ts';
import type { Mark, Stage } from './due-count.ts';
import type { CalendarView } from './working-time.ts';

/** What a run of days is: counted 计, extra 调休上班, weekend 周末, off 放假, stopped 暂停, mixed several of them. */
export type PieceKind = 'counted' | 'extra' | 'weekend' | 'off' | 'stopped' | 'mixed';

/** A run of consecutive days told in one line. Day numbers `first` to `last`, both included. */
export interface Piece {
  kind: PieceKind;
  /** The calendar's name for the days, for `off` and `extra`; else empty. */
  name: string;
  first: number;
  last: number;
  /** The count before the run and after it: its days are the (`before` + 1)-th to `after`-th. */
  before: number;
  after: number;
  /** Working time used, for limits in work hours. */
  ms: number;
  restDays: number;
  stoppedDays: number;
}

/** How coarsely a count is told: 0 every run, 1 weekends folded into the work around them, 2 everything in one run. */
export type Coarseness = 0 | 1 | 2;

const FOLDED: Record<Coarseness, readonly PieceKind[]> = {
  0: [],
  1: ['counted', 'extra', 'weekend', 'mixed'],
  2: ['counted', 'extra', 'weekend', 'off', 'stopped', 'mixed'],
};

/** The runs of a stretch of a stage's marks, in order, `marks` beginning with the first mark of the stage. */
export function piecesOf(view: CalendarView, stage: Stage, marks: readonly Mark[], coarseness: Coarseness): Piece[] {
  const pieces: Piece[] = [];
  let count = 0;
  for (const mark of marks) {
    const [kind, name] = kindOf(view, stage, mark);
    let piece = pieces.at(-1);
    if (piece === undefined || piece.last + 1 !== mark.day || !joins(piece, kind, name, coarseness)) {
      piece = { kind, name, first: mark.day, last: mark.day, before: count, after: count, ms: 0, restDays: 0, stoppedDays: 0 };
      pieces.push(piece);
    }
    if (piece.kind !== kind || piece.name !== name) piece.kind = 'mixed';
    if (mark.kind === 'counted') count += 1;
    else if (mark.kind === 'stopped') piece.stoppedDays += 1;
    else piece.restDays += 1;
    piece.last = mark.day;
    piece.after = count;
    piece.ms += mark.ms;
  }
  return pieces;
}

function joins(piece: Piece, kind: PieceKind, name: string, coarseness: Coarseness): boolean {
  if (piece.kind === kind && piece.name === name) return true;
  return FOLDED[coarseness].includes(piece.kind) && FOLDED[coarseness].includes(kind);
}

function kindOf(view: CalendarView, stage: Stage, mark: Mark): [kind: PieceKind, name: string] {
  if (mark.kind === 'stopped') return ['stopped', ''];
  const inCalendarDays = stage.limit.unit === 'day' || stage.limit.unit === 'month';
  if (mark.kind === 'counted' && inCalendarDays) return ['counted', ''];
  const exception = view.calendar.days[dateOf(mark.day)];
  if (mark.kind === 'counted') return exception === undefined ? ['counted', ''] : ['extra', exception.name];
  return exception === undefined ? ['weekend', ''] : ['off', exception.name];
}
