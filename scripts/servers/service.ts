import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endProcess, identify, type ProcessRef } from './processes.ts';

/** A process of ours that is kept running. */
export interface ServiceSpec {
  readonly name: string;
  /** Its main module, relative to `cwd`. */
  readonly script: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** How long it may take to stop when asked, before it is killed. */
  readonly stopMs: number;
}

/** Who is told about a service. */
export interface ServiceHost {
  say(line: string): void;
  /** A line that the service wrote. */
  pass(service: string, line: string): void;
  /** Its process, or undefined while there is none. */
  setProcess(service: string, ref: ProcessRef | undefined): void;
}

/** A service under supervision. */
export interface Service {
  /** Settles when it serves for the first time; fails when it ends before. What it wrote has been passed on by then. */
  readonly ready: Promise<void>;
  /** Ends it for good: politely, then by force. */
  stop(): Promise<void>;
}

/** How long a service must have lived for its next end to count as the first one again. */
const soundMs = 60_000;
const longestWaitMs = 30_000;

const isReady = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;

/** Starts a service in a process group of its own and starts it again, ever more slowly, whenever it ends unasked. */
export function keepService(spec: ServiceSpec, host: ServiceHost): Service {
  let stopping = false;
  let served = false;
  let failures = 0;
  let current: ProcessRef | undefined;
  let timer: NodeJS.Timeout | undefined;
  let settle: { resolve: () => void; reject: (reason: Error) => void };
  const ready = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever stops a service before it is ready need not listen any more.
  ready.catch(() => undefined);

  const onEnd = (how: string, began: number) => {
    current = undefined;
    host.setProcess(spec.name, undefined);
    if (stopping) return;
    if (!served) {
      settle.reject(new Error(`The ${spec.name} ended (${how}) before it served; what it said stands above`));
      return;
    }
    if (Date.now() - began > soundMs) failures = 0;
    const wait = Math.min(longestWaitMs, 500 * 2 ** failures++);
    host.say(`The ${spec.name} ended unasked (${how}); it is started again in ${wait / 1000} s`);
    timer = setTimeout(run, wait);
  };

  const run = () => {
    const began = Date.now();
    const child = spawn(process.execPath, ['--import', 'tsx', spec.script], {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    listen(child, (line) => host.pass(spec.name, line));
    current = child.pid === undefined ? undefined : identify(child.pid);
    host.setProcess(spec.name, current);
    child.on('message', (message) => {
      if (!isReady(message)) return;
      if (served && !stopping) host.say(`The ${spec.name} serves again`);
      served = true;
      settle.resolve();
    });
    child.once('error', (error) => onEnd(error.message, began));
    // On `close`, not `exit`: by then all that it wrote has been read.
    child.once('close', (code, signal) => onEnd(signal ?? `code ${code}`, began));
  };
  run();

  const stop = async () => {
    stopping = true;
    clearTimeout(timer);
    if (!current) return;
    const sent = await endProcess(current, [
      { signal: 'SIGTERM', waitMs: spec.stopMs },
      { signal: 'SIGKILL', waitMs: 1000 },
    ]);
    if (sent === 'SIGKILL') host.say(`The ${spec.name} did not stop in ${spec.stopMs / 1000} s and was killed`);
  };
  return { ready, stop };
}

/** Passes on what a process writes, line by line. */
function listen(child: ChildProcess, pass: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', pass);
}
