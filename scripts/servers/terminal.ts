import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { prettyFactory } from 'pino-pretty';
import { prettyOptions } from '../../runtime/log.ts';

/** Largest size of a log before it becomes `<file>.1`, replacing the last one. */
const logLimit = 10 * 1024 * 1024;

/** The one stream that a person who started Piban reads, and the files that keep it. */
export interface Terminal {
  /** Says something of our own. */
  say(line: string): void;
  /** Passes on a line of a service: JSON of its log, shown readably, or anything else it wrote. */
  pass(service: string, line: string): void;
  /** Says what is being done, how long it takes when it is long, and that it is done. */
  step<T>(name: string, doing: string, work: () => Promise<T>): Promise<T>;
}

/** A file that is appended to and kept within bounds; a full disk loses lines, not the program. */
function boundedLog(file: string): (line: string) => void {
  let size = existsSync(file) ? statSync(file).size : 0;
  return (line) => {
    try {
      if (size > logLimit) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, `${line}\n`);
      size += Buffer.byteLength(line) + 1;
    } catch {
      // Nobody could be told: the terminal shows the line anyway.
    }
  };
}

const seconds = (since: number) => ((Date.now() - since) / 1000).toFixed(1);

/** Opens the stream; its files are `logs/<service>.log` of the data folder. */
export function openTerminal(dataDir: string): Terminal {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const out = process.stdout;
  // Whoever read us may be gone (a pager, a closed terminal); that is no reason to stop.
  out.on('error', () => undefined);
  const readable = prettyFactory({ ...prettyOptions, singleLine: true, colorize: out.isTTY === true });
  const logs = new Map<string, (line: string) => void>();
  const logOf = (service: string) => {
    const log = logs.get(service) ?? boundedLog(join(dataDir, 'logs', `${service}.log`));
    logs.set(service, log);
    return log;
  };
  const say = (line: string) => {
    out.write(`${line}\n`);
    logOf('start')(JSON.stringify({ time: new Date().toISOString(), level: 'info', service: 'start', msg: line }));
  };
  return {
    say,
    pass: (service, line) => {
      logOf(service)(line);
      out.write(line.startsWith('{') ? readable(line) : `[${service}] ${line}\n`);
    },
    step: async (name, doing, work) => {
      const began = Date.now();
      say(`${name}: ${doing} …`);
      const ticker = setInterval(() => say(`${name}: still ${doing} (${seconds(began)} s)`), 10_000);
      try {
        const result = await work();
        say(`${name}: done in ${seconds(began)} s`);
        return result;
      } finally {
        clearInterval(ticker);
      }
    },
  };
}
