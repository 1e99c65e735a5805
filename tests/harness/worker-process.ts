/** Workers in processes of their own, for tests that kill them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../runtime/config.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A worker process that polls. */
export interface WorkerProcess {
  readonly pid: number;
  /** How it ended: the signal or `code <n>`. */
  readonly ended: Promise<string>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop in order, and waits until it is gone. */
  stop(): Promise<void>;
  /** Sends it a message and waits for its answer. */
  tell(message: Record<string, string>): Promise<void>;
}

/** What a worker process must be told; the same as the test's own system has. */
function environmentOf(config: Config): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: config.databaseUrl,
    TEMPORAL_ADDRESS: config.temporal.address,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    TASK_QUEUE: config.taskQueue,
    SESSION_SECRET: config.session.secret,
    LOG_LEVEL: 'fatal',
    ...(config.notices.mail && { SMTP_URL: config.notices.mail.url, MAIL_FROM: config.notices.mail.from }),
    PUBLIC_URL: config.notices.publicUrl,
    NOTICE_RETRY_SECONDS: String(config.notices.retrySeconds),
    NOTICE_TRIES: String(config.notices.tries),
    WEBHOOKS_INSIDE: String(config.notices.webhooksInside),
  };
}

/**
 * Starts a worker and waits until it polls.
 * @param entry the script, from the project's folder; the real one unless given.
 */
export async function startWorkerProcess(config: Config, entry = 'workers/main.ts'): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: root,
    env: { ...process.env, ...environmentOf(config) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  // A test that fails half way leaves nothing behind.
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  await Promise.race([
    messageOf(child, 'ready'),
    ended.then((how) => Promise.reject(new Error(`${entry} ended before it polled: ${how}`))),
  ]);
  if (child.pid === undefined) throw new Error(`${entry} has no process id`);
  return {
    pid: child.pid,
    ended,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async tell(message) {
      const heard = messageOf(child, 'heard');
      child.send(message);
      await heard;
    },
  };
}

function messageOf(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !(name in message)) return;
      child.off('message', listen);
      resolve();
    };
    child.on('message', listen);
  });
}
