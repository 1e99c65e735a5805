import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isAlive, politely } from './processes.ts';
import { type Claim, claim, readRunState } from './run-state.ts';

/** A temporary folder for servers that are not to outlive this process. */
export interface Scratch {
  readonly dataDir: string;
  /** Notes a server, so that the next process of the kind ends it should this one be killed. */
  note: Claim['setProcess'];
  /** Removes the folder; its servers have been stopped. */
  remove(): void;
}

/** Ends what processes of this kind left running when they were killed, and removes their folders. */
async function clearAbandoned(prefix: string): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const state = readRunState(folder);
    if (!state || isAlive(state.supervisor)) continue;
    for (const ref of Object.values(state.processes)) await endProcess(ref, politely(3000));
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes such a folder, and clears away those that killed processes of the same kind left.
 * @param kind what for: `tests`, `bench` …
 */
export async function makeScratch(kind: string): Promise<Scratch> {
  const prefix = `piban-${kind}-`;
  await clearAbandoned(prefix);
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  // The account that runs PostgreSQL under root must be able to walk through.
  chmodSync(dataDir, 0o711);
  const held = await claim(dataDir);
  return { dataDir, note: held.setProcess, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
