/** Where kept histories lie: Temporal's own protobuf, compressed, one file for each run of a workflow. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const ending = '.pb.gz';
// CommonJS whose exports Node can't see from outside: an import would work in Vitest only.
const { temporal } = createRequire(import.meta.url)('@temporalio/proto') as typeof import('@temporalio/proto');
const { History } = temporal.api.history.v1;

/** A history as Temporal's client brings it and its worker replays it. */
export type History = Parameters<typeof History.encode>[0];

/** The history of one run. */
export interface KeptHistory {
  /** `<process>@<version>.<path>`, and `.2` and so on for each later run. */
  name: string;
  history: History;
}

/** Every kept history, in the order of their names. */
export function keptHistories(): KeptHistory[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => ({
      name: file.slice(0, -ending.length),
      history: History.decode(gunzipSync(readFileSync(`${folder}${file}`))),
    }));
}

/** Whether a history is kept under a name. */
export function isKept(name: string): boolean {
  return existsSync(`${folder}${name}${ending}`);
}

/** Takes out the stack traces of failures, in place: they name folders of whoever recorded, and no replay looks at them. */
function withoutStackTraces(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if ('stackTrace' in value && value.stackTrace !== '') value.stackTrace = '';
  for (const one of Object.values(value)) withoutStackTraces(one);
}

/**
 * Keeps these histories beside those that are kept already, which stay as they are: matters may still run that began so. To have one
 * recorded anew, delete it first. @returns the size in bytes of each that was new, by name.
 */
export function keepHistories(histories: readonly KeptHistory[]): Record<string, number> {
  mkdirSync(folder, { recursive: true });
  return Object.fromEntries(
    histories
      .filter(({ name }) => !isKept(name))
      .map(({ name, history }) => {
        withoutStackTraces(history);
        const packed = gzipSync(History.encode(history).finish(), { level: 9 });
        writeFileSync(`${folder}${name}${ending}`, packed);
        return [name, packed.length];
      }),
  );
}
