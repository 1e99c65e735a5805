import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../scripts/servers/postgres.ts';
import { endProcess, identify, isAlive, politely } from '../../scripts/servers/processes.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'piban-postgres-'));
chmodSync(dataDir, 0o711);
let server: PostgresServer;

async function ask<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
const start = async (port?: number) => {
  server = await startPostgres({ dataDir, ...(port && { port }) });
  return server;
};

beforeAll(async () => {
  await start();
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

describe('a PostgreSQL of our own', () => {
  test('holds the database of a role that may do nothing beyond it', async () => {
    const [row] = await ask(
      server.url,
      (sql) => sql`select current_user as who, rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user`,
    );
    expect(row).toEqual({ who: 'piban', rolsuper: false, rolcreatedb: false, rolcreaterole: false });
    await ask(server.url, (sql) => sql`create extension btree_gist`);
  });

  test('keeps what it has answered: nothing that protects it from a crash is switched off', async () => {
    const rows = await ask(
      server.adminUrl,
      (sql) =>
        sql`select setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums')`,
    );
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on', 'on']);
  });

  test('sorts and compares by code point on every machine, and sees letters in Chinese text', async () => {
    const [row] = await ask(
      server.url,
      (sql) => sql`select datlocprovider as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding
                   from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' });
    const [trigrams] = await ask(server.url, async (sql) => {
      await sql`create extension pg_trgm`;
      return sql`select cardinality(show_trgm('用印申请')) as count`;
    });
    expect(trigrams!.count).toBeGreaterThan(0);
  });

  test('listens on the loopback only and needs the password', async () => {
    const [row] = await ask(server.adminUrl, (sql) => sql`show listen_addresses`);
    expect(row).toEqual({ listen_addresses: '127.0.0.1' });
    const url = new URL(server.url);
    url.password = 'guess';
    await expect(ask(url.href, (sql) => sql`select 1`)).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o077).toBe(0);
  });
});

describe('a PostgreSQL that was left behind', () => {
  beforeAll(() => ask(server.url, (sql) => sql`create table kept as select 7 as value`));
  afterEach(async () => {
    expect(await ask(server.url, (sql) => sql`select value from kept`)).toEqual([{ value: 7 }]);
  });

  test('is used on when it answers', async () => {
    const { pid, url } = server;
    expect(await start()).toMatchObject({ adopted: true, pid, url });
  });

  test('is started anew, on its port, after a kill', async () => {
    const { pid, url, port } = server;
    process.kill(pid, 'SIGKILL');
    const next = await start(port);
    expect(next).toMatchObject({ adopted: false, url });
    expect(next.pid).not.toBe(pid);
  });

  test('is ended when it hangs, and started anew', async () => {
    const { ref, port } = server;
    process.kill(ref.pid, 'SIGSTOP');
    expect(await start(port)).toMatchObject({ adopted: false });
    expect(isAlive(ref)).toBe(false);
  });

  test.each([
    ['runs another program now', 'echo $$; exec sleep 1000'],
    ['is of a dead process that nobody has buried', 'true & echo $!; exec sleep 1000'],
  ])('leaves a lock whose pid %s: it does not stand in the way, and nobody is harmed', async (_, script) => {
    const lock = join(dataDir, 'postgres', 'postmaster.pid');
    const lines = readFileSync(lock, 'utf8').split('\n');
    await server.stop();
    expect(existsSync(lock)).toBe(false);
    const stranger = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const [pid] = (await once(stranger.stdout, 'data')) as [Buffer];
    const before = identify(stranger.pid!)!;
    writeFileSync(lock, [String(pid).trim(), ...lines.slice(1)].join('\n'));
    expect(await start()).toMatchObject({ adopted: false });
    expect(await endProcess(before, politely(2000))).toBe('SIGTERM');
  });
});

test.runIf(process.getuid?.() === 0)(
  'under root it runs as another account, also in a folder that is closed to that one',
  async () => {
    const closed = mkdtempSync(join(tmpdir(), 'piban-postgres-'));
    expect(statSync(closed).mode & 0o077).toBe(0);
    const hidden = await startPostgres({ dataDir: closed, fast: true });
    expect(await ask(hidden.url, (sql) => sql`select 7 as value`)).toEqual([{ value: 7 }]);
    expect(statSync(join(closed, 'postgres')).uid).not.toBe(0);
    await hidden.stop();
    rmSync(closed, { recursive: true });
  },
);

test('a start that is asked to stop leaves no PostgreSQL behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piban-postgres-'));
  const asked = new AbortController();
  const starting = startPostgres({ dataDir: folder, fast: true, signal: asked.signal });
  await expect.poll(() => existsSync(join(folder, 'postgres', 'postmaster.pid')), { timeout: 30_000, interval: 5 }).toBe(true);
  const pid = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  asked.abort();
  await starting.then(
    // It may have come up in that very moment; then it is there to be stopped.
    (late) => late.stop(),
    (error) => expect(error).toMatchObject({ name: 'AbortError' }),
  );
  expect(identify(pid)).toBeUndefined();
  rmSync(folder, { recursive: true });
});
