/** docs/patterns.md: each pattern with its definition and its test, found by the number in the test's name. */
import { readdirSync, readFileSync } from 'node:fs';
import { CONTROL_FLOW, type Pattern, RESOURCES } from './list.ts';

const root = new URL('../../../', import.meta.url);
const folder = 'tests/proof/patterns/';

/** What the page says, and how many patterns are shown. */
export interface PatternsPage {
  text: string;
  score: { controlFlow: number; resources: number };
}

interface Shown {
  file: string;
  name: string;
}

/** Names of the tests in a file. A name may hold the other kinds of quotes. */
function testsIn(file: string): string[] {
  const text = readFileSync(new URL(file, root), 'utf8');
  return [...text.matchAll(/\b(?:test|it)\(\s*(['"`])(.+?)\1,/g)].map((match) => match[2] ?? '');
}

const own: Shown[] = readdirSync(new URL(folder, root))
  .filter((name) => name.endsWith('.test.ts'))
  .flatMap((name) => testsIn(folder + name).map((test) => ({ file: folder + name, name: test })));

/** The test of a pattern. Throws when there is none: every pattern that is claimed is shown. */
function testOf(family: 'CF' | 'WRP', pattern: Pattern): Shown {
  const { elsewhere } = pattern;
  if (elsewhere !== undefined) {
    if (testsIn(elsewhere.file).includes(elsewhere.test)) return { file: elsewhere.file, name: elsewhere.test };
    throw new Error(`${elsewhere.file} has no test "${elsewhere.test}": name the one that shows ${family} ${pattern.number}`);
  }
  const found = own.find(({ name }) => name.startsWith(`${family} ${pattern.number} `));
  if (found === undefined) throw new Error(`No test shows ${family} ${pattern.number} ${pattern.name}: write it, or say why not`);
  return found;
}

function rowOf(family: 'CF' | 'WRP', pattern: Pattern): string {
  const { number, name, shownBy, notBecause } = pattern;
  if (notBecause !== undefined) return `| ${number} | ${name} | left out: ${notBecause} | | 0 |`;
  const { file, name: test } = testOf(family, pattern);
  const says = test.replace(/^(CF|WRP) \d+ [^:]+: /, '');
  return `| ${number} | ${name} | ${shownBy} | [${says}](../${file}) | 2 |`;
}

function table(family: 'CF' | 'WRP', patterns: readonly Pattern[]): string[] {
  return ['| # | pattern | definition | test | score |', '|---|---|---|---|---|', ...patterns.map((one) => rowOf(family, one))];
}

/** Makes the page. Throws when a pattern is claimed that no test shows. */
export function patternsPage(): PatternsPage {
  const shown = (patterns: readonly Pattern[]): number => patterns.filter((one) => one.notBecause === undefined).length;
  const score = { controlFlow: shown(CONTROL_FLOW), resources: shown(RESOURCES) };
  const text = [
    '# Workflow patterns',
    '',
    'Made by `npm run patterns`; a test fails when it is stale, or when a pattern has no test. Score 2: native in a definition, with an',
    'automated test; 0: left out, with the reason why an office should not want it. Words in code style are those of the definition language,',
    'of the actions and of the commands; each test holds its small definition.',
    '',
    `## Control flow: ${score.controlFlow} of 20`,
    '',
    ...table('CF', CONTROL_FLOW),
    '',
    `## Resources: ${score.resources} of 43`,
    '',
    ...table('WRP', RESOURCES),
    '',
  ].join('\n');
  return { text, score };
}
