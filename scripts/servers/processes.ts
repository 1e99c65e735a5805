import { execFileSync, spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One process of this machine, told apart from any later one that gets the same pid by when it started. */
export interface ProcessRef {
  readonly pid: number;
  /** Opaque; equal only for the same process of the same boot. */
  readonly started: string;
}

let boot: string | undefined;

function readLinux(pid: number): { started: string; zombie: boolean } | undefined {
  try {
    // The name in the second field may hold anything, parentheses too; what follows the last one is fixed (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { started: `${boot}/${fields[19]}`, zombie: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}

function readByPs(pid: number): { started: string; zombie: boolean } | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return { started: started.join(' '), zombie: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}

const read = (pid: number) => (existsSync('/proc/self/stat') ? readLinux(pid) : readByPs(pid));

/** The process that has this pid now, or undefined when none runs under it. */
export function identify(pid: number): ProcessRef | undefined {
  const found = read(pid);
  return found && !found.zombie ? { pid, started: found.started } : undefined;
}

/** Whether this very process still runs; false for another program that was given its pid. */
export const isAlive = (ref: ProcessRef): boolean => identify(ref.pid)?.started === ref.started;

/** The command line of a process, its parts set off by blanks; empty when it can't be told. */
export function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What is sent to end a process, and how long each has before the next is sent. */
export type EndPlan = readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[];

/** Asks politely, then kills. */
export const politely = (waitMs: number): EndPlan => [
  { signal: 'SIGTERM', waitMs },
  { signal: 'SIGKILL', waitMs: 2000 },
];

/**
 * Ends a process that was started by {@link spawnServer} and what is left of its process group. Another program that
 * got its pid meanwhile is left alone.
 * @returns the signal that ended it, or undefined when it was gone already
 * @throws when it survives the whole plan
 */
export async function endProcess(ref: ProcessRef, plan: EndPlan): Promise<NodeJS.Signals | undefined> {
  let sent: NodeJS.Signals | undefined;
  for (const { signal, waitMs } of plan) {
    if (!isAlive(ref)) break;
    sent = signal;
    send(ref.pid, signal);
    for (const until = Date.now() + waitMs; isAlive(ref) && Date.now() < until; ) await pause(20);
  }
  if (isAlive(ref)) throw new Error(`The process ${ref.pid} does not end, even on ${sent}; end it by hand`);
  // Its helpers share its process group, whose number the kernel keeps from reuse as long as one of them lives.
  if (sent) send(-ref.pid, 'SIGKILL');
  return sent;
}

/** How a program is run as a server of its own. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Where its output goes, appended; a file and not a pipe, so that it outlives us undisturbed. */
  readonly logFile: string;
}

/** A server that was started here. */
export interface Server {
  readonly ref: ProcessRef;
  /** Settles when it ends, however it ends. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it has written since it was started, at most the last `lines` lines. */
  lastWords(lines?: number): string;
}

/** Largest size of a server's log before its oldest part is dropped. */
const logLimit = 10 * 1024 * 1024;

/** Keeps a log that another process appends to within bounds: what is too long becomes `<file>.1`, replacing the last one. */
export function capLog(file: string, limit = logLimit): void {
  if (!existsSync(file) || statSync(file).size <= limit) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

/** Starts a program in a process group of its own, so that a Ctrl-C in our terminal does not reach it. */
export async function spawnServer(server: ServerCommand): Promise<Server> {
  const { command, args, cwd, env, uid, gid, logFile } = server;
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  capLog(logFile);
  const log = openSync(logFile, 'a');
  const from = statSync(logFile).size;
  try {
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      ...(env && { env }),
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once('exit', (code, signal) => resolve({ code, signal })),
    );
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    // A process that is gone already has no start time; no other one can match the empty one.
    const ref = identify(child.pid!) ?? { pid: child.pid!, started: '' };
    return { ref, ended, lastWords: (lines = 12) => tail(logFile, from, lines) };
  } finally {
    closeSync(log);
  }
}

function tail(file: string, from: number, lines: number): string {
  const text = readFileSync(file).subarray(from).toString('utf8');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
