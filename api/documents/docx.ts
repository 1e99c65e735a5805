/**
 * Word files (ECMA-376, WordprocessingML) in the layout of official documents: A4, 28 pt a line, page numbers between dashes.
 * Fonts that a machine lacks fall back to ones that it has.
 */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { xmlText } from './xlsx/sheet.ts';

/** Media type of a Word file. */
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Fonts of official documents, with what stands in for each. Latin letters and figures stand in Times New Roman. */
const FONTS = {
  head: { name: '方正小标宋简体', instead: '宋体' },
  body: { name: '仿宋_GB2312', instead: '仿宋' },
  black: { name: '黑体', instead: 'SimHei' },
  song: { name: '宋体', instead: 'SimSun' },
} as const;

/** A piece of text. Sizes in half points: 2号 44, 3号 32, 4号 28, 五号 21. */
export interface Run {
  text: string;
  font: keyof typeof FONTS;
  size: number;
  /** Six hexadecimal digits. */
  color?: string;
}

/** A paragraph, or a table whose header stands again on each page. */
export type Block =
  | {
      kind: 'paragraph';
      runs: readonly Run[];
      align: 'left' | 'center' | 'right' | 'both';
      /** Whether its first line stands in by two characters of 3号. */
      indented?: boolean;
      /** Whether its lines are 28 pt apart; else as its font wants. */
      fixedLines?: boolean;
      /** Points before and after. */
      before?: number;
      after?: number;
      /** Twips from the right margin. */
      fromRight?: number;
      /** Whether it stays on the page of what follows. */
      keepNext?: boolean;
      /** A line below it, six hexadecimal digits of colour. */
      underline?: string;
    }
  | {
      kind: 'table';
      columns: readonly { title: string; share: number; align?: 'left' | 'right' }[];
      rows: readonly (readonly string[])[];
    };

/** Twentieths of a point, which Word counts in. */
const mm = (millimetres: number): number => Math.round((millimetres / 25.4) * 1440);
/** GB/T 9704-2012: 37 mm above, 28 mm at the left; the type area is 156 mm by 225 mm. */
const MARGINS = { top: mm(37), right: mm(26), bottom: mm(35), left: mm(28), footer: mm(28) };
const WIDTH = mm(156);
const LINE = 28 * 20;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const NAMES = `xmlns:w="${MAIN}" xmlns:r="${OFFICE}"`;

function looksOf({ font, size, color }: Omit<Run, 'text'>): string {
  const fonts = `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="${FONTS[font].name}"/>`;
  const coloured = color === undefined ? '' : `<w:color w:val="${color}"/>`;
  return `<w:rPr>${fonts}${coloured}<w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr>`;
}

function runXml(run: Run): string {
  return `<w:r>${looksOf(run)}<w:t xml:space="preserve">${xmlText(run.text)}</w:t></w:r>`;
}

function paragraphXml(one: Extract<Block, { kind: 'paragraph' }>): string {
  const { runs, align, indented, fixedLines, before = 0, after = 0, fromRight, keepNext, underline } = one;
  const border = `<w:pBdr><w:bottom w:val="single" w:sz="16" w:space="6" w:color="${underline}"/></w:pBdr>`;
  const line = fixedLines === true ? ` w:line="${LINE}" w:lineRule="exact"` : '';
  const right = fromRight === undefined ? '' : ` w:right="${fromRight}"`;
  // In hundredths of a character, and in twips for readers that know no characters.
  const first = indented === true ? ` w:firstLineChars="200" w:firstLine="${2 * 16 * 20}"` : '';
  // The order of these is fixed by the schema.
  const looks = [
    keepNext === true ? '<w:keepNext/>' : '',
    underline === undefined ? '' : border,
    `<w:spacing w:before="${before * 20}" w:after="${after * 20}"${line}/>`,
    right + first === '' ? '' : `<w:ind${right}${first}/>`,
    `<w:jc w:val="${align}"/>`,
  ].join('');
  return `<w:p><w:pPr>${looks}</w:pPr>${runs.map(runXml).join('')}</w:p>`;
}

