/** Statements of the hot path, built once: making the SQL of a query takes longer than running it. */
import type { Database } from './client.ts';

/** A statement that is built at its first use with each pool, and kept as long as the pool. */
export function prepared<T>(build: (db: Database) => T): (db: Database) => T {
  const made = new WeakMap<Database, T>();
  return (db) => {
    const known = made.get(db);
    if (known !== undefined) return known;
    const statement = build(db);
    made.set(db, statement);
    return statement;
  };
}
