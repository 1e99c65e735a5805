import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** Where Temporal is and how it is reached. */
export interface TemporalSettings {
  /** `host:port` of the frontend. */
  readonly address: string;
  readonly namespace: string;
  readonly tls: boolean;
  /** Paths of PEM files; certificate and key come together. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly apiKey?: string;
  /** How long Temporal keeps a closed workflow, for a namespace that we register ourselves. */
  readonly retentionDays: number;
}

/** How people are told of things outside the console. */
export interface NoticeSettings {
  /** Where people open the console, without a slash at the end: links in messages begin with it. */
  readonly publicUrl: string;
  /** The mail server and the sender; absent: nobody is told by e-mail. */
  readonly mail?: { readonly url: string; readonly from: string };
  /** Whether webhooks may go to addresses of the own network. */
  readonly webhooksInside: boolean;
  /** After so many tries a message is laid with the dead letters. */
  readonly tries: number;
  /** How long to wait after the first failed try; twice as long after each further one. */
  readonly retrySeconds: number;
  /** How long notices and deliveries are kept. */
  readonly keepDays: number;
}

/** What every process of Piban is told from outside; read once by {@link loadConfig}. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Absolute path of the folder that holds everything this installation keeps on disk. */
  readonly dataDir: string;
  /** `postgres://…` of the database. */
  readonly databaseUrl: string;
  /** Most connections that one process opens to the database. */
  readonly databaseConnections: number;
  readonly temporal: TemporalSettings;
  /** Temporal's task queue that the worker serves and the API starts matters on. */
  readonly taskQueue: string;
  readonly logLevel: LogLevel;
  /** Whether anybody may sign in as anybody, for demonstrations. */
  readonly demoSignIn: boolean;
  readonly session: { readonly secret: string; readonly minutes: number };
  readonly limits: {
    /** Largest uploaded file, in bytes. */
    readonly uploadBytes: number;
    /** Largest JSON body, in bytes. */
    readonly bodyBytes: number;
    /** Requests a minute of one person (or address, before sign-in); 0 means no limit. */
    readonly requestsPerMinute: number;
  };
  readonly notices: NoticeSettings;
}

/** The configuration of a start that may bring up PostgreSQL and Temporal itself. */
export interface StartConfig extends Omit<Config, 'databaseUrl' | 'temporal'> {
  readonly databaseUrl?: string;
  readonly temporal: Omit<TemporalSettings, 'address'> & { readonly address?: string };
  /** Folder for what is costly to fetch and the same for every installation: the Temporal server's program. */
  readonly cacheDir: string;
}

