/** The ports of a stock Temporal server on the loopback: one for requests and one for membership of each of its services. */
export interface TemporalPorts {
  readonly frontend: number;
  /** The other seven, in the order in which they are given out. */
  readonly inner: readonly number[];
}

/** How many ports a server needs besides its frontend's. */
export const innerPorts = 7;

/**
 * Faults that the server injects into its own store, for tests: store → method → error → share of the calls, such as
 * `{ ExecutionStore: { UpdateWorkflowExecution: { Timeout: 0.05 } } }`.
 */
export type FaultInjection = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

const sqlite = (database: string) => ({
  pluginName: 'sqlite',
  databaseName: database,
  connectAddr: 'localhost',
  connectProtocol: 'tcp',
  // `setup` makes the tables on first use and leaves what is there; 2 = FULL: a commit is on the disk when it is answered.
  connectAttributes: { cache: 'private', setup: 'true', journal_mode: 'wal', synchronous: '2' },
  maxConns: 1,
  maxIdleConns: 1,
  maxConnLifetime: '1h',
});

const targets = (faults: FaultInjection) => ({
  targets: {
    dataStores: Object.fromEntries(
      Object.entries(faults).map(([store, methods]) => [
        store,
        { methods: Object.fromEntries(Object.entries(methods).map(([method, errors]) => [method, { errors }])) },
      ]),
    ),
  },
});

/**
 * The configuration of a stock server whose four services listen on the loopback and keep all in one SQLite file.
 * JSON, which YAML includes.
 */
export function serverConfig(ports: TemporalPorts, database: string, dynamicConfig: string, faults?: FaultInjection): string {
  const [frontendMember, ...others] = ports.inner;
  const rpc = (grpcPort: number | undefined, membershipPort: number | undefined) => ({
    rpc: { grpcPort, membershipPort, bindOnLocalHost: true },
  });
  return JSON.stringify(
    {
      log: { stdout: true, level: 'warn' },
      persistence: {
        defaultStore: 'main',
        visibilityStore: 'visibility',
        numHistoryShards: 1,
        datastores: {
          main: { sql: sqlite(database), ...(faults && { faultInjection: targets(faults) }) },
          visibility: { sql: sqlite(database) },
        },
      },
      global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
      services: {
        frontend: rpc(ports.frontend, frontendMember),
        history: rpc(others[0], others[1]),
        matching: rpc(others[2], others[3]),
        worker: rpc(others[4], others[5]),
      },
      clusterMetadata: {
        enableGlobalNamespace: false,
        failoverVersionIncrement: 10,
        masterClusterName: 'active',
        currentClusterName: 'active',
        clusterInformation: {
          active: {
            enabled: true,
            initialFailoverVersion: 1,
            rpcName: 'frontend',
            rpcAddress: `127.0.0.1:${ports.frontend}`,
          },
        },
      },
      dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '10s' },
    },
    null,
    2,
  );
}

/**
 * What differs from the server's defaults: ids fit the columns of an SQL store, and for tests, never for a start, workflows
 * may skip their time, which the timers follow within 10 ms instead of a second.
 */
export function dynamicSettings(testing: boolean): Record<string, string | number | boolean> {
  return {
    'limit.maxIDLength': 255,
    ...(testing && {
      'frontend.WorkflowTimeSkippingEnabled': true,
      'history.timerProcessorMaxTimeShift': '10ms',
    }),
  };
}

/** {@link dynamicSettings} as the file that the stock server reads; JSON, which YAML includes. */
export const dynamicFile = (testing: boolean): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(dynamicSettings(testing)).map(([name, value]) => [name, [{ value }]])),
    null,
    2,
  );
