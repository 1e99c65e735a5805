/** The whole system for one test file: its own database and task queue, a worker and the API in this process. */
import { randomUUID } from 'node:crypto';
import type { bundleWorkflowCode } from '@temporalio/worker';
import { inject } from 'vitest';
import { connectApi, type RunningApi } from '../../api/build.ts';
import { type Config, loadConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { bundleWorkflows, installRuntime, type RunningWorker, startWorker } from '../../workers/worker.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

export type Bundle = Awaited<ReturnType<typeof bundleWorkflowCode>>;

/** An answer of the API. */
export interface Answer {
  status: number;
  // Tests look into answers freely; each asserts what it needs.
  body: Record<string, never> & { [key: string]: unknown };
  headers: Record<string, unknown>;
}

/** A running system. */
export interface System {
  config: Config;
  database: TestDatabase;
  api: RunningApi;
  /** The worker in this process, or null when the test runs its own. */
  worker: RunningWorker | null;
  /** A client signed in as a person. */
  as(person: string): Promise<PersonClient>;
  stop(): Promise<void>;
}

/** HTTP as one person, without a socket. */
export class PersonClient {
  readonly person: string;
  readonly #api: RunningApi;
  readonly #token: string;

  constructor(api: RunningApi, person: string, token: string) {
    this.#api = api;
    this.person = person;
    this.#token = token;
  }

  /** One request. `key` is the Idempotency-Key; a random one for POST unless given, none for null. */
  async request(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    key: string | null = randomUUID(),
  ): Promise<Answer> {
    const response = await this.#api.api.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(method === 'POST' && key !== null ? { 'idempotency-key': key } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.body === '' ? {} : response.json(), headers: response.headers };
  }

  get(url: string): Promise<Answer> {
    return this.request('GET', url);
  }

  post(url: string, body: unknown, key?: string | null): Promise<Answer> {
    return this.request('POST', url, body, key === undefined ? randomUUID() : key);
  }
}

let installed = false;

/** The configuration of a test file's system. */
export function testConfig(databaseUrl: string, taskQueue: string, overrides: Record<string, string> = {}): Config {
  return loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: inject('temporalNamespace'),
    TASK_QUEUE: taskQueue,
    SESSION_SECRET: 'a secret for tests only, of no use elsewhere',
    LOG_LEVEL: 'fatal',
    PORT: '0',
    DEMO_SIGN_IN: 'true',
    REQUESTS_PER_MINUTE: '0',
    ...overrides,
  });
}

/**
 * Starts a system.
 * @param options.worker false when the test starts workers itself.
 * @param options.env settings that differ, such as other ways to the database, whose URL a function is given.
 */
export async function startSystem(
  name: string,
  options: { worker?: boolean; env?: Record<string, string> | ((databaseUrl: string) => Record<string, string>) } = {},
): Promise<System> {
  const database = await freshDatabase(name);
  const env = typeof options.env === 'function' ? options.env(database.url) : options.env;
  const config = testConfig(database.url, `${name}-${randomUUID().slice(0, 8)}`, env);
  const logger = createLogger(config, 'test');
  if (!installed) {
    installRuntime(logger);
    installed = true;
  }
  const worker = options.worker === false ? null : await startWorker(config, logger, await bundleWorkflows());
  const api = await connectApi(config, logger);
  return {
    config,
    database,
    api,
    worker,
    async as(person) {
      return new PersonClient(api, person, await api.context.sessions.issue(person));
    },
    async stop() {
      await api.close();
      await worker?.stop();
      await database.drop();
    },
  };
}