/** Levels of the log, from most to least. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment can't be used; the message lists every fault with its cure, one a line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`The configuration can't be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee .env.example.`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);
const oneOf = <const T extends string>(...values: readonly T[]) => z.enum(values);
const yesOrNo = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const units = { '': 1, kb: 1024, mb: 1024 ** 2 } as const;
const size = z
  .string()
  .regex(/^[1-9]\d*(kb|mb)?$/i)
  .transform((text) => Number.parseInt(text, 10) * units[text.replace(/\d+/, '').toLowerCase() as keyof typeof units]);

/** An address, alone or after a name in angle brackets; on one line, since it becomes a header. */
const MAIL_ADDRESS = /^(?:[^<>\r\n@]* <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/;

/** One setting: what its text must be, what counts when it is absent, and the rule in words, which is also the cure. */
interface Setting<T> {
  readonly schema: z.ZodType<T, string>;
  /** Written as in the environment; absent = nothing is assumed. */
  readonly fallback?: string;
  readonly rule: string;
}
const optional = <T>(schema: z.ZodType<T, string>, rule: string) => ({ schema, rule }) satisfies Setting<T>;
const setting = <T>(schema: z.ZodType<T, string>, rule: string, fallback: string) =>
  ({ schema, rule, fallback }) satisfies Setting<T>;

/** Every setting there is. `.env.example` documents exactly these, with these fallbacks; a test holds the two together. */
export const settings = {
  NODE_ENV: setting(oneOf('development', 'test', 'production'), 'development, test or production', 'development'),
  HOST: setting(z.string(), 'an address of this machine, such as 127.0.0.1 or 0.0.0.0', '127.0.0.1'),
  PORT: setting(whole(0, 65_535), 'a whole number from 0 to 65535 (0: any free port)', '8080'),
  DATA_DIR: setting(z.string(), 'a folder', '.data'),
  PIBAN_CACHE_DIR: optional(z.string(), 'a folder'),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\/[^/]+\/.+/), 'like postgres://user:password@host:5432/piban'),
  DATABASE_CONNECTIONS: setting(whole(1, 500), 'a whole number from 1 to 500', '10'),
  TEMPORAL_ADDRESS: optional(z.string().regex(/^[^\s/]+:\d{1,5}$/), 'host:port without a scheme, such as 127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: setting(z.string().regex(/^[\w.-]{1,255}$/), 'letters, digits, dots, hyphens and underscores', 'piban'),
  TEMPORAL_TLS: optional(yesOrNo, 'true or false'),
  TEMPORAL_API_KEY: optional(z.string(), 'an API key of Temporal Cloud'),
  TEMPORAL_TLS_CERT: optional(z.string(), 'the path of a PEM file'),
  TEMPORAL_TLS_KEY: optional(z.string(), 'the path of a PEM file'),
  TEMPORAL_TLS_CA: optional(z.string(), 'the path of a PEM file'),
  TEMPORAL_RETENTION_DAYS: setting(whole(1, 36_500), 'a whole number of days from 1 to 36500', '3650'),
  TASK_QUEUE: setting(z.string().regex(/^[\w.-]{1,255}$/), 'letters, digits, dots, hyphens and underscores', 'piban'),
  LOG_LEVEL: setting(oneOf(...logLevels), logLevels.join(', '), 'info'),
  DEMO_SIGN_IN: optional(yesOrNo, 'true or false'),
  SESSION_SECRET: optional(z.string().min(32), 'at least 32 characters, for instance from: openssl rand -hex 32'),
  SESSION_MINUTES: setting(whole(1, 1440), 'a whole number of minutes from 1 to 1440', '60'),
  UPLOAD_LIMIT: setting(size, 'a number of bytes, or like 20mb', '20mb'),
  BODY_LIMIT: setting(size, 'a number of bytes, or like 1mb', '1mb'),
  REQUESTS_PER_MINUTE: setting(whole(0, 1_000_000), 'a whole number from 0 (no limit) to 1000000', '600'),
  PUBLIC_URL: optional(z.string().regex(/^https?:\/\/[^\s/]+$/), 'like https://oa.example.edu.cn, without a path'),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\/\S+$/), 'like smtp://user:password@mail.example.edu.cn:587'),
  MAIL_FROM: optional(z.string().regex(MAIL_ADDRESS), 'like 批办 <oa@example.edu.cn>'),
  WEBHOOKS_INSIDE: setting(yesOrNo, 'true or false', 'false'),
  NOTICE_TRIES: setting(whole(1, 100), 'a whole number from 1 to 100', '20'),
  NOTICE_RETRY_SECONDS: setting(whole(1, 3600), 'a whole number of seconds from 1 to 3600', '10'),
  NOTICE_KEEP_DAYS: setting(whole(1, 3650), 'a whole number of days from 1 to 3650', '180'),
} as const;

type Settings = typeof settings;
type Values = {
  [K in keyof Settings]: z.output<Settings[K]['schema']> | (Settings[K] extends { fallback: string } ? never : undefined);
};

/** Names whose value must not appear in a message. */
const secret = new Set<string>(['SESSION_SECRET', 'TEMPORAL_API_KEY', 'DATABASE_URL', 'SMTP_URL']);

function readAll(env: Environment, faults: string[]): Partial<Record<keyof Settings, unknown>> {
  const values: Partial<Record<keyof Settings, unknown>> = {};
  for (const [name, { schema, fallback, rule }] of Object.entries(settings) as [keyof Settings, Setting<unknown>][]) {
    // An empty value counts as absent, so that `NAME=` in an .env file switches a setting off.
    const text = env[name]?.trim() || fallback;
    if (text === undefined) continue;
    const result = schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else faults.push(`${name}${secret.has(name) ? '' : `=${text}`}: must be ${rule}`);
  }
  return values;
}

/** Rules across settings; they run whatever else is wrong, so that all faults are told at once. */
function crossFaults(values: Partial<Values>): string[] {
  const faults: string[] = [];
  const production = values.NODE_ENV === 'production';
  if (production && values.DEMO_SIGN_IN)
    faults.push('DEMO_SIGN_IN=true: anybody could be anybody, so it is refused with NODE_ENV=production; remove one of the two');
  if (production && !values.SESSION_SECRET)
    faults.push(`SESSION_SECRET: is required with NODE_ENV=production; give it ${settings.SESSION_SECRET.rule}`);
  if (!values.TEMPORAL_TLS_CERT !== !values.TEMPORAL_TLS_KEY)
    faults.push('TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY: the certificate and its key are given together, or neither');
  for (const name of ['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY', 'TEMPORAL_TLS_CA'] as const) {
    const path = values[name];
    if (path && !existsSync(path)) faults.push(`${name}=${path}: there is no such file; give the path of a PEM file`);
  }
  if (values.TEMPORAL_TLS === false && (values.TEMPORAL_API_KEY || values.TEMPORAL_TLS_CERT || values.TEMPORAL_TLS_CA))
    faults.push('TEMPORAL_TLS=false: an API key and certificates need TLS; remove TEMPORAL_TLS, or them');
  if (!values.SMTP_URL !== !values.MAIL_FROM)
    faults.push('SMTP_URL, MAIL_FROM: the mail server and the sender are given together, or neither');
  return faults;
}

