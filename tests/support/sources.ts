/** The project's own sources as tests of its shape read them: files, their imports, their exports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that hold code of ours. */
export const FOLDERS = [
  'definitions',
  'workflows',
  'activities',
  'workers',
  'api',
  'db',
  'runtime',
  'scripts',
  'bench',
  'tests',
  'web',
];

/** One source file, its path from the root with forward slashes. */
export interface Source {
  path: string;
  text: string;
}

/** One import, export-from or dynamic import. */
export interface Import {
  /** As written: `../a.ts`, `node:fs`, `zod`. */
  from: string;
  /** Erased when the program runs: `import type`, `export type`. */
  typeOnly: boolean;
}

/** Every `.ts` and `.tsx` file of our own. */
export function allSources(): Source[] {
  return FOLDERS.flatMap((folder) => filesIn(join(ROOT, folder)))
    .map((file) => ({ path: relative(ROOT, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names.filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules')).map((name) => join(folder, name));
}

// Statements begin their line, since the formatter sees to it; what stands in a comment or a text does not.
const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'([^']+)';/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** The imports of one source text. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(STATEMENT)) found.push({ from: match[2] ?? '', typeOnly: match[1] !== undefined });
  for (const match of text.matchAll(DYNAMIC)) found.push({ from: match[1] ?? '', typeOnly: false });
  return found;
}

/** The file of ours that an import means, as a path from the root, or null for a package. */
export function resolveImport(importer: string, from: string): string | null {
  return from.startsWith('.') ? posix.join(dirname(importer), from) : null;
}

/** The circles in a graph, each as the files along it. */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    const at = trail.indexOf(node);
    if (at >= 0) circles.push([...trail.slice(at), node]);
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

/** Everything that can be reached from a start, the start too. */
export function reachedFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    open.push(...(graph.get(node) ?? []));
  }
  return reached;
}
