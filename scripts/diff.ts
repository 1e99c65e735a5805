/** `npm run --silent diff <process> <v1> <v2>`: what the second version does otherwise, in Chinese. Ends with 1 when a version is unknown. */
import { findDefinition } from '../definitions/catalog.ts';
import { jsonFormsOf } from '../definitions/forms.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import { diffDefinitions } from '../workflows/machine/telling/diff.ts';

const USAGE = 'Usage: npm run --silent diff <process> <v1> <v2>, for example: npm run --silent diff seal-use 1 2';

function named(id: string, version: string): ProcessDefinition {
  const found = findDefinition(id, Number(version));
  if (found === undefined) throw new Error(`There is no ${id}@${version} in the catalog. ${USAGE}`);
  return found;
}

function print(before: ProcessDefinition, after: ProcessDefinition): void {
  const parts = diffDefinitions({ definition: before, ...jsonFormsOf(before) }, { definition: after, ...jsonFormsOf(after) });
  console.log(`《${after.name}》第${after.version}版与第${before.version}版相比:`);
  if (parts.length === 0) console.log('没有改动');
  for (const { section, sentences } of parts) {
    console.log(`\n${section}`);
    for (const sentence of sentences) console.log(`  · ${sentence}`);
  }
}

const [id, from, to] = process.argv.slice(2);
try {
  if (id === undefined || from === undefined || to === undefined) throw new Error(USAGE);
  print(named(id, from), named(id, to));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
