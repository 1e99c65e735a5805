/** The printed sheet as one page of HTML for A4 paper: no script, nothing fetched from anywhere, every text escaped. */
import type { ReadableField } from './readable.ts';
import type { Sheet, SheetOpinion } from './sheet.ts';

/** A text as it stands in HTML, in an element or between quotation marks; lines stay lines by style. */
export function escapeHtml(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}

const STYLE = `@page { size: A4; margin: 20mm 18mm 16mm 22mm }
body { font: 12pt/1.6 "FangSong", "STFangsong", "Noto Serif CJK SC", serif; color: #000; max-width: 170mm; margin: 0 auto }
h1 { font: 700 18pt/1.4 "SimHei", "STHeiti", "Noto Sans CJK SC", sans-serif; text-align: center; margin: 0 0 4mm }
h1 small { display: block; font-size: 14pt; font-weight: 400 }
table { border-collapse: collapse; width: 100%; margin: 0 0 3mm; table-layout: fixed }
th, td { border: 0.3mm solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-wrap }
th { width: 30mm; font-weight: 700 }
td table { margin: 0; font-size: 10.5pt } td th { width: auto }
.opinion { break-inside: avoid; margin: 0 0 2mm } .opinion p { margin: 0 } .sign { text-align: right }
tr { break-inside: avoid } footer { font-size: 9pt; color: #333 }`;

/** The whole page. */
export function sheetPage(sheet: Sheet): string {
  const { school, heading, no, title, facts, fields, attachments, columns, marks, outcome, printed } = sheet;
  const name = school === null ? '' : `<small>${escapeHtml(school)}</small>`;
  const rows = [
    row('标题', escapeHtml(title)),
    ...fields.map((field) => row(field.title, fieldHtml(field))),
    ...(attachments.length === 0 ? [] : [row('附件', escapeHtml(numbered(attachments)))]),
    ...columns.map((column) => row(column.title, column.opinions.map(opinionBlock).join(''))),
    ...(marks.length === 0 ? [] : [row('干预记录', escapeHtml(marks.join('\n')))]),
    row('办理结果', escapeHtml(outcome ?? '尚未办结')),
  ];
  return [
    `<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(`${heading} ${no}`)}</title>`,
    `<style>${STYLE}</style></head><body><h1>${name}${escapeHtml(heading)}</h1>`,
    `<table>${factRows(facts)}</table>`,
    `<table>${rows.join('\n')}</table>`,
    `<footer>${escapeHtml(printed)}</footer></body></html>\n`,
  ].join('\n');
}

function row(label: string, html: string): string {
  return `<tr><th>${escapeHtml(label)}</th><td>${html}</td></tr>`;
}

/** Two facts a line. */
function factRows(facts: Sheet['facts']): string {
  const cells = facts.map(({ label, text }) => `<th>${escapeHtml(label)}</th><td>${escapeHtml(text)}</td>`);
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += 2) lines.push(`<tr>${cells[at]}${cells[at + 1] ?? '<th></th><td></td>'}</tr>`);
  return lines.join('\n');
}

function fieldHtml(field: ReadableField): string {
  if (field.table === undefined) return escapeHtml(field.text);
  const { columns, rows } = field.table;
  const head = `<tr>${columns.map((one) => `<th>${escapeHtml(one)}</th>`).join('')}</tr>`;
  const body = rows.map((cells) => `<tr>${cells.map((one) => `<td>${escapeHtml(one)}</td>`).join('')}</tr>`);
  return `<table>${head}${body.join('')}</table>`;
}

function opinionBlock(one: SheetOpinion): string {
  const kind = [one.round > 1 ? `第${one.round}轮` : '', one.added ? '加签' : ''].filter((word) => word !== '').join('、');
  const says = `${one.says}${kind === '' ? '' : `(${kind})`}`;
  const lines = [
    `<p><b>${escapeHtml(says)}</b>${one.opinion === null ? '' : ` ${escapeHtml(one.opinion)}`}</p>`,
    ...one.output.map((field) => `<div>${escapeHtml(field.title)}:${fieldHtml(field)}</div>`),
    ...(one.attachments.length === 0 ? [] : [`<p>附:${escapeHtml(one.attachments.join('、'))}</p>`]),
    `<p class="sign">${escapeHtml([one.who ?? '', one.at].filter((word) => word !== '').join(' '))}</p>`,
  ];
  return `<div class="opinion">${lines.join('')}</div>`;
}

function numbered(names: readonly string[]): string {
  return names.map((name, at) => `${at + 1}. ${name}`).join('\n');
}
