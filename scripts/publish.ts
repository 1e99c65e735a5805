/**
 * `npm run publish-definitions`: writes the fingerprint of every definition that is not published yet to `definitions/published.json`.
 * A published one that changed is refused with the cure. `--replace <id@version>` overwrites one that no matter was ever started with.
 */
import { writeFile } from 'node:fs/promises';
import { changedSince, cureFor, fingerprints, PUBLISHED_FILE, publishedFingerprints } from './fingerprints.ts';

const replaceAt = process.argv.indexOf('--replace');
const replaced = new Set(replaceAt < 0 ? [] : process.argv.slice(replaceAt + 1));

const published = await publishedFingerprints();
const now = await fingerprints();
const changed = changedSince(published, now).filter((key) => !replaced.has(key));
if (changed.length > 0) {
  for (const key of changed) console.error(cureFor(key));
  process.exitCode = 1;
} else {
  const kept = Object.fromEntries(Object.entries(published).filter(([key]) => !replaced.has(key)));
  const all = Object.entries({ ...now, ...kept }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(PUBLISHED_FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  console.log(`${all.length} definitions published`);
}
