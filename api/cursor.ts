/** Opaque cursors of lists: where the page before ended. */
import { z } from 'zod';
import { Problem } from './problem.ts';

const shape = z.tuple([
  z.iso.datetime(),
  z
    .string()
    .max(200)
    .refine((id) => !id.includes('\u0000') && !/\p{Surrogate}/u.test(id)),
]);

/** A cursor for a row. */
export function encodeCursor(at: string, id: string): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** The row that a cursor stands for. @throws Problem 422 for one that we did not make. */
export function decodeCursor(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, id };
  } catch {
    throw new Problem('bad-input', '翻页标记无效,请从第一页重新查询', { faults: [{ path: '/cursor', message: '翻页标记无效' }] });
  }
}

/** Cuts the extra row off a page and makes the cursor of the next. */
export function pageOf<T, I>(
  rows: readonly T[],
  limit: number,
  key: (row: T) => { at: string; id: string },
  item: (row: T) => I,
): { items: I[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(key(last).at, key(last).id) : null;
  return { items: shown.map(item), nextCursor };
}
