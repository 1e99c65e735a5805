import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

type TemporalConfig = Pick<Config, 'temporal'>;

/** What both of Temporal's connections take (`Connection.connect` and `NativeConnection.connect`). */
export interface TemporalConnectionOptions {
  address: string;
  tls: false | { serverRootCACertificate?: Uint8Array; clientCertPair?: { crt: Uint8Array; key: Uint8Array } };
  apiKey?: string;
}

/** Address, TLS and API key as the configuration has them; reads the PEM files. */
export function temporalConnectionOptions({ temporal }: TemporalConfig): TemporalConnectionOptions {
  const { address, apiKey, tlsCert, tlsKey, tlsCa } = temporal;
  return {
    address,
    tls: temporal.tls && {
      ...(tlsCa && { serverRootCACertificate: readFileSync(tlsCa) }),
      ...(tlsCert && tlsKey && { clientCertPair: { crt: readFileSync(tlsCert), key: readFileSync(tlsKey) } }),
    },
    ...(apiKey && { apiKey }),
  };
}

/** A connected client of Temporal and how to let go of it. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  close(): Promise<void>;
}

/**
 * Connects the client side to the configured namespace.
 * @throws when the server can't be reached within ten seconds, naming its address and the cure
 */
export async function connectTemporal(config: TemporalConfig): Promise<TemporalClient> {
  const options = temporalConnectionOptions(config);
  let connection: Connection;
  try {
    connection = await Connection.connect(options);
  } catch (error) {
    throw new Error(
      `Temporal can't be reached at ${options.address}: check that it runs there, and TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY`,
      { cause: error },
    );
  }
  const client = new Client({ connection, namespace: config.temporal.namespace });
  return { client, connection, close: () => connection.close() };
}

const grpc = { notFound: 5, alreadyExists: 6, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 } as const;

/** Whether Temporal forbids an operation or has none of the kind, as Temporal Cloud does for namespaces and attributes. */
const isForbidden = (code: number | undefined) =>
  code === grpc.permissionDenied || code === grpc.unimplemented || code === grpc.unauthenticated;

const codeOf = (error: unknown) => (isGrpcServiceError(error) ? error.code : undefined);

/**
 * Makes sure that the configured namespace can be used: registers it, with the configured retention, when the server has
 * none of that name, and waits until requests to it are answered. A server that forbids looking or registering is
 * taken at its word; only the use decides.
 * @throws when the namespace can't be used after `patienceMs`, naming it and the cure
 */
export async function ensureNamespace(
  connection: Connection,
  config: TemporalConfig,
  logger?: Logger,
  patienceMs = 30_000,
): Promise<void> {
  const { namespace, retentionDays } = config.temporal;
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(retentionDays * 86_400_000),
    });
    logger?.info({ namespace, retentionDays }, 'namespace registered');
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || (code !== grpc.alreadyExists && !isForbidden(code))) throw error;
  }
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      // Goes through the frontend to the store: what knows the namespace here knows it for a worker and a client too.
      await connection.workflowService.countWorkflowExecutions({ namespace });
      return;
    } catch (error) {
      if (Date.now() > until)
        throw new Error(
          `Temporal's namespace ${namespace} can't be used (${(error as Error).message}): create it there, or name another in TEMPORAL_NAMESPACE`,
          { cause: error },
        );
      await pause(100);
    }
  }
}

/**
 * The search attributes by which Temporal's own lists are filtered, with the type numbers of its API
 * (2 Keyword, 6 Datetime, 7 KeywordList). Names and values are plain text in Temporal: nothing personal goes here.
 */
export const searchAttributes = { PibanProcess: 2, PibanUnit: 2, PibanStatus: 2, PibanSteps: 7, PibanDueAt: 6 } as const;

/** Waits until every part of the server maps the names, which each reads anew every two seconds. */
async function untilMapped(connection: Connection, namespace: string): Promise<void> {
  const query = "PibanProcess='' AND PibanUnit='' AND PibanStatus='' AND PibanSteps='' AND PibanDueAt IS NULL";
  for (const until = Date.now() + 20_000; ; await pause(100)) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      break;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
  // The query is mapped by the frontend; what a workflow upserts is mapped by another part, at another moment, which can't be asked.
  await pause(2000);
}

/**
 * Registers the search attributes that the namespace lacks and waits until the server knows them. A server that forbids
 * it (Temporal Cloud manages them by its own console) is left as it is, with a warning that names what to create there.
 */
export async function ensureSearchAttributes(connection: Connection, config: TemporalConfig, logger?: Logger): Promise<void> {
  const { namespace } = config.temporal;
  const names = Object.keys(searchAttributes);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const lacking = names.filter((name) => !(name in customAttributes));
    if (lacking.length === 0) return;
    const wanted = Object.fromEntries(Object.entries(searchAttributes).filter(([name]) => lacking.includes(name)));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: wanted });
    await untilMapped(connection, namespace);
    logger?.info({ namespace, added: lacking }, 'search attributes registered');
  } catch (error) {
    const code = codeOf(error);
    if (code === grpc.alreadyExists) return;
    if (!isForbidden(code)) throw error;
    logger?.warn(
      { namespace, names },
      'the server lets no one register search attributes; create them there if they are missing',
    );
  }
}
