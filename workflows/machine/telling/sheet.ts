/**
 * The printed sheet 处理单 of a matter as a model: what stands on it, in which order, in words. How it looks is for whoever prints it.
 * This is the sheet of every process; a process that has a layout of its own makes another {@link Sheet} from the same source.
 */
import { schoolTime } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Json, JsonObject } from '../../../definitions/language/json.ts';
import { statusInChinese } from '../../../definitions/language/register-words.ts';
import { itemsOf } from '../round/items.ts';
import type { Matter } from '../state.ts';
import { statusOf } from '../status.ts';
import { placesOf } from '../tree.ts';
import { actionInChinese, type OpinionRecord } from './opinions.ts';
import { type ReadableField, type Reading, readableFields } from './readable.ts';

/** What a sheet is made from. */
export interface SheetSource {
  definition: ProcessDefinition;
  matter: Matter;
  opinions: readonly OpinionRecord[];
  /** JSON Schemas of the form and of each step's output. */
  schemas: { form: JsonObject; outputs: Readonly<Record<string, JsonObject>> };
  reading: Reading;
  /** The school's name, or null while it is not set. */
  school: string | null;
  /** When it is printed, UTC, and by whom; a name. */
  printed: { at: string; by: string };
}

/** One opinion on the sheet. */
export interface SheetOpinion {
  /** Of whom, with 代 where somebody stood in, and what the item was for; null where silence counted. */
  who: string | null;
  /** In school time, `YYYY-MM-DD HH:mm`. */
  at: string;
  says: string;
  opinion: string | null;
  /** Second and later rounds of a step are marked. */
  round: number;
  added: boolean;
  output: ReadableField[];
  attachments: string[];
}

/** The sheet. Every text is in Chinese and not yet escaped. */
export interface Sheet {
  school: string | null;
  heading: string;
  no: string;
  title: string;
  /** Number, applicant, unit, dates and state: pairs of a label and a text. */
  facts: { label: string; text: string }[];
  fields: ReadableField[];
  /** Names of the papers that came with the application. */
  attachments: string[];
  /** A column 意见栏 for each step at which somebody decided, in the order of the definition. */
  columns: { title: string; opinions: SheetOpinion[] }[];
  /** What administrators did to it; marked for ever. */
  marks: string[];
  outcome: string | null;
  printed: string;
}

/** The school's name as its settings for every process (`*`) have it, or null while it is not set. */
export function schoolNameIn(settings: Readonly<Record<string, Readonly<Record<string, Json>>>>): string | null {
  const name = settings['*']?.schoolName;
  return typeof name === 'string' && name !== '' ? name : null;
}

/** The sheet of any process. */
export function sheetOf(source: SheetSource): Sheet {
  const { definition, matter, reading, school, printed, schemas } = source;
  const time = (instant: string) => schoolTime(reading.calendar, instant);
  const { ending } = matter;
  return {
    school,
    heading: `${definition.name}处理单`,
    no: matter.no,
    title: matter.title,
    facts: factsOf(source, time),
    fields: readableFields(matter.form, schemas.form, reading),
    attachments: matter.attachments.map((id) => reading.fileName(id) ?? id),
    columns: columnsOf(source, time),
    marks: matter.interventions.map(({ at, name, about, reason }) => `${time(at)} 管理员${name}干预:${about},理由:${reason}`),
    outcome: ending === null ? null : `${statusInChinese(ending.code)}:${ending.text}(${time(ending.at)})`,
    printed: `打印时间:${time(printed.at)} 打印人:${printed.by}`,
  };
}

function factsOf({ matter, reading }: SheetSource, time: (instant: string) => string): Sheet['facts'] {
  const { applicant, unitName, startedAt, due, parent } = matter;
  const unit = reading.directory.units[applicant.unit]?.name ?? unitName;
  return [
    { label: '办件编号', text: matter.no },
    { label: '状态', text: statusInChinese(statusOf(matter)) },
    { label: '申请人', text: applicant.name },
    { label: '申请单位', text: unit },
    { label: '申请时间', text: time(startedAt) },
    { label: '办结时限', text: time(due.dueAt) },
    ...(parent === null ? [] : [{ label: '来源办件', text: parent.no }]),
  ];
}

function columnsOf(source: SheetSource, time: (instant: string) => string): Sheet['columns'] {
  const { definition, opinions } = source;
  const columns = new Map<string, { title: string; opinions: SheetOpinion[] }>();
  // The definition's own steps first, in its order; what stood beside the flow comes after.
  for (const id of placesOf(definition).keys()) columns.set(id, { title: '', opinions: [] });
  for (const one of opinions) {
    if (one.takenBack) continue;
    const column = columns.get(one.step) ?? { title: '', opinions: [] };
    if (column.title === '') column.title = one.stepName;
    column.opinions.push(opinionOf(source, one, time));
    columns.set(one.step, column);
  }
  return [...columns.values()].filter((column) => column.opinions.length > 0);
}

function opinionOf(
  { definition, matter, schemas, reading }: SheetSource,
  one: OpinionRecord,
  time: (instant: string) => string,
): SheetOpinion {
  const { units, people } = reading.directory;
  const items = itemsOf(definition, matter, one.visit).map((id) => units[id]?.name ?? people[id]?.name ?? id);
  const cover = one.coverFor === null ? '' : `代${one.coverForName ?? one.coverFor}`;
  return {
    who: one.name === null ? null : [`${one.name}${cover}`, ...items].join('·'),
    at: time(one.at),
    says: actionInChinese(one.action),
    opinion: one.opinion,
    round: one.round,
    added: one.added,
    output: one.output === null ? [] : readableFields(one.output, schemas.outputs[one.step] ?? null, reading),
    attachments: one.attachments.map((id) => reading.fileName(id) ?? id),
  };
}
