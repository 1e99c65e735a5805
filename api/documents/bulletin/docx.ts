/** A bulletin as a Word file, in the layout of official documents. */
import { type Block, type Run, wordFile } from '../docx.ts';
import { type BulletinDocument, headOf, isAddress, type Part, partsOf, printed, signatureOf } from './parts.ts';

const body = (text: string): Run => ({ text, font: 'body', size: 32 });
const RED = 'CC0000';

function blockOf(part: Part): Block {
  switch (part.kind) {
    case 'heading': {
      const runs: Run[] = [{ text: part.text, font: 'black', size: 32 }];
      return { kind: 'paragraph', align: 'left', runs, indented: true, fixedLines: true, keepNext: true };
    }
    case 'paragraph':
      return { kind: 'paragraph', align: 'both', runs: [body(part.text)], indented: !isAddress(part.text), fixedLines: true };
    case 'table':
      return { kind: 'table', columns: part.columns, rows: part.rows.map((row) => row.map(printed)) };
  }
}

/** The bytes of the file. */
export function bulletinDocx(document: BulletinDocument): Promise<Buffer> {
  const { words, figures } = document;
  const { series, issue } = headOf(document);
  const head: Block[] = [
    { kind: 'paragraph', align: 'center', after: 10, runs: [{ text: series, font: 'head', size: 84, color: RED }] },
    { kind: 'paragraph', align: 'center', after: 24, runs: [body(issue)], underline: RED },
    { kind: 'paragraph', align: 'center', after: 24, runs: [{ text: words.title, font: 'head', size: 44 }] },
  ];
  const signature = signatureOf(document).map(
    (line, at): Block => ({
      kind: 'paragraph',
      align: 'right',
      runs: [body(line)],
      fixedLines: true,
      before: at === 0 ? 28 : 0,
      fromRight: 2 * 16 * 20,
      keepNext: at === 0,
    }),
  );
  return wordFile(words.title, figures.issuer, [...head, ...partsOf(document).map(blockOf), ...signature]);
}
