/** How a broken promise is told. */

/** Tells of a broken promise, by throwing. */
export function broken(what: string): never {
  throw new Error(`Broken promise: ${what}`);
}
