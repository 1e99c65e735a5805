import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { identify, isAlive, type ProcessRef } from './processes.ts';

const processRef = z.object({ pid: z.number().int(), started: z.string() });
const runState = z.object({
  supervisor: processRef,
  /** When it was started, ISO 8601. */
  since: z.string(),
  /** Where the API is, once it is known. */
  url: z.string().optional(),
  /** Of servers that the start brought up itself; those given by the environment are not repeated here. */
  databaseUrl: z.string().optional(),
  temporalAddress: z.string().optional(),
  /** Name → process of everything that the start brought up. */
  processes: z.record(z.string(), processRef),
});

/** What a start leaves in `run.json`, readable by its owner only: who runs, and where. */
export type RunState = z.infer<typeof runState>;

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

function readRecord(path: string): RunState | undefined {
  try {
    return runState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // There is none, or a kill cut it off.
    return undefined;
  }
}

/** The state in a data folder, or undefined when there is none that can be read. */
export const readRunState = (dataDir: string): RunState | undefined => readRecord(fileIn(dataDir));

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
    putAside(path, found);
  }
  const save = () => {
    write(`${path}.new`, 'w');
    renameSync(`${path}.new`, path);
  };
  // What the earlier start left stays on record until it is dealt with, in case this one is killed before that.
  if (previous) {
    state = { ...state, processes: previous.processes };
    save();
  }
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

/**
 * Removes the record of a start that is gone. It is moved away first, which of two starts only one can do, and looked at once
 * more: when another start has put its own in the place meanwhile, it is put back.
 */
function putAside(path: string, dead: RunState | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readRecord(aside);
  if (isRunning(moved) && moved.since !== dead?.since) renameSync(aside, path);
  else rmSync(aside);
}
