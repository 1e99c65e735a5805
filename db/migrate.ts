/** Brings a database to the current schema. Run alone as `npm run migrate`, or by the start script. */
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { connectDatabase } from './client.ts';

/** One server, one migration at a time: whoever comes second waits and finds nothing to do. */
const MIGRATION_LOCK = 7_420_001;

/** Applies what is missing. Safe to run again, and from several processes at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = connectDatabase(databaseUrl, { connections: 1, statementTimeoutMs: 300_000 });
  try {
    await client.db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await drizzleMigrate(client.db, { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) });
  } finally {
    await client.close();
  }
}
