/**
 * Excel workbooks as streams. Every piece is pulled by its reader: a slow one makes the database wait, one that goes ends the query,
 * and no more than a page is ever held. (ExcelJS, which our tests read them with, writes ahead of its reader without a bound.)
 */
import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { LOOKS, type Look } from './cells.ts';
import { type Sheet, sheetXml, xmlText } from './sheet.ts';

/** Media type of an Excel workbook. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Number format, font and frame of each look. Number formats: 0 general, 49 text, from 164 on our own. */
const STYLES: Readonly<Record<Look, string>> = {
  plain: '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  header:
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">' +
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>',
  text: styled(49, 0, ' wrapText="1"'),
  number: styled(0, 0),
  day: styled(164, 0, ' horizontal="center"'),
  minute: styled(165, 0, ' horizontal="center"'),
  label: styled(49, 1),
  sum: styled(0, 1),
};

function styled(format: number, font: number, alignment = ''): string {
  const head = `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"`;
  return `${head} applyAlignment="1"><alignment vertical="top"${alignment}/></xf>`;
}

const STYLE_SHEET = [
  `${XML}<styleSheet xmlns="${MAIN}">`,
  '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>',
  '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>',
  '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>',
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
  '<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill></fills>',
  '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>',
  '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="${LOOKS.length}">${LOOKS.map((look) => STYLES[look]).join('')}</cellXfs>`,
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join('');

/** The name of a sheet: what Excel forbids left out, at most 31 characters. */
export function sheetName(name: string): string {
  const clean = name.replaceAll(/[[\]:*?/\\']/g, '').trim();
  return [...clean].slice(0, 31).join('') || '台账';
}

/** The parts of a workbook that are no sheets, by path. */
function partsOf(names: readonly string[]): Record<string, string> {
  const sheets = names.map((name, at) => `<sheet name="${xmlText(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('');
  // Each printed page begins with the header.
  const titles = names
    .map((name, at) => `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">'${xmlText(name)}'!$1:$1</definedName>`)
    .join('');
  const relations = names
    .map((_, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`)
    .join('');
  const types = names
    .map((_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>`)
    .join('');
  return {
    '[Content_Types].xml':
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${SPREADSHEET}.styles+xml"/>${types}</Types>`,
    '_rels/.rels':
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets}</sheets>` +
      `<definedNames>${titles}</definedNames></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relations}` +
      `<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLE_SHEET,
  };
}

/** A workbook, to be read. Destroying it ends the pages of its sheets; a fault of theirs ends it. */
export function workbookStream(sheets: readonly Sheet[]): Readable {
  const zip = new ZipFile();
  const out = zip.outputStream.pipe(new PassThrough());
  const sources: Readable[] = [];
  for (const [path, text] of Object.entries(partsOf(sheets.map(({ name }) => sheetName(name))))) {
    zip.addBuffer(Buffer.from(text), path);
  }
  for (const [at, sheet] of sheets.entries()) {
    const source = Readable.from(sheetXml(sheet), { objectMode: false, highWaterMark: 16_384 });
    source.once('error', (error) => out.destroy(error));
    sources.push(source);
    zip.addReadStream(source, `xl/worksheets/sheet${at + 1}.xml`, { compressionLevel: 1 });
  }
  zip.once('error', (error: Error) => out.destroy(error));
  out.once('close', () => {
    for (const source of sources) source.destroy();
  });
  zip.end();
  return out;
}