/** The secret kept in the data folder, made on first use; whoever comes second reads what the first wrote. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'session-secret');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!existsSync(path)) {
      const code = (error as NodeJS.ErrnoException).code;
      throw new ConfigError([`DATA_DIR=${dataDir}: can't be written (${code}); make it writable or give another folder`]);
    }
  }
  return readFileSync(path, 'utf8');
}

function cacheDir(env: Environment, given: string | undefined): string {
  if (given) return resolve(given);
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'piban');
}

function noticeSettings(values: Values): NoticeSettings {
  const { SMTP_URL: url, MAIL_FROM: from, HOST: host } = values;
  return {
    // An address that means every one of this machine is nowhere to go to.
    publicUrl: values.PUBLIC_URL ?? `http://${['0.0.0.0', '::'].includes(host) ? 'localhost' : host}:${values.PORT}`,
    ...(url && from && { mail: { url, from } }),
    webhooksInside: values.WEBHOOKS_INSIDE,
    tries: values.NOTICE_TRIES,
    retrySeconds: values.NOTICE_RETRY_SECONDS,
    keepDays: values.NOTICE_KEEP_DAYS,
  };
}

function assemble(values: Values, env: Environment): StartConfig {
  const production = values.NODE_ENV === 'production';
  const dataDir = resolve(values.DATA_DIR);
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_CA: tlsCa } = values;
  const { TEMPORAL_TLS_CERT: tlsCert, TEMPORAL_TLS_KEY: tlsKey, DATABASE_URL: databaseUrl } = values;
  return {
    environment: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    dataDir,
    cacheDir: cacheDir(env, values.PIBAN_CACHE_DIR),
    ...(databaseUrl && { databaseUrl }),
    databaseConnections: values.DATABASE_CONNECTIONS,
    temporal: {
      ...(address && { address }),
      namespace: values.TEMPORAL_NAMESPACE,
      tls: values.TEMPORAL_TLS ?? Boolean(apiKey || tlsCert || tlsCa),
      ...(apiKey && { apiKey }),
      ...(tlsCert && { tlsCert }),
      ...(tlsKey && { tlsKey }),
      ...(tlsCa && { tlsCa }),
      retentionDays: values.TEMPORAL_RETENTION_DAYS,
    },
    taskQueue: values.TASK_QUEUE,
    logLevel: values.LOG_LEVEL,
    demoSignIn: values.DEMO_SIGN_IN ?? !production,
    session: { secret: values.SESSION_SECRET ?? keptSecret(dataDir), minutes: values.SESSION_MINUTES },
    limits: { uploadBytes: values.UPLOAD_LIMIT, bodyBytes: values.BODY_LIMIT, requestsPerMinute: values.REQUESTS_PER_MINUTE },
    notices: noticeSettings(values),
  };
}

/** The process's environment, completed by a file `.env` in the working folder; what is set outside wins over the file. */
function environment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

function parse(env: Environment, required: readonly (keyof Settings)[]): StartConfig {
  const faults: string[] = [];
  // readAll filled every setting whose fallback or text is sound, and told a fault of every other one.
  const values = readAll(env, faults) as Values;
  for (const name of required)
    if (values[name] === undefined && !env[name]?.trim())
      faults.push(`${name}: is required here; it must be ${settings[name].rule}`);
  faults.push(...crossFaults(values));
  if (faults.length > 0) throw new ConfigError(faults);
  return assemble(values, env);
}

/**
 * The configuration of a process that uses a database and a Temporal server: the API, the worker, a script.
 * Without SESSION_SECRET, outside production, one is made and kept in DATA_DIR.
 * @throws ConfigError with all faults at once
 */
export function loadConfig(env: Environment = environment()): Config {
  // `required` has made sure of the two that StartConfig leaves open.
  return parse(env, ['DATABASE_URL', 'TEMPORAL_ADDRESS']) as Config;
}

/**
 * The configuration of `npm start`, which brings up the servers whose address is not given.
 * @throws ConfigError with all faults at once
 */
export function loadStartConfig(env: Environment = environment()): StartConfig {
  return parse(env, []);
}
