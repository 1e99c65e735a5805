import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { becomeFree, freePorts } from './ports.ts';
import { findPrograms, initialise, major } from './postgres-cluster.ts';
import { type RunAs, runAs } from './postgres-user.ts';
import { commandOf, type EndPlan, endProcess, identify, type ProcessRef, type Server, spawnServer } from './processes.ts';

/** How an embedded PostgreSQL is brought up. */
export interface PostgresOptions {
  /** Its cluster is kept in `postgres/`, its passwords in `postgres.json`, its log in `logs/postgres.log` of this folder. */
  readonly dataDir: string;
  /** The port it had before, so that whoever knows its address finds it again; without it, or when taken, a free one. */
  readonly port?: number;
  /** For tests: nothing is forced to the disk, so a power cut may spoil the data. */
  readonly fast?: boolean;
  /** Gives up, and leaves nothing running, when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A PostgreSQL that answers. */
export interface PostgresServer {
  /** Of the role `piban`, which owns the database `piban` and nothing more. */
  readonly url: string;
  /** Of the superuser, on the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly ref: ProcessRef;
  /** Whether it was left running by an earlier start and is used on. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

interface Passwords {
  readonly admin: string;
  readonly piban: string;
}

/** Fast shutdown, then immediate (what is committed is recovered from the log), then the axe. */
const endPlan: EndPlan = [
  { signal: 'SIGINT', waitMs: 1500 },
  { signal: 'SIGQUIT', waitMs: 700 },
  { signal: 'SIGKILL', waitMs: 1000 },
];
const fastEndPlan: EndPlan = endPlan.slice(1);

/** Sized for two cores and a few hundred people; `fsync` and `synchronous_commit` keep their safe defaults. */
const tuning = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  jit: 'off',
  // Parallel queries need shared memory that containers are short of, and two cores gain nothing by them.
  max_parallel_workers_per_gather: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
const fastTuning = { ...tuning, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const urlOf = (user: string, password: string, port: number, database: string) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

/** The passwords of this installation, made on first use. */
function passwordsIn(dataDir: string): Passwords {
  const path = join(dataDir, 'postgres.json');
  if (!existsSync(path)) {
    if (existsSync(join(dataDir, 'postgres')))
      throw new Error(`${path} is missing, and with it the passwords of the database beside it: restore it from a backup`);
    const fresh: Passwords = { admin: randomBytes(24).toString('hex'), piban: randomBytes(24).toString('hex') };
    writeFileSync(path, JSON.stringify(fresh), { mode: 0o600 });
  }
  // Written above, or by an earlier start.
  return JSON.parse(readFileSync(path, 'utf8')) as Passwords;
}

/** Runs one piece of work on a connection of its own. */
async function withConnection<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Makes the role and the database that Piban works with, where they are missing. */
async function ensureDatabase(adminUrl: string, password: string): Promise<void> {
  await withConnection(adminUrl, async (sql) => {
    const [role] = await sql`select 1 from pg_roles where rolname = 'piban'`;
    // Names and passwords can't be parameters here; the password is hexadecimal digits of our own making.
    if (!role) await sql.unsafe(`create role piban login password '${password}'`);
    const [database] = await sql`select 1 from pg_database where datname = 'piban'`;
    if (!database) await sql.unsafe('create database piban owner piban');
  });
}

/** What a cluster's lock file tells of its postmaster; undefined when there is none. */
function readLock(cluster: string): { lines: string[]; ref: ProcessRef | undefined; port: number } | undefined {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  return { lines, ref: identify(Number(lines[0])), port: Number(lines[3]) };
}

async function answersFor(cluster: string, adminUrl: string): Promise<boolean> {
  try {
    return await withConnection(adminUrl, async (sql) => {
      const [row] = await sql<{ data_directory: string }[]>`show data_directory`;
      return row?.data_directory === cluster;
    });
  } catch {
    return false;
  }
}

/**
 * Deals with what an earlier start left on this cluster: a server that answers is returned to be used on, one that does not
 * is ended, and its lock file is made harmless.
 */
async function leftBehind(cluster: string, passwords: Passwords): Promise<{ ref: ProcessRef; port: number } | undefined> {
  const lock = readLock(cluster);
  if (!lock) return undefined;
  const { lines, ref, port } = lock;
  if (ref && (await answersFor(cluster, urlOf('postgres', passwords.admin, port, 'postgres')))) return { ref, port };
  if (ref && commandOf(ref.pid).includes(cluster)) await endProcess(ref, endPlan);
  // PostgreSQL takes any process with that pid for its owner, a dead one that nobody has buried too, but never its own parent,
  // which is us. The file itself stays: by it PostgreSQL sees whether helpers of the dead server still use its memory.
  const path = join(cluster, 'postmaster.pid');
  if (existsSync(path)) writeFileSync(path, [process.pid, ...lines.slice(1)].join('\n'));
  return undefined;
}

/** Why a server ended while it was starting, as far as trying again could help. */
function mayRetry(words: string): boolean {
  // Its helpers outlive a killed server by a moment; a port may be taken between the look and the start.
  return /pre-existing shared memory|Address already in use|could not bind/i.test(words);
}

async function untilAnswering(server: Server, adminUrl: string, signal?: AbortSignal): Promise<boolean> {
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  // Recovery after a crash may take a while; it ends by itself, so there is no limit but the server's own end.
  for (;;) {
    signal?.throwIfAborted();
    if (ended) return false;
    try {
      await withConnection(adminUrl, (sql) => sql`select 1`);
      return true;
    } catch {
      await pause(50);
    }
  }
}

interface Launch {
  readonly postgres: string;
  readonly cluster: string;
  readonly as: RunAs;
  readonly passwords: Passwords;
  readonly options: PostgresOptions;
}

async function launch({
  postgres: program,
  cluster,
  as,
  passwords,
  options,
}: Launch): Promise<{ ref: ProcessRef; port: number }> {
  const settings = Object.entries(options.fast ? fastTuning : tuning).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let words = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    const wanted = options.port;
    const port = wanted && (await becomeFree([wanted])) ? wanted : (await freePorts(1))[0]!;
    const [command, ...args] = [...as.prefix, program, '-D', cluster, '-p', String(port), ...settings];
    const server = await spawnServer({
      command: command!,
      args,
      cwd: cluster,
      logFile: join(options.dataDir, 'logs', 'postgres.log'),
      ...(as.uid !== undefined && { uid: as.uid }),
      ...(as.gid !== undefined && { gid: as.gid }),
    });
    try {
      if (await untilAnswering(server, urlOf('postgres', passwords.admin, port, 'postgres'), options.signal))
        return { ref: server.ref, port };
    } catch (error) {
      await endProcess(server.ref, endPlan);
      throw error;
    }
    words = server.lastWords();
    if (!mayRetry(words)) break;
    await pause(300);
  }
  throw new Error(`PostgreSQL did not start; its last words were:\n${words}`);
}

/**
 * Brings up a PostgreSQL of our own on the loopback: made on first use, adopted when an earlier start left it running.
 * @throws with the cure when it can't be made or started; then it leaves nothing running
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const programs = findPrograms();
  const as = runAs([programs.folder, dataDir]);
  const passwords = passwordsIn(dataDir);
  const cluster = join(dataDir, 'postgres');
  if (!existsSync(cluster)) {
    const fresh = `${cluster}.new`;
    // A folder that an interrupted start left half made is thrown away; only a finished one gets the name.
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    if (as.owner) chownSync(fresh, as.owner.uid, as.owner.gid);
    await initialise(programs, fresh, as, passwords.admin, options.fast ?? false);
    renameSync(fresh, cluster);
  }
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version !== major)
    throw new Error(
      `${cluster} was made by PostgreSQL ${version}, and this is ${major}: move the data by pg_dump, or use another DATA_DIR`,
    );
  const adopted = await leftBehind(cluster, passwords);
  const { ref, port } =
    adopted ?? (await launch({ postgres: programs.postgres, cluster, as, passwords, options: { ...options, dataDir } }));
  const stop = async () => void (await endProcess(ref, options.fast ? fastEndPlan : endPlan));
  const adminUrl = urlOf('postgres', passwords.admin, port, 'postgres');
  try {
    await ensureDatabase(adminUrl, passwords.piban);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = urlOf('piban', passwords.piban, port, 'piban');
  return { url, adminUrl, port, pid: ref.pid, ref, adopted: adopted !== undefined, stop };
}
