/** Makes sure that the Temporal server of the tests is at hand: finds it in the cache, or builds it. */
import { loadStartConfig } from '../../runtime/config.ts';
import { explain } from './explain.ts';
import { findTemporal } from './temporal-program.ts';

try {
  const { cacheDir } = loadStartConfig();
  const { path } = await findTemporal({ cacheDir, stockOnly: true, report: console.log });
  console.log(`Temporal: ${path}`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
