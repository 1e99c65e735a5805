/** Writes a bulletin into a folder, in every form that it has. */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bulletinDocx } from './docx.ts';
import { bulletinHtml } from './html.ts';
import type { BulletinDocument } from './parts.ts';
import { bulletinWorkbook } from './xlsx.ts';

/** Writes web page, Word file and workbook, as `supervision-2026-10.html` and so on. @returns their paths. */
export async function writeBulletinFiles(folder: string, document: BulletinDocument): Promise<string[]> {
  const { kind, month } = document.figures;
  const [html, docx, xlsx] = ['html', 'docx', 'xlsx'].map((ending) => join(folder, `${kind}-${month}.${ending}`)) as [
    string,
    string,
    string,
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(html, bulletinHtml(document));
  await writeFile(docx, await bulletinDocx(document));
  await pipeline(bulletinWorkbook(document), createWriteStream(xlsx));
  return [html, docx, xlsx];
}
