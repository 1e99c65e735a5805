import { defineConfig } from 'vitest/config';

/** What needs a real PostgreSQL and a real Temporal. */
const system = ['tests/system/**/*.test.ts', 'tests/start/**/*.test.ts'];

export default defineConfig({
  test: {
    // Stopping the servers takes a few seconds.
    teardownTimeout: 60_000,
    coverage: { provider: 'v8', include: ['{definitions,workflows,activities,workers,api,db,runtime}/**/*.ts'] },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: system,
          // Property tests and walks of every path take their time on a slow core.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'system',
          include: system,
          globalSetup: ['tests/harness/servers.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // All share one PostgreSQL, one Temporal and the machine's cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
