/** The pass matrix as a page: a table for each mode, one sign for each pair. */
import { MATRIX_ACTIONS } from './actions.ts';
import { type Cell, MATRIX_MODES, MATRIX_PLACES, playMatrix } from './table.ts';

/** The sign of each thing that a pair can come to, with what it means. */
const SIGNS: Readonly<Record<Cell, readonly [sign: string, meaning: string]>> = {
  done: ['✓', 'done'],
  nobody: ['·', 'nobody has a task to do it with'],
  'not-allowed': ['a', 'refused, `not-allowed`'],
  'action-not-offered': ['o', 'refused, `action-not-offered`: the task, or the matter as it stands, does not have it'],
  'task-closed': ['c', 'refused, `task-closed`: the task is over'],
  'task-unknown': ['u', 'refused, `task-unknown`'],
  'matter-unknown': ['x', 'refused, `matter-unknown`'],
  'matter-ended': ['e', 'refused, `matter-ended`: the first action ended it'],
  'too-late': ['l', 'refused, `too-late`'],
  'too-early': ['t', 'refused, `too-early`: urged a moment ago'],
  'too-many-rounds': ['r', 'refused, `too-many-rounds`'],
  'resource-taken': ['b', 'refused, `resource-taken`'],
  'bad-input': ['i', 'refused, `bad-input`: whom or where it names does not fit'],
  internal: ['!', 'a fault of the machine'],
};

/** The page, and how many pairs were played. */
export interface MatrixPage {
  text: string;
  pairs: number;
  done: number;
}

/** Plays every pair and prints the page. Throws when one of them breaks a promise. */
export function matrixPage(): MatrixPage {
  const tables = MATRIX_MODES.map(({ name, mode }) => ({ name, places: MATRIX_PLACES.map((place) => playMatrix(mode, place)) }));
  const cells = tables.flatMap(({ places }) => places.flat(2));
  const done = cells.filter((cell) => cell === 'done').length;
  const text = [
    '# The pass matrix',
    '',
    'Made by `npm run matrix`; a test fails when it is stale. Every pair of actions is played on the pure machine, in every mode of the',
    `middle step, outside a block, inside a parallel and inside a forEach: ${cells.length} plays, ${done} of them done, the others refused as`,
    'told. After each pair the matter is carried on to its end, and after every transition an independent count of rounds, votes, tasks and',
    'places must agree with the machine (tests/proof/model). The first action (row) is done by the first holder of the middle step, the second',
    '(column) by the same person while they have a task there, else by the next. An administrator does 指派 to 终止; 超期 is the clock.',
    '',
    'A cell with three signs stands for outside / in parallel / in forEach; one sign says that all three are alike. A row whose first action',
    'was refused says so throughout.',
    '',
    ...legend(cells),
    '',
    `Columns: ${MATRIX_ACTIONS.map(({ name }, at) => `${at + 1} ${name}`).join(' · ')}`,
    '',
    ...tables.flatMap(({ name, places }) => tableOf(name, places)),
  ].join('\n');
  return { text, pairs: cells.length, done };
}

function legend(cells: readonly Cell[]): string[] {
  const used = new Set(cells);
  const entries = Object.entries(SIGNS).filter(([cell]) => [...used].some((one) => one === cell));
  return ['| sign | meaning |', '|---|---|', ...entries.map(([, [sign, meaning]]) => `| ${sign} | ${meaning} |`)];
}

function tableOf(name: string, places: readonly Cell[][][]): string[] {
  const numbers = MATRIX_ACTIONS.map((_action, at) => at + 1);
  const rows = MATRIX_ACTIONS.map((first, row) => {
    const signs = MATRIX_ACTIONS.map((_second, column) => signOf(places.map((place) => place[row]?.[column] ?? 'internal')));
    return `| ${row + 1} ${first.name} | ${signs.join(' | ')} |`;
  });
  return [`## ${name}`, '', `| | ${numbers.join(' | ')} |`, `|---|${numbers.map(() => '---|').join('')}`, ...rows, ''];
}

function signOf(cells: readonly Cell[]): string {
  const signs = cells.map((cell) => SIGNS[cell][0]);
  return new Set(signs).size === 1 ? (signs[0] ?? '') : signs.join('/');
}
