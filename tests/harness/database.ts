import postgres from 'postgres';
import { inject } from 'vitest';

/** A database of one test file. */
export interface TestDatabase {
  /** Of a role that owns this database and nothing more, as in a real installation. */
  readonly url: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

const owner = 'piban';

/** Any number that nothing else locks; two test files must not make the template at once. */
const templateLock = 7_312_026;

function urlOf(adminUrl: string, database: string, role?: { name: string; password: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role) {
    url.username = role.name;
    url.password = role.password;
  }
  return url.href;
}

/** The tables, and with `demo` the demo university, made once for the run and copied from then on. */
async function ensureTemplate(admin: postgres.Sql, name: string, url: string, demo: boolean): Promise<void> {
  const [made] = await admin`select 1 from pg_database where datname = ${name} and datistemplate`;
  if (made) return;
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.unsafe(`create database ${name} owner ${owner}`);
  const { migrate } = await import('../../db/migrate.ts');
  await migrate(url);
  if (demo) {
    const { seedDemo } = await import('../../scripts/demo/seed.ts');
    await seedDemo(url);
  }
  // A database that somebody is connected to can't be copied.
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  await admin.unsafe(`alter database ${name} with is_template true`);
}

/**
 * Makes a database for one test file, with all tables.
 * @param name lower-case letters, digits and underscores; the same name twice gives a new database each time
 * @param demo whether it holds the demo university
 */
export async function freshDatabase(name: string, { demo = true }: { demo?: boolean } = {}): Promise<TestDatabase> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name)) throw new Error(`${name} is no name for a test database: use a-z, 0-9 and _`);
  const adminUrl = inject('postgresAdminUrl');
  const role = { name: owner, password: 'piban' };
  const template = demo ? 'piban_template_demo' : 'piban_template';
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin`select pg_advisory_lock(${templateLock})`;
    await admin.unsafe(`alter role ${owner} password '${role.password}'`);
    await ensureTemplate(admin, template, urlOf(adminUrl, template, role), demo);
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.unsafe(`create database ${name} template ${template} owner ${owner}`);
  } finally {
    // Ending the session gives the lock back.
    await admin.end();
  }
  return {
    url: urlOf(adminUrl, name, role),
    drop: async () => {
      const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
      await sql.unsafe(`drop database if exists ${name} with (force)`);
      await sql.end();
    },
  };
}
