import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildStock } from './temporal-build.ts';
import { downloadCli } from './temporal-download.ts';

/** The version of the stock server that tests run on; 1.32 skips time and injects faults, 1.32.2 wants a newer Go. */
export const stockVersion = '1.32.1';

/** Oldest server that a start takes from the PATH: from here on updates that come with a start are dependable. */
const oldestServer = [1, 28] as const;

/** A Temporal server's program. */
export interface TemporalProgram {
  /** `stock`: the server alone, with a configuration file; `cli`: Temporal's command line, whose `server start-dev` holds one. */
  readonly kind: 'stock' | 'cli';
  readonly path: string;
}

/** What is needed to find or make one. */
export interface FindOptions {
  /** Folder that keeps what was fetched or built, for every installation of this machine. */
  readonly cacheDir: string;
  /** Tests need the stock server of exactly {@link stockVersion}. */
  readonly stockOnly?: boolean;
  /** Told what takes long. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

const exe = process.platform === 'win32' ? '.exe' : '';

/** Where the stock server is kept once it is built. */
export const stockPath = (cacheDir: string): string => join(cacheDir, `temporal-server-${stockVersion}`, `server${exe}`);

/** The server's version in the words of `temporal --version`, such as `temporal version 1.6.0 (Server 1.30.0, UI 2.45.0)`. */
function isRecent(words: string): boolean {
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(words) ?? [];
  if (!major) return false;
  return Number(major) > oldestServer[0] || (Number(major) === oldestServer[0] && Number(minor) >= oldestServer[1]);
}

function onPath(): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, `temporal${exe}`);
    if (!folder || !existsSync(path)) continue;
    try {
      if (isRecent(execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] })))
        return path;
    } catch {
      // A program of that name that can't say its version is passed over.
    }
  }
  return undefined;
}

/**
 * Finds a Temporal server's program: one that an earlier start kept, one on the PATH, the official download, and when all
 * fail the stock server built by Go, which takes some ten minutes, once.
 * @throws with the cure when none can be had
 */
export async function findTemporal(options: FindOptions): Promise<TemporalProgram> {
  const { cacheDir, stockOnly = false, report, signal } = options;
  const stock = stockPath(cacheDir);
  if (existsSync(stock)) return { kind: 'stock', path: stock };
  if (!stockOnly) {
    const kept = join(cacheDir, 'temporal-cli', `temporal${exe}`);
    if (existsSync(kept)) return { kind: 'cli', path: kept };
    const found = onPath();
    if (found) return { kind: 'cli', path: found };
    if (await keep(kept, (folder) => downloadCli(folder, report, signal))) return { kind: 'cli', path: kept };
  }
  await keep(stock, (folder) => buildStock(stockVersion, folder, report, signal));
  return { kind: 'stock', path: stock };
}

/** Has a program made in a folder of its own and gives it its name when it is whole, so that nobody sees half a program. */
async function keep(path: string, make: (folder: string) => Promise<boolean>): Promise<boolean> {
  const folder = join(path, '..');
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    if (!(await make(fresh))) return false;
    if (!existsSync(path)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(fresh, folder);
    }
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
