/** The walls between folders (ARCHITECTURE.md), kept by a test of our own so that they survive a change of linter. */
import { describe, expect, test } from 'vitest';
import { bundleWorkflows } from '../workers/worker.ts';
import { allSources, circlesIn, importsOf, reachedFrom, resolveImport } from './support/sources.ts';

const sources = allSources();

/** What a folder may import of ours beside itself: `values`, and `types` in addition. Prefixes of paths; the first match holds. */
const WALLS: readonly { within: string; values: readonly string[]; types: readonly string[] }[] = [
  { within: 'definitions/language/', values: [], types: [] },
  { within: 'definitions/processes/', values: ['definitions/language/'], types: [] },
  { within: 'definitions/', values: ['definitions/'], types: [] },
  { within: 'workflows/machine/', values: ['definitions/language/'], types: [] },
  {
    within: 'workflows/',
    values: ['workflows/', 'definitions/language/'],
    types: ['activities/'],
  },
  {
    within: 'db/',
    values: [
      'definitions/language/',
      'workflows/machine/words.ts',
      'workflows/machine/commands.ts',
      'workflows/machine/fold/state-format.ts',
      'workflows/machine/supervision/search.ts',
      'runtime/',
    ],
    types: ['workflows/machine/'],
  },
  { within: 'activities/', values: ['db/', 'definitions/', 'workflows/machine/', 'workflows/contract.ts'], types: [] },
  {
    within: 'api/',
    values: ['workflows/contract.ts', 'workflows/machine/', 'db/', 'definitions/', 'runtime/'],
    types: [],
  },
  { within: 'workers/', values: ['activities/', 'db/', 'runtime/', 'workflows/contract.ts'], types: [] },
  { within: 'runtime/', values: [], types: [] },
  { within: 'web/', values: [], types: ['api/schemas/'] },
];

/** What nobody but the start, the bench and the tests may reach into. */
const TOPS = ['api/', 'workers/', 'scripts/', 'bench/', 'tests/', 'web/'];
const MAY_REACH_TOPS = ['scripts/', 'bench/', 'tests/'];

interface Edge {
  from: string;
  to: string;
  typeOnly: boolean;
}

const edges: Edge[] = sources.flatMap(({ path, text }) =>
  importsOf(text).map((one) => ({ from: path, to: resolveImport(path, one.from) ?? one.from, typeOnly: one.typeOnly })),
);

function isOurs(target: string): boolean {
  return /\.tsx?$/.test(target);
}

/** A process's own folder, or the folder that the wall stands around. */
function homeOf(path: string, within: string): string {
  return within === 'definitions/processes/' ? path.split('/').slice(0, 3).join('/').concat('/') : within;
}

function breach({ from, to, typeOnly }: Edge): string | null {
  const wall = WALLS.find((one) => from.startsWith(one.within));
  if (wall === undefined || !isOurs(to) || to.startsWith(homeOf(from, wall.within))) return null;
  const allowed = typeOnly ? [...wall.values, ...wall.types] : wall.values;
  if (allowed.some((prefix) => to.startsWith(prefix))) return null;
  return `${from} imports ${to}: ${wall.within} may import ${allowed.join(', ') || 'nothing of ours'}${typeOnly ? '' : ' by value'}`;
}

