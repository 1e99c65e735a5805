/** Full-text search over matters in SQL: their pairs of characters by an index, then the text itself. */
import { type AnyColumn, and, or, type SQL, sql } from 'drizzle-orm';
import { searchTerms } from '../workflows/machine/supervision/search.ts';
import { matterSearch, matters } from './schema/index.ts';

/** The columns of a matter in whatever table is being listed. */
export interface SearchedColumns {
  id: AnyColumn;
  no: AnyColumn;
  title: AnyColumn;
}

/** A pattern that holds a text anywhere. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (found) => `\\${found}`)}%`;
}

/**
 * Whether a matter's number, title, content, units or applicant hold every word of `q`, in SQL; undefined where `q` says nothing.
 * A single character has no pair: it is looked for in title and number only.
 */
export function searchSql(q: string, columns: SearchedColumns = matters): SQL | undefined {
  const { words, pairs } = searchTerms(q);
  if (words.length === 0) return undefined;
  if (pairs.length === 0) {
    return and(
      ...words.map(likePattern).map((like) => or(sql`${columns.title} ilike ${like}`, sql`${columns.no} ilike ${like}`)),
    );
  }
  const held = words.map((word) => sql`${matterSearch.text} like ${likePattern(word)}`);
  return sql`${columns.id} in (select ${matterSearch.matterId} from ${matterSearch}
    where ${matterSearch.pairs} @> ${sql.param(pairs, matterSearch.pairs)} and ${and(...held)})`;
}
