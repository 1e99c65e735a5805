import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';

const run = promisify(execFile);

const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** How long the download may keep silent before it is given up. */
const patienceMs = 10_000;

/** The official archive of the newest Temporal CLI for this machine, or undefined when there is none. */
function archiveUrl(): string | undefined {
  const platform = platforms[process.platform];
  const arch = architectures[process.arch];
  return platform && arch && `https://temporal.download/cli/archive/latest?platform=${platform}&arch=${arch}`;
}

/**
 * Downloads Temporal's command line into a folder. Given up when nothing comes for ten seconds: not reaching that host is
 * ordinary, and there is another way.
 * @returns whether the program is there now
 */
export async function downloadCli(folder: string, report: (line: string) => void, signal?: AbortSignal): Promise<boolean> {
  const url = archiveUrl();
  if (!url) return false;
  report(`Temporal: downloading its command line from ${new URL(url).host} (given up after ten silent seconds)`);
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), patienceMs);
  try {
    const stop = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    const response = await fetch(url, { signal: stop });
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
    const archive = join(folder, 'temporal.tar.gz');
    // Node's and the web's declarations of the same stream differ.
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), patienceMs);
    });
    await pipeline(body, createWriteStream(archive), { signal: stop });
    await run('tar', ['-xzf', archive, '-C', folder]);
    await run(join(folder, 'temporal'), ['--version'], { timeout: 10_000 });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    const why = silence.signal.aborted ? 'no answer for ten seconds' : ((error as Error).cause ?? (error as Error));
    report(`Temporal: the download failed (${why instanceof Error ? why.message : why})`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}
