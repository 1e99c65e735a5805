import type { TestProject } from 'vitest/node';
import { loadStartConfig } from '../../runtime/config.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../../runtime/temporal.ts';
import { startPostgres } from '../../scripts/servers/postgres.ts';
import { makeScratch } from '../../scripts/servers/scratch.ts';
import { startTemporal } from '../../scripts/servers/temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the run's PostgreSQL, on its database `postgres`. */
    postgresAdminUrl: string;
    /** `host:port` of the run's Temporal, on which workflows may skip their time. */
    temporalAddress: string;
    /** The namespace of the run, with the search attributes. */
    temporalNamespace: string;
  }
}

/**
 * Vitest's global set-up of the projects that need servers: one PostgreSQL and one Temporal for the run, in a temporary
 * folder, ended with it; those of a run that was killed are ended by the next one. Both are real: only that PostgreSQL forces
 * nothing to the disk and that workflows may skip their time is for tests.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = await makeScratch('tests');
  const { dataDir } = scratch;
  const report = (line: string) => console.log(line);
  const stops: (() => Promise<void>)[] = [];
  const teardown = async () => {
    await Promise.all(stops.map((stop) => stop()));
    scratch.remove();
  };
  try {
    const config = loadStartConfig({
      ...process.env,
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: '',
      TEMPORAL_NAMESPACE: 'piban-tests',
    });
    const { cacheDir } = config;
    const postgres = await startPostgres({ dataDir, fast: true });
    stops.push(postgres.stop);
    scratch.note('PostgreSQL', postgres.ref);
    const temporal = await startTemporal({ dataDir, cacheDir, testing: true, report });
    stops.push(temporal.stop);
    scratch.note('Temporal', temporal.ref);
    const { namespace } = config.temporal;
    const temporalConfig = { temporal: { ...config.temporal, address: temporal.address } };
    const { connection, close } = await connectTemporal(temporalConfig);
    await ensureNamespace(connection, temporalConfig);
    await ensureSearchAttributes(connection, temporalConfig);
    await close();
    project.provide('postgresAdminUrl', postgres.adminUrl);
    project.provide('temporalAddress', temporal.address);
    project.provide('temporalNamespace', namespace);
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}
