/** A bulletin as a web page that prints on A4 (layout of documents: GB/T 9704-2012). No script, nothing from elsewhere. */
import { type BulletinDocument, headOf, isAddress, type Part, partsOf, printed, signatureOf } from './parts.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}

const STYLE = `
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —"; font: 14pt SimSun, serif; } }
body { font: 16pt/28pt "FangSong_GB2312", "仿宋_GB2312", FangSong, "仿宋", STFangsong, "Noto Serif CJK SC", serif; color: #000; margin: 0 auto; max-width: 156mm; }
.series { font: 40pt/1.2 "FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", SimSun, serif; color: #c00; text-align: center; letter-spacing: .2em; margin: 0; }
.issue { text-align: center; margin: 12pt 0 4pt; }
hr { border: 0; border-top: 2pt solid #c00; margin: 0 0 24pt; }
h1 { font: 22pt/32pt "FZXiaoBiaoSong-B05S", "方正小标宋简体", "Noto Serif CJK SC", SimSun, serif; text-align: center; margin: 0 0 24pt; }
h2 { font: 16pt/28pt SimHei, "黑体", "Noto Sans CJK SC", sans-serif; text-indent: 2em; margin: 0; break-after: avoid; }
p { text-indent: 2em; margin: 0; text-align: justify; }
p.to { text-indent: 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 10.5pt; line-height: 15pt; margin: 6pt 0 10pt; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: .5pt solid #000; padding: 2pt 3pt; overflow-wrap: anywhere; vertical-align: top; }
th { font-family: SimHei, "黑体", "Noto Sans CJK SC", sans-serif; font-weight: normal; text-align: center; }
td.right { text-align: right; }
.signature { text-align: right; margin: 28pt 2em 0 0; break-inside: avoid; }
@media screen { body { padding: 12mm; } }
`;

function partHtml(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `<h2>${escaped(part.text)}</h2>`;
    case 'paragraph':
      return `<p${isAddress(part.text) ? ' class="to"' : ''}>${escaped(part.text)}</p>`;
    case 'table': {
      const whole = part.columns.reduce((sum, { share }) => sum + share, 0);
      const cols = part.columns.map(({ share }) => `<col style="width:${((share / whole) * 100).toFixed(1)}%">`).join('');
      const head = part.columns.map(({ title }) => `<th scope="col">${escaped(title)}</th>`).join('');
      const rows = part.rows.map((row) => {
        const cells = row.map((value, at) => {
          const right = part.columns[at]?.align === 'right' ? ' class="right"' : '';
          return `<td${right}>${escaped(printed(value))}</td>`;
        });
        return `<tr>${cells.join('')}</tr>`;
      });
      return `<table><colgroup>${cols}</colgroup><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
    }
  }
}

/** The page. */
export function bulletinHtml(document: BulletinDocument): string {
  const { series, issue } = headOf(document);
  const title = escaped(document.words.title);
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
    `<meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body>`,
    `<p class="series">${escaped(series)}</p><p class="issue">${escaped(issue)}</p><hr><h1>${title}</h1>`,
    ...partsOf(document).map(partHtml),
    `<div class="signature">${signatureOf(document).map(escaped).join('<br>')}</div></body></html>`,
  ].join('\n');
}

/** What a browser may do with the page: show it, and nothing else. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-modals";
