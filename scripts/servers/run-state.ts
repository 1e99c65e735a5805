import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isAlive, type ProcessRef } from './processes.ts';

/** What a start leaves in `run.json`, readable by its owner only: who runs, and where. */
export interface RunState {
  readonly supervisor: ProcessRef;
  /** When it was started, ISO 8601. */
  readonly since: string;
  /** Where the API is, once it is known. */
  readonly url?: string;
  /** Of servers that the start brought up itself; those given by the environment are not repeated here. */
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  /** Name → process of everything that the start brought up. */
  readonly processes: Readonly<Record<string, ProcessRef>>;
}

/** The right to run on a data folder. */
export interface Claim {
  /** What a start that was killed left behind. */
  readonly previous: RunState | undefined;
  update(change: Partial<Omit<RunState, 'supervisor' | 'since' | 'processes'>>): void;
  setProcess(name: string, ref: ProcessRef | undefined): void;
  /** Gives the folder free again; everything that was started has ended. */
  release(): void;
}

const fileIn = (dataDir: string) => join(dataDir, 'run.json');

/** The state in a data folder, or undefined when there is none that can be read. */
export function readRunState(dataDir: string): RunState | undefined {
  try {
    // Written by a start; what can't be read was cut off by a kill.
    return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunState;
  } catch {
    return undefined;
  }
}

/** Whether the start that wrote this state still runs. */
export const isRunning = (state: RunState | undefined): state is RunState => state !== undefined && isAlive(state.supervisor);

function alreadyRunning(dataDir: string, state: RunState): Error {
  const where = state.url ? ` at ${state.url}` : '';
  return new Error(
    `Piban already runs on ${dataDir}${where}, as process ${state.supervisor.pid} since ${state.since}. ` +
      `Stop it with Ctrl-C in its terminal or "kill ${state.supervisor.pid}", or start another beside it: PORT=8090 DATA_DIR=.data2 npm start`,
  );
}

/**
 * Takes a data folder for this process.
 * @throws when another start runs on it, naming it and the cure
 */
export async function claim(dataDir: string): Promise<Claim> {
  const path = fileIn(dataDir);
  let state: RunState = { supervisor: identify(process.pid)!, since: new Date().toISOString(), processes: {} };
  let previous: RunState | undefined;
  const write = (to: string, flag: 'w' | 'wx') => writeFileSync(to, JSON.stringify(state, null, 2), { mode: 0o600, flag });
  for (let attempt = 0; ; attempt++) {
    try {
      write(path, 'wx');
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 20) throw error;
    }
    // A file that can't be read may be one that another start is writing just now.
    if (!readRunState(dataDir)) await pause(100);
    const found = readRunState(dataDir);
    if (isRunning(found)) throw alreadyRunning(dataDir, found);
    previous = found ?? previous;
    // Moved away and not deleted: of two starts only one can move it, and what it moved is looked at once more.
    const moved = `${path}.${process.pid}`;
    if (!tryRename(path, moved)) continue;
    const taken = readFileSync(moved, 'utf8');
    if (found && taken !== JSON.stringify(found, null, 2) && existsSync(moved)) tryRename(moved, path);
    else rmSync(moved);
  }
  const save = () => {
    write(`${path}.new`, 'w');
    renameSync(`${path}.new`, path);
  };
  return {
    previous,
    update: (change) => {
      state = { ...state, ...change };
      save();
    },
    setProcess: (name, ref) => {
      const { [name]: _, ...others } = state.processes;
      state = { ...state, processes: ref ? { ...others, [name]: ref } : others };
      save();
    },
    release: () => rmSync(path, { force: true }),
  };
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
