import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { requireSpace } from './disk.ts';
import { endProcess, identify, politely } from './processes.ts';

/** Packages that a build from nothing compiles; for the progress shown, not for its end. */
const packages = 1750;

/** The oldest Go that can fetch the newer toolchain which the server's source asks for, by itself. */
const oldestGo = [1, 21] as const;

const cure =
  'install Go 1.26.8 or newer (https://go.dev/dl), or put Temporal’s command line on the PATH (https://docs.temporal.io/cli), or give TEMPORAL_ADDRESS';

function requireGo(): void {
  let words: string;
  try {
    words = execFileSync('go', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    throw new Error(`No Temporal server was found, and there is no Go toolchain to build one: ${cure}`, { cause: error });
  }
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(words) ?? [];
  if (Number(major) < oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) < oldestGo[1]))
    throw new Error(`No Temporal server was found, and the Go toolchain here is too old to build one (${words}): ${cure}`);
}

/**
 * Builds the stock server with Go into a folder, telling its progress.
 * @throws with the cure when Go is missing or too old, the disk has too little room, or the build fails
 */
export async function buildStock(
  version: string,
  folder: string,
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<true> {
  requireGo();
  mkdirSync(folder, { recursive: true });
  requireSpace(folder, 4000, 'building the Temporal server');
  const began = Date.now();
  const clock = () => `${Math.floor((Date.now() - began) / 60_000)} min ${Math.floor(((Date.now() - began) / 1000) % 60)} s`;
  report(`Temporal: building the stock server ${version} with Go, once; some ten minutes on two cores`);
  const child = spawn('go', ['install', '-v', `go.temporal.io/server/cmd/server@v${version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ref = identify(child.pid!);
  const kill = () => ref && void endProcess(ref, politely(1000));
  signal?.addEventListener('abort', kill);
  let compiled = 0;
  const words: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    // With -v every compiled package is a line that is nothing but its path; the rest is downloads and faults.
    if (/^[\w./~-]+$/.test(line)) compiled++;
    else words.push(line);
  });
  const ticker = setInterval(() => {
    const share = Math.min(99, Math.round((100 * compiled) / packages));
    report(`Temporal: ${compiled === 0 ? 'fetching and preparing the source' : `compiling, about ${share} %`} (${clock()})`);
  }, 15_000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    signal?.throwIfAborted();
    if (code !== 0)
      throw new Error(`Go could not build the Temporal server:\n${words.slice(-12).join('\n')}\nLook at that, or ${cure}`);
    report(`Temporal: built in ${clock()}`);
    return true;
  } finally {
    clearInterval(ticker);
    signal?.removeEventListener('abort', kill);
  }
}
