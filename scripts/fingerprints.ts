/** Fingerprints of published definitions: what they do, whatever their comments and layout. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import type { ProcessDefinition } from '../definitions/language/define.ts';

const PROCESSES = fileURLToPath(new URL('../definitions/processes/', import.meta.url));

/** The file that holds every published fingerprint, `id@version` → sha256. */
export const PUBLISHED_FILE = fileURLToPath(new URL('../definitions/published.json', import.meta.url));

/** What the program text of one file comes to, without comments and layout. */
export async function essenceOf(source: string): Promise<string> {
  const { code } = await transform(source, {
    loader: 'ts',
    minify: true,
    legalComments: 'none',
    target: 'es2023',
    charset: 'utf8',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code;
}

/** The fingerprint of one folder's own `.ts` files, in the order of their names. */
export async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  for (const name of names) {
    const essence = await essenceOf(await readFile(join(folder, name), 'utf8'));
    hash.update(`${name}\n${essence}\n`);
  }
  return hash.digest('hex');
}

/** Folders below `definitions/processes` that hold a `process.ts`, at any depth, so that a version may lie beside or below another. */
async function processFolders(): Promise<string[]> {
  const entries = await readdir(PROCESSES, { recursive: true });
  return entries
    .filter((name) => name.split(/[\\/]/).at(-1) === 'process.ts')
    .map((name) => dirname(join(PROCESSES, name)))
    .sort();
}

function isDefinition(value: unknown): value is ProcessDefinition {
  return typeof value === 'object' && value !== null && 'numberPrefix' in value && 'steps' in value && 'version' in value;
}

/** The fingerprint of every definition in the source, `id@version` → sha256. */
export async function fingerprints(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const folder of await processFolders()) {
    const module: Record<string, unknown> = await import(pathToFileURL(join(folder, 'process.ts')).href);
    for (const definition of Object.values(module).filter(isDefinition)) {
      found[`${definition.id}@${definition.version}`] = await fingerprintOf(folder);
    }
  }
  return found;
}

/** The fingerprints that were published, from {@link PUBLISHED_FILE}; none before the first. */
export async function publishedFingerprints(): Promise<Record<string, string>> {
  const text = await readFile(PUBLISHED_FILE, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  return JSON.parse(text);
}

/** Published definitions whose source says something else now or is gone. A running matter would go on under other rules. */
export function changedSince(published: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  return Object.keys(published).filter((key) => now[key] !== published[key]);
}

/** What to do about a published definition that changed. */
export function cureFor(key: string): string {
  const [id, version] = key.split('@');
  return `${key} is published and must not change: put it back; for other rules run "npm run new-version ${id}", which freezes it in ${id}-v${version}, and change version ${Number(version) + 1}`;
}
