/** The connection to PostgreSQL. */
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

/** The database, or a transaction of it. */
export type Database = PostgresJsDatabase<typeof schema>;
/** A transaction. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** A pool of connections and how to let go of it. */
export interface DatabaseClient {
  db: Database;
  sql: postgres.Sql;
  close(): Promise<void>;
}

/**
 * Connects lazily: the first query opens the first connection.
 * @param options.connections most connections of this pool.
 * @param options.statementTimeoutMs no statement may run longer, so that a lost lock never holds a matter.
 */
export function connectDatabase(
  url: string,
  options: { connections?: number; statementTimeoutMs?: number } = {},
): DatabaseClient {
  const sql = postgres(url, {
    max: options.connections ?? 10,
    connect_timeout: 5,
    idle_timeout: 0,
    // Seconds until the next try while the server is away. The driver's own wait grows to twenty, and every query waits with it.
    backoff: (tries: number) => Math.min(2 ** tries / 20, 1),
    onnotice: () => undefined,
    connection: {
      application_name: 'piban',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      TimeZone: 'UTC',
      // Compiling a query takes longer than running any of ours.
      jit: 'off',
    },
  });
  return { db: drizzle(sql, { schema }), sql, close: () => sql.end({ timeout: 5 }) };
}
