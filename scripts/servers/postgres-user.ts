import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** How PostgreSQL's programs are started: it refuses to run as root, so root starts them as somebody else. */
export interface RunAs {
  /** Put before the command and its arguments. */
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** Who must own PostgreSQL's folder; absent = whoever we are. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const account = 'postgres';

function idsOf(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function createAccount(): { uid: number; gid: number } {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', account], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      `PostgreSQL refuses to run as root, and the account ${account} could not be made: start as an ordinary user, or create that account`,
      { cause: error },
    );
  }
  return idsOf(account)!;
}

/** Whether an account that is not root can walk down to this folder. */
function isReachable(path: string, { uid, gid }: { uid: number; gid: number }): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid: owner, gid: group } = statSync(folder);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The least capability of this process that lets another account walk through folders closed to it (capabilities(7)). */
function passThrough(): string | undefined {
  if (!existsSync('/proc/self/status')) return undefined;
  const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const has = (bit: bigint) => ((BigInt(`0x${bounding}`) >> bit) & 1n) === 1n;
  return has(2n) ? 'dac_read_search' : has(1n) ? 'dac_override' : undefined;
}

function setprivPath(): string | undefined {
  return ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Who runs PostgreSQL: ourselves, or under root the account `postgres`, which is made when it is missing. When that
 * account can't reach one of the folders (a checkout in root's home), its programs are started with the one capability
 * to walk through, and nothing more.
 * @param folders existing folders that PostgreSQL must reach: its programs and its data
 * @throws when no account can be made or a folder can't be reached, naming it and the cure
 */
export function runAs(folders: readonly string[]): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = idsOf(account) ?? createAccount();
  const closed = folders.find((folder) => !isReachable(folder, owner));
  if (closed === undefined) return { prefix: [], uid: owner.uid, gid: owner.gid, owner };
  const setpriv = setprivPath();
  const capability = passThrough();
  if (!setpriv || !capability)
    throw new Error(
      `PostgreSQL runs as the account ${account}, which can't reach ${closed}: put the checkout and DATA_DIR where it can, or start as an ordinary user`,
    );
  const caps = `-all,+${capability}`;
  const ids = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  // no_setuid_fixup: access(2), by which PostgreSQL looks for its own program, counts the capability only with it.
  const limits = [
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${caps}`,
    `--bounding-set=${caps}`,
    `--ambient-caps=+${capability}`,
  ];
  return { prefix: [setpriv, ...ids, ...limits], owner };
}
