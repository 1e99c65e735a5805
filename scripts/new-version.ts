/**
 * `npm run new-version <process> [--from YYYY-MM-DD]`: begins the next version of a process. The newest one is frozen as it is in a
 * folder of its own beside it, `<id>-v<n>`, the working folder goes on as version n + 1, and both stand in the catalogs.
 * `--from` is the first day on which the new version takes applications.
 */
import { fileURLToPath } from 'node:url';
import { beginVersion } from './versions.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--from');
const from = at < 0 ? undefined : args[at + 1];
const id = args.find((one, index) => !one.startsWith('--') && (at < 0 || index !== at + 1));
try {
  if (id === undefined) throw new Error('Usage: npm run new-version <process> [--from YYYY-MM-DD]');
  const version = await beginVersion(fileURLToPath(new URL('../definitions/', import.meta.url)), id, from);
  console.log(`${id}@${version - 1} is frozen in definitions/processes/${id}-v${version - 1}`);
  console.log(`${id}@${version} begins in definitions/processes/${id}: change it, then run: npm run publish-definitions`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
