/**
 * Full-text search that knows no words: Chinese is written without spaces, so a text is found by the pairs of neighbouring
 * characters that it holds, and then looked at in full. One rule for what is written and for what is asked.
 */

/** Between two fields of a searched text; never part of a pair, so that nothing is found across fields. */
const BETWEEN = '\n';

/** What somebody looks for. */
export interface SearchTerms {
  /** The words as they stand in a searched text, each at least one character; all of them must be found. */
  words: string[];
  /** The pairs that a text must hold; empty when every word is a single character. */
  pairs: string[];
}

/** A text as it is searched: one width and one case, without spaces. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '');
}

/** The searched text of a matter. @param fields such as its number, title and units; empty ones are left out. */
export function searchedText(fields: readonly (string | null)[]): string {
  return fields
    .map((field) => plain(field ?? ''))
    .filter((field) => field !== '')
    .join(BETWEEN);
}

/** The pairs of neighbouring characters of a searched text, each once, sorted. */
export function pairsOf(text: string): string[] {
  const characters = [...text];
  const pairs = new Set<string>();
  for (const [at, first] of characters.entries()) {
    const second = characters[at + 1];
    if (second !== undefined && first !== BETWEEN && second !== BETWEEN) pairs.add(first + second);
  }
  return [...pairs].sort();
}

/** What somebody who types this looks for: words apart by spaces must all be found. */
export function searchTerms(q: string): SearchTerms {
  const words = [...new Set(q.split(/\s+/u).map(plain))].filter((word) => word !== '');
  return { words, pairs: [...new Set(words.flatMap(pairsOf))].sort() };
}
