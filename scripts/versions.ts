/** Beginning a new version of a process: copies files and mends the two catalogs, as text, so that nothing else changes. */
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRealDay } from '../definitions/language/civil-date.ts';
import { fingerprintOf } from './fingerprints.ts';

/** The catalogs and what each names of a process. */
const CATALOGS = { catalog: 'catalog.ts', forms: 'forms.ts', published: 'published.json' } as const;

/**
 * Freezes the newest version of a process and begins the next one. Writes nothing unless everything fits.
 * @param root the `definitions` folder. @param from the first day of the new version, `YYYY-MM-DD`.
 * @returns the number of the new version.
 * @throws {Error} When there is no such process, its newest version is not published, or a file is not written as expected.
 */
export async function beginVersion(root: string, id: string, from?: string): Promise<number> {
  if (from !== undefined && !isRealDay(from)) throw new Error(`"${from}" is no real day. Give the first day as YYYY-MM-DD.`);
  const folder = join(root, 'processes', id);
  const processFile = join(folder, 'process.ts');
  const source = await readFile(processFile, 'utf8').catch(() => {
    throw new Error(`There is no process "${id}": ${processFile} can't be read. Name a folder of definitions/processes.`);
  });
  const version = Number(/^ {2}version: (\d+),$/m.exec(source)?.[1]);
  if (!Number.isInteger(version)) throw new Error(`${processFile} has no line "version: <number>," in its definition. Add it.`);
  await refuseUnpublished(root, folder, `${id}@${version}`);
  const frozen = `${folder}-v${version}`;
  if (await exists(frozen)) throw new Error(`${frozen} is there already. Take it away, or raise the version in ${processFile}.`);
  const [catalog, forms] = await Promise.all([
    readFile(join(root, CATALOGS.catalog), 'utf8'),
    readFile(join(root, CATALOGS.forms), 'utf8'),
  ]);
  const next = {
    process: nextProcess(source, version, from),
    catalog: withFrozenDefinition(catalog, id, version),
    forms: withFrozenForms(forms, id, version),
  };
  await cp(folder, frozen, { recursive: true });
  await Promise.all([
    writeFile(processFile, next.process),
    writeFile(join(root, CATALOGS.catalog), next.catalog),
    writeFile(join(root, CATALOGS.forms), next.forms),
  ]);
  return version + 1;
}

/** What is frozen must be what was published: a working copy that has changed already would be kept as if it had been in force. */
async function refuseUnpublished(root: string, folder: string, key: string): Promise<void> {
  const published: Record<string, string> = JSON.parse(await readFile(join(root, CATALOGS.published), 'utf8'));
  if (published[key] === undefined) throw new Error(`${key} is not published: change it as it is, no new version is needed.`);
  if (published[key] !== (await fingerprintOf(folder))) {
    throw new Error(
      `${basename(folder)} has changed since ${key} was published. Put it back, begin the new version, then change it.`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function nextProcess(source: string, version: number, from: string | undefined): string {
  const bare = source.replace(/^ {2}effectiveFrom: '[^']*',\n/m, '');
  const day = from === undefined ? '' : `\n  effectiveFrom: '${from}',`;
  return bare.replace(`  version: ${version},`, `  version: ${version + 1},${day}`);
}

/** Replaces text that must stand there. */
function replaced(text: string, what: RegExp, by: string, file: string): string {
  if (!what.test(text))
    throw new Error(`${file} is not written as expected: nothing matches ${what}. Mend it, or add the lines by hand.`);
  return text.replace(what, by);
}

function importOf(text: string, path: string, file: string): string {
  const name = new RegExp(`^import \\{ (\\w+) \\} from '\\./processes/${path}';$`, 'm').exec(text)?.[1];
  if (name === undefined)
    throw new Error(`${file} does not import './processes/${path}' on a line of its own. Add the process first.`);
  return name;
}

function withFrozenDefinition(text: string, id: string, version: number): string {
  const file = CATALOGS.catalog;
  const name = importOf(text, `${id}/process.ts`, file);
  const line = `import { ${name} } from './processes/${id}/process.ts';`;
  const frozen = `import { ${name} as ${name}V${version} } from './processes/${id}-v${version}/process.ts';`;
  const imported = text.replace(line, `${line}\n${frozen}`);
  return replaced(
    imported,
    /(definitions: readonly ProcessDefinition\[\] = \[)([^\]]*?)(,?\s*)\];/,
    `$1$2, ${name}V${version}];`,
    file,
  );
}

function withFrozenForms(text: string, id: string, version: number): string {
  const file = CATALOGS.forms;
  const name = importOf(text, `${id}/form.ts`, file);
  const line = `import { ${name} } from './processes/${id}/form.ts';`;
  const frozen = `import { ${name} as ${name}V${version} } from './processes/${id}-v${version}/form.ts';`;
  const entry = new RegExp(`^ {2}'${id}@${version}': ${name},$`, 'm');
  const both = `  '${id}@${version}': ${name}V${version},\n  '${id}@${version + 1}': ${name},`;
  return replaced(text.replace(line, `${line}\n${frozen}`), entry, both, file);
}
