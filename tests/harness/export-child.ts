/** Exports a whole register to a file and tells how much memory that took: `export-child.ts <database url> <process> <file>`. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cellOf } from '../../api/documents/xlsx/cells.ts';
import { workbookStream } from '../../api/documents/xlsx/workbook.ts';
import { connectDatabase } from '../../db/client.ts';
import { registerPages } from '../../db/registers.ts';
import { WorldCache } from '../../db/world.ts';
import { newestDefinition } from '../../definitions/catalog.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { viewerOf } from '../../workflows/machine/people/rights.ts';

const [url = '', id = '', file = ''] = process.argv.slice(2);
const { db, close } = connectDatabase(url, { connections: 2 });
const now = new Date().toISOString();
const { directory, calendar } = await new WorldCache().now(db);
const viewer = viewerOf(directory, calendar, demoCast.administrator, now);
const definition = newestDefinition(id);
if (viewer === null || definition === undefined) throw new Error(`Nobody may export ${id}`);

/** Exports it all. @returns rows, and milliseconds. */
async function exported(to: string): Promise<{ rows: number; milliseconds: number }> {
  const began = performance.now();
  const columns = definition!.register;
  let rows = 0;
  async function* pages() {
    for await (const page of registerPages(db, viewer!, { process: id }, now)) {
      rows += page.length;
      yield page.map(({ register }) => columns.map(({ key }) => cellOf(register[key] ?? null, calendar)));
    }
  }
  await pipeline(workbookStream([{ name: definition!.name, columns, pages: pages() }]), createWriteStream(to));
  return { rows, milliseconds: Math.round(performance.now() - began) };
}

const { rss } = process.memoryUsage;
const before = rss();
const cpuBefore = process.cpuUsage();
let peak = before;
const watching = setInterval(() => {
  peak = Math.max(peak, rss());
}, 20);
const done = await exported(file);
clearInterval(watching);
await close();
const { user, system } = process.cpuUsage(cpuBefore);
console.log(
  JSON.stringify({ ...done, cpuMs: Math.round((user + system) / 1000), rssBefore: before, rssPeak: Math.max(peak, rss()) }),
);
