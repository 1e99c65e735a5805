/** Style that a reader counts on, as far as the linter does not see it. Each breach is told with its cure. */
import { describe, expect, test } from 'vitest';
import { allSources, type Source } from './support/sources.ts';

const sources = allSources();

const LINES_MAX = 400;
const TEST_LINES_MAX = 500;
/** Files that are longer for a reason, with the length that they may not pass: a ratchet, never loosened. */
const LONGER: Readonly<Record<string, number>> = {};

function linesMax(path: string): number {
  return LONGER[path] ?? (path.startsWith('tests/') ? TEST_LINES_MAX : LINES_MAX);
}

function linesOf({ text }: Source): string[] {
  return text.split('\n');
}

/** `path:line` of every line that a pattern finds. */
function hits(pattern: RegExp, within: readonly Source[] = sources): string[] {
  return within.flatMap((source) =>
    linesOf(source).flatMap((line, at) => (pattern.test(line) ? [`${source.path}:${at + 1}: ${line.trim()}`] : [])),
  );
}

/** A word in two pieces, so that this file does not hold what it looks for. */
const word = (...parts: readonly string[]): string => parts.join('');

describe('tidiness', () => {
  test('no type is given up: write what it is, or unknown', () => {
    const code = hits(new RegExp(word('(: |\\bas |<|\\| )an', 'y\\b(?! [a-z])')));
    // Prose may use the word.
    expect(code.filter((hit) => !/^\S+: (\*|\/[/*])/.test(hit))).toEqual([]);
  });

  test('nothing is left for later in the code: open an issue instead', () => {
    expect(hits(new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('X', 'XX')}|${word('HA', 'CK')})\\b`))).toEqual(
      [],
    );
  });

  test('no check is switched off without a reason beside it', () => {
    expect(hits(new RegExp(`${word('@ts-', 'ignore')}|${word('@ts-', 'nocheck')}|${word('eslint-', 'disable')}`))).toEqual([]);
    expect(hits(new RegExp(`${word('@ts-', 'expect-error')}(?!.{12})`))).toEqual([]);
    expect(hits(new RegExp(`${word('biome-', 'ignore')}(?!.*: .{12})`))).toEqual([]);
  });

  test('no path of one machine is written down: take it from the configuration or from import.meta.url', () => {
    expect(hits(/(?<![\w.:/])\/(?:home|root|work|tmp|Users)\/\w/)).toEqual([]);
  });

  test(`no file is longer than ${LINES_MAX} lines, no test file than ${TEST_LINES_MAX}: split it by subject`, () => {
    const long = sources.filter((source) => linesOf(source).length > linesMax(source.path));
    expect(long.map((source) => `${source.path}: ${linesOf(source).length} lines`)).toEqual([]);
  });

  test('the exceptions to length are still needed: take them out of the list otherwise', () => {
    const needed = sources.filter((source) => linesOf(source).length > LINES_MAX).map(({ path }) => path);
    expect(Object.keys(LONGER).filter((path) => !needed.includes(path))).toEqual([]);
  });

  test('no tested thing is left out by a stray only or skip', () => {
    expect(hits(new RegExp(`\\b(test|describe|it)\\.(${word('on', 'ly')}|${word('sk', 'ip')}|${word('to', 'do')})\\(`))).toEqual(
      [],
    );
  });
});

describe('doc comments', () => {
  const documented = /^(definitions\/language\/|definitions\/[^/]+$|workflows\/)/;
  /** Told once for a const list and the type made of it, or by the type's own comment on the line above. */
  function undocumented({ path, text }: Source): string[] {
    const lines = text.split('\n');
    return lines.flatMap((line, at) => {
      const name = /^export (?:default )?(?:async )?(?:const|function|class|interface|type) (\w+)/.exec(line)?.[1];
      if (name === undefined) return [];
      const above = lines[at - 1] ?? '';
      const madeOfList =
        /^export type \w+ = \(typeof \w+\)\[number\];|^export type \w+ = keyof typeof \w+;|= [\w<>[\]']+\['\w+'\];$|^export type \w+ = keyof \w+;$/.test(
          line,
        );
      return above.trimEnd().endsWith('*/') || madeOfList ? [] : [`${path}:${at + 1}: ${name}`];
    });
  }

  test('every export of the language, the catalogs, the machine and the workflow says what it means', () => {
    expect(sources.filter(({ path }) => documented.test(path)).flatMap(undocumented)).toEqual([]);
  });

  test('every file of ours begins by saying what it is for, or exports what says so', () => {
    const silent = sources.filter(({ path, text }) => !path.startsWith('tests/') && !/\/\*\*/.test(text) && text.length > 400);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