function tableXml({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const widths = columns.map(({ share }) => Math.floor((share / whole) * WIDTH));
  const cell = (text: string, at: number, font: keyof typeof FONTS, align: 'left' | 'center' | 'right') => {
    const content = paragraphXml({ kind: 'paragraph', align, runs: [{ text, font, size: 21 }] });
    return `<w:tc><w:tcPr><w:tcW w:w="${widths[at] ?? 0}" w:type="dxa"/></w:tcPr>${content}</w:tc>`;
  };
  const header = columns.map(({ title }, at) => cell(title, at, 'black', 'center')).join('');
  const lines = rows.map((row) => {
    const cells = row.map((text, at) => cell(text, at, 'song', columns[at]?.align ?? 'left')).join('');
    return `<w:tr><w:trPr><w:cantSplit/></w:trPr>${cells}</w:tr>`;
  });
  const sides = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'];
  const borders = sides.map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>`).join('');
  return [
    `<w:tbl><w:tblPr><w:tblW w:w="${WIDTH}" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders><w:tblLayout w:type="fixed"/>`,
    '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>',
    `<w:tblGrid>${widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('')}</w:tblGrid>`,
    `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>${header}</w:tr>${lines.join('')}</w:tbl>`,
  ].join('');
}

function documentXml(blocks: readonly Block[]): string {
  const { top, right, bottom, left, footer } = MARGINS;
  const body = blocks.map((block) => (block.kind === 'table' ? tableXml(block) : paragraphXml(block))).join('');
  return [
    `${XML}<w:document ${NAMES}><w:body>${body}<w:sectPr><w:footerReference w:type="default" r:id="rId1"/>`,
    `<w:pgSz w:w="${mm(210)}" w:h="${mm(297)}"/><w:pgMar w:top="${top}" w:right="${right}" w:bottom="${bottom}" w:left="${left}"`,
    ` w:header="${mm(15)}" w:footer="${footer}" w:gutter="0"/></w:sectPr></w:body></w:document>`,
  ].join('');
}

function footerXml(): string {
  const looks = looksOf({ font: 'song', size: 28 });
  const text = (words: string) => runXml({ text: words, font: 'song', size: 28 });
  const mark = (type: string) => `<w:r>${looks}<w:fldChar w:fldCharType="${type}"/></w:r>`;
  const field = `${mark('begin')}<w:r>${looks}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>${mark('end')}`;
  return `${XML}<w:ftr ${NAMES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>${text('— ')}${field}${text(' —')}</w:p></w:ftr>`;
}

function fontsXml(): string {
  const fonts = Object.values(FONTS).map(
    ({ name, instead }) => `<w:font w:name="${name}"><w:altName w:val="${instead}"/></w:font>`,
  );
  return `${XML}<w:fonts ${NAMES}>${fonts.join('')}</w:fonts>`;
}

function partsOf(title: string, author: string, blocks: readonly Block[]): Record<string, string> {
  const related = (id: number, type: string, target: string) => `<Relationship Id="rId${id}" Type="${type}" Target="${target}"/>`;
  const relations = (...all: string[]) => `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
  const part = (path: string, type: string) => `<Override PartName="${path}" ContentType="${type}"/>`;
  return {
    '[Content_Types].xml': [
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>`,
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
      part('/word/document.xml', `${WORD}.document.main+xml`),
      part('/word/footer1.xml', `${WORD}.footer+xml`),
      part('/word/fontTable.xml', `${WORD}.fontTable+xml`),
      `${part('/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml')}</Types>`,
    ].join(''),
    '_rels/.rels': relations(
      related(1, `${OFFICE}/officeDocument`, 'word/document.xml'),
      related(2, `${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'),
    ),
    'docProps/core.xml': [
      `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`,
      `<dc:title>${xmlText(title)}</dc:title><dc:creator>${xmlText(author)}</dc:creator></cp:coreProperties>`,
    ].join(''),
    'word/document.xml': documentXml(blocks),
    'word/_rels/document.xml.rels': relations(
      related(1, `${OFFICE}/footer`, 'footer1.xml'),
      related(2, `${OFFICE}/fontTable`, 'fontTable.xml'),
    ),
    'word/footer1.xml': footerXml(),
    'word/fontTable.xml': fontsXml(),
  };
}

/** The bytes of a Word file. */
export async function wordFile(title: string, author: string, blocks: readonly Block[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(partsOf(title, author, blocks))) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  return buffer(zip.outputStream);
}
