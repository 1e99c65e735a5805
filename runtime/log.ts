import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

/** Names under which secrets and personal data could reach a log; redacted at the top level and one level down. */
const hidden = [
  'authorization',
  'token',
  'password',
  'secret',
  'apiKey',
  'sessionSecret',
  'databaseUrl',
  'cookie',
  'DATABASE_URL',
  'SESSION_SECRET',
  'TEMPORAL_API_KEY',
];
const paths = [
  ...hidden.flatMap((name) => [name, `*.${name}`]),
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
];

/** How a line looks to a person, on a terminal and in the supervisor's stream. */
export const prettyOptions = {
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'pid,hostname,service,v',
  messageFormat: '[{service}] {msg}',
};

/**
 * The log of one process: a JSON line an event with `time` (UTC, ISO 8601), `level` as a word, `service` and `msg`;
 * on a terminal the same, readable. Secrets under well-known names are redacted wherever they are passed as fields.
 * @param service who speaks: `api`, `worker`, `start`, `migrate` …
 * @param destination where the lines go instead of standard output, for tests
 */
export function createLogger(config: Pick<Config, 'logLevel'>, service: string, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths, censor: '[redacted]' },
  };
  if (destination) return pino(options, destination);
  if (process.stdout.isTTY) return pino(options, pretty({ ...prettyOptions, colorize: true }));
  return pino(options);
}