describe('walls', () => {
  test('every import keeps to the walls', () => {
    expect(edges.map(breach).filter((one) => one !== null)).toEqual([]);
  });

  test('nothing but scripts, bench and tests imports the API, workers, scripts or tests', () => {
    const wrong = edges.filter(({ from, to }) => {
      const top = TOPS.find((prefix) => to.startsWith(prefix));
      return top !== undefined && !from.startsWith(top) && !MAY_REACH_TOPS.some((prefix) => from.startsWith(prefix));
    });
    // The console takes types from the API's schemas.
    const told = wrong.filter(
      ({ from, to, typeOnly }) => !(from.startsWith('web/') && typeOnly && to.startsWith('api/schemas/')),
    );
    expect(told.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('every import of ours names a file that is there', () => {
    const paths = new Set(sources.map(({ path }) => path));
    const missing = edges.filter(({ to }) => isOurs(to) && !paths.has(to));
    expect(missing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(circlesIn(valueGraph()).map((circle) => circle.join(' → '))).toEqual([]);
  });
});

function valueGraph(): Map<string, string[]> {
  const graph = new Map<string, string[]>(sources.map(({ path }) => [path, []]));
  for (const { from, to, typeOnly } of edges) if (!typeOnly) graph.get(from)?.push(to);
  return graph;
}

describe('the pure core', () => {
  const pure = sources.filter(({ path }) => path.startsWith('definitions/') || path.startsWith('workflows/'));

  test('imports no Node built-in, and reads neither the host process nor its clock, zone or chance', () => {
    const banned: readonly [RegExp, string][] = [
      [/\bprocess\.(env|cwd|argv|exit|nextTick|hrtime|platform)\b/, 'process'],
      [/\bMath\.random\b/, 'Math.random'],
      [/\bDate\.now\b/, 'Date.now'],
      [/\bnew Date\(\)/, 'new Date()'],
      [/\.(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds)\(/, 'local time'],
      [/\btoLocale(Date|Time)?String\b/, 'toLocaleString'],
    ];
    const wrong = pure.flatMap(({ path, text }) => [
      ...importsOf(text)
        .filter(({ from }) => from.startsWith('node:'))
        .map(({ from }) => `${path}: ${from}`),
      // A workflow asks its own clock, which Temporal replays.
      ...(['workflows/office-process.ts', 'workflows/office-day.ts'].includes(path)
        ? []
        : banned.filter(([pattern]) => pattern.test(text)).map(([, name]) => `${path}: ${name}`)),
    ]);
    expect(wrong).toEqual([]);
  });

  test('uses packages in forms and in the workflow only', () => {
    const packages = pure.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ from, typeOnly }) => !from.startsWith('.') && !typeOnly)
        .map(({ from }) => `${path.replace(/processes\/[^/]+\//, 'processes/*/')} ${from}`),
    );
    expect([...new Set(packages)].sort()).toEqual([
      'definitions/forms.ts zod',
      'definitions/language/fields.ts zod',
      'definitions/language/plain-words.ts zod',
      'definitions/processes/*/form.ts zod',
      'workflows/contract.ts @temporalio/common',
      'workflows/contract.ts @temporalio/workflow',
      'workflows/office-day.ts @temporalio/workflow',
      'workflows/office-process.ts @temporalio/workflow',
      'workflows/pending.ts @temporalio/common',
    ]);
  });

  test('reaches no zod, no activity and no database from the workflow', () => {
    const reached = [...reachedFrom('workflows/index.ts', valueGraph())];
    expect(reached).toContain('workflows/machine/fold/evolve.ts');
    expect(reached.filter((path) => /^(zod|activities\/|db\/|api\/|runtime\/)/.test(path) || path.endsWith('/form.ts'))).toEqual(
      [],
    );
  });
});

/** 645 thousand were measured, and a fifth more. Each cached workflow evaluates its bundle anew, so what is imported counts. */
const BUNDLE_CHARACTERS_MAX = 780_000;

test('the workflow bundle is small and holds no zod', { timeout: 120_000 }, async () => {
  const { code } = await bundleWorkflows();
  // The source map is for people only.
  const program = code.replace(/\/\/# sourceMappingURL=.*/s, '');
  expect(program).toContain('officeProcess');
  expect(program).not.toMatch(/ZodType|node_modules\/zod/);
  expect(program.length).toBeLessThan(BUNDLE_CHARACTERS_MAX);
});

describe('the scanner', () => {
  test('finds every form of import and tells types from values', () => {
    const text = [
      "import a from './a.ts';",
      "import type { B } from './b.ts';",
      "import { type C, d } from './c.ts';",
      "import {\n  e,\n  f,\n} from './e.ts';",
      "import './effect.ts';",
      "export { g } from './g.ts';",
      "export type { H } from './h.ts';",
      // In two pieces, or this very file would import it.
      `const i = await import${"('./i.ts')"};`,
      "// import x from './comment.ts';",
      " * import x from './doc.ts';",
      "export const j = 'from';",
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { from: './a.ts', typeOnly: false },
      { from: './b.ts', typeOnly: true },
      { from: './c.ts', typeOnly: false },
      { from: './e.ts', typeOnly: false },
      { from: './effect.ts', typeOnly: false },
      { from: './g.ts', typeOnly: false },
      { from: './h.ts', typeOnly: true },
      { from: './i.ts', typeOnly: false },
    ]);
  });

  test('finds a circle and names its files', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(circlesIn(graph)).toEqual([['b', 'c', 'b']]);
  });
});
