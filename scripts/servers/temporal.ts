import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { becomeFree, freePorts, isPortFree } from './ports.ts';
import { type EndPlan, endProcess, isAlive, type ProcessRef, type Server, spawnServer } from './processes.ts';
import {
  dynamicFile,
  dynamicSettings,
  type FaultInjection,
  innerPorts,
  serverConfig,
  type TemporalPorts,
} from './temporal-config.ts';
import { findTemporal, type TemporalProgram } from './temporal-program.ts';

/** How a Temporal server of our own is brought up. */
export interface TemporalOptions {
  /** Its database is kept in `temporal/`, its log in `logs/temporal.log` of this folder. */
  readonly dataDir: string;
  /** Folder that keeps the server's program for every installation. */
  readonly cacheDir: string;
  /** For tests: the stock server, with time that workflows may skip. */
  readonly testing?: boolean;
  /** For tests: faults in its own store. */
  readonly faultInjection?: FaultInjection;
  /** Told what takes long. */
  readonly report?: (line: string) => void;
  /** Gives up, and leaves nothing running, when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A Temporal server that answers. */
export interface TemporalServer {
  /** `host:port` of its frontend. */
  readonly address: string;
  /** Temporal's own console, where the program has one. */
  readonly console?: string;
  readonly pid: number;
  readonly ref: ProcessRef;
  /** Whether it was left running by an earlier start and is used on. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

/** What is remembered of a server, to find it again and to give the next one the same ports. */
interface Note {
  readonly ref: ProcessRef;
  readonly ports: TemporalPorts;
  readonly kind: TemporalProgram['kind'];
}

/** What it has answered is on the disk, so that a kill loses nothing; the wait is for its workers' sake only. */
const endPlan: EndPlan = [
  { signal: 'SIGTERM', waitMs: 2500 },
  { signal: 'SIGKILL', waitMs: 2000 },
];

const addressOf = (ports: TemporalPorts) => `127.0.0.1:${ports.frontend}`;

async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1000 });
    try {
      await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.getClusterInfo({}));
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

function readNote(path: string): Note | undefined {
  if (!existsSync(path)) return undefined;
  try {
    // Written by an earlier start; what can't be read is no note.
    return JSON.parse(readFileSync(path, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

/** The ports that the last server had, so that who knew them finds the next one, or free ones when others took those. */
async function choosePorts(last: TemporalPorts | undefined): Promise<TemporalPorts> {
  if (last && (await becomeFree([last.frontend, ...last.inner]))) return last;
  const [frontend, ...inner] = await freePorts(1 + innerPorts);
  return { frontend: frontend!, inner };
}

/** The command of one program on these ports and this folder; writes what it reads. */
function commandLine(program: TemporalProgram, ports: TemporalPorts, folder: string, options: TemporalOptions): string[] {
  const database = join(folder, 'temporal.db');
  const testing = options.testing ?? false;
  if (program.kind === 'cli') {
    const settings = Object.entries(dynamicSettings(testing));
    const dynamic = settings.flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${JSON.stringify(value)}`]);
    const place = ['--ip', '127.0.0.1', '--port', String(ports.frontend), '--ui-port', String(ports.inner[0])];
    return [
      'server',
      'start-dev',
      ...place,
      '--db-filename',
      database,
      '--log-level',
      'warn',
      '--log-format',
      'json',
      ...dynamic,
    ];
  }
  const config = join(folder, 'server.yaml');
  const dynamic = join(folder, 'dynamic.yaml');
  writeFileSync(dynamic, dynamicFile(testing));
  writeFileSync(config, serverConfig(ports, database, dynamic, options.faultInjection));
  // The stock server demands to be told that it has no authorisation; it listens on the loopback only.
  return ['--config-file', config, '--allow-no-auth', 'start'];
}

async function untilAnswering(server: Server, ports: TemporalPorts, signal?: AbortSignal): Promise<boolean> {
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    signal?.throwIfAborted();
    if (ended) return false;
    // A client that finds nobody waits a second before it looks again; looking for a listener first is quicker.
    if (!(await isPortFree(ports.frontend)) && (await answers(addressOf(ports)))) return true;
    await pause(50);
  }
  return false;
}

async function launch(
  program: TemporalProgram,
  folder: string,
  last: TemporalPorts | undefined,
  options: TemporalOptions,
): Promise<Note> {
  let words = '';
  for (let attempt = 0; attempt < 4; attempt++) {
    const ports = await choosePorts(attempt === 0 ? last : undefined);
    const server = await spawnServer({
      command: program.path,
      args: commandLine(program, ports, folder, options),
      cwd: folder,
      logFile: join(options.dataDir, 'logs', 'temporal.log'),
    });
    const note: Note = { ref: server.ref, ports, kind: program.kind };
    // Noted before it answers, so that a start killed meanwhile leaves a trace of it.
    writeFileSync(join(folder, 'server.json'), JSON.stringify(note));
    try {
      if (await untilAnswering(server, ports, options.signal)) return note;
    } catch (error) {
      await endProcess(server.ref, endPlan);
      throw error;
    }
    await endProcess(server.ref, endPlan);
    words = server.lastWords();
    if (!/address already in use/i.test(words)) break;
  }
  throw new Error(`The Temporal server did not start; its last words were:\n${words}`);
}

/**
 * Brings up a Temporal server of our own on the loopback, on a database file that is made on first use; adopts the one that
 * an earlier start left running, and ends it first when it does not answer.
 * @throws with the cure when no program can be had or it does not start; then it leaves nothing running
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  mkdirSync(join(options.dataDir, 'temporal'), { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const folder = join(dataDir, 'temporal');
  const last = readNote(join(folder, 'server.json'));
  let note: Note | undefined;
  if (last && isAlive(last.ref)) {
    if (await answers(addressOf(last.ports))) note = last;
    else await endProcess(last.ref, endPlan);
  }
  const adopted = note !== undefined;
  if (!note) {
    const { cacheDir, testing = false, report = () => undefined, signal } = options;
    const program = await findTemporal({ cacheDir, stockOnly: testing, report, ...(signal && { signal }) });
    note = await launch(program, folder, last?.ports, { ...options, dataDir });
  }
  const { ref, ports, kind } = note;
  return {
    address: addressOf(ports),
    ...(kind === 'cli' && { console: `http://127.0.0.1:${ports.inner[0]}` }),
    pid: ref.pid,
    ref,
    adopted,
    stop: async () => void (await endProcess(ref, endPlan)),
  };
}
