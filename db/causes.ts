/** Errors that wrap others: a driver's inside a query's inside a transaction's. */

/** Wrapped deeper than this is nothing of ours; a chain may also lead back to its beginning. */
const DEPTH_MAX = 6;

/** An error and what caused it, the outermost first. Empty for something thrown that is no error. */
export function causesOf(error: unknown): Error[] {
  const found: Error[] = [];
  for (let cause = error; cause instanceof Error && found.length < DEPTH_MAX; cause = cause.cause) found.push(cause);
  return found;
}

/** The codes that an error and its causes carry, the outermost first. */
export function codesOf(error: unknown): string[] {
  return causesOf(error).flatMap((cause) => ('code' in cause && typeof cause.code === 'string' ? [cause.code] : []));
}
