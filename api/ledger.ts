/** Rows of the supervision ledger as they are shown: with names, who holds them now, and their topics. */
import type { z } from 'zod';
import type { LedgerFilter, LedgerPlace, ListedRow } from '../db/ledger.ts';
import { evidenceOf, filesNamed, holdersOfMatters, topicsOfMatters } from '../db/ledger-course.ts';
import type { progressReports } from '../db/schema/index.ts';
import { topicExists } from '../db/topics.ts';
import { namesIn, type OuterWorld } from '../db/world.ts';
import { addDays, atSchoolTime, type WorkingCalendar } from '../definitions/language/calendar.ts';
import type { Directory } from '../definitions/language/directory.ts';
import type { Fault } from '../definitions/language/json.ts';
import { SUPERVISION_SOURCE_NAMES } from '../definitions/language/supervision.ts';
import { isRowOverdue, ledgerLight } from '../workflows/machine/supervision/ledger.ts';
import { headAt } from '../workflows/machine/supervision/rights.ts';
import { placesOf } from '../workflows/machine/tree.ts';
import { mattersInPlaceOf } from './boxes.ts';
import type { ApiContext, Asker } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { definitionOf, presentHead } from './present.ts';
import { Problem } from './problem.ts';
import type { ledgerItemSchema, ledgerQuery, progressPageSchema } from './schemas/supervision.ts';

export type LedgerItemDto = z.input<typeof ledgerItemSchema>;
type ReportRow = typeof progressReports.$inferSelect;
type Named = { id: string; name: string };

/** An id with its name; null stays null. */
export function named(world: Pick<OuterWorld, 'directory'>, id: string): Named;
export function named(world: Pick<OuterWorld, 'directory'>, id: string | null): Named | null;
export function named({ directory }: Pick<OuterWorld, 'directory'>, id: string | null): Named | null {
  return id === null ? null : { id, name: namesIn(directory)(id) };
}

/** What somebody asks of the ledger, as the tables are asked. @throws Problem 422 naming every id that there is none of. */
export async function filterOf(
  context: ApiContext,
  asker: Asker,
  query: Omit<z.output<typeof ledgerQuery>, 'cursor' | 'limit' | 'count'>,
): Promise<LedgerFilter> {
  const { world } = asker;
  const { from, to, ...rest } = query;
  const faults = unknownIds(world.directory, query);
  if (query.topic !== undefined && !(await topicExists(context.db, query.topic)))
    faults.push({ path: '/topic', message: '没有这个专项,请填写专项编号' });
  if (faults.length > 0) throw new Problem('bad-input', '查询条件有误', { faults });
  return { ...rest, ...daysWithin(world.calendar, from, to), standingIn: await mattersInPlaceOf(context, asker) };
}

/** A filter by something that there is not would answer with an empty list, as if there were nothing to do. */
function unknownIds(directory: Directory, { unit, leader }: { unit?: string | undefined; leader?: string | undefined }): Fault[] {
  const faults: Fault[] = [];
  if (unit !== undefined && !Object.hasOwn(directory.units, unit))
    faults.push({ path: '/unit', message: '没有这个单位,请填写单位编号,如 u-office' });
  if (leader !== undefined && !Object.hasOwn(directory.people, leader))
    faults.push({ path: '/leader', message: '没有这个人,请填写人员编号,如 p-gu-mingzhe' });
  return faults;
}

/** The instants between two days of the school, both counted: `[from, to)`. */
export function daysWithin(
  calendar: WorkingCalendar,
  from: string | undefined,
  to: string | undefined,
): { from: string | undefined; to: string | undefined } {
  return {
    from: from === undefined ? undefined : atSchoolTime(calendar, from, '00:00'),
    to: to === undefined ? undefined : atSchoolTime(calendar, addDays(to, 1), '00:00'),
  };
}

/** The cursor of a place in the ledger; those that have ended are told apart in its id. */
export function cursorOf({ ended, at, id }: LedgerPlace): string {
  return encodeCursor(at, `${ended ? 'ended' : 'open'}:${id}`);
}

/** The place that a cursor stands for. @throws Problem 422 for one that we did not make. */
export function placeOf(cursor: string | undefined): LedgerPlace | undefined {
  const place = decodeCursor(cursor);
  if (place === undefined) return undefined;
  const [, kind, id] = /^(open|ended):(.+)$/.exec(place.id) ?? [];
  if (id === undefined)
    throw new Problem('bad-input', '翻页标记无效,请从第一页重新查询', { faults: [{ path: '/cursor', message: '翻页标记无效' }] });
  return { ended: kind === 'ended', at: place.at, id };
}

/** Rows as they are shown. */
export async function presentRows(
  context: ApiContext,
  { world, now }: Asker,
  rows: readonly ListedRow[],
): Promise<LedgerItemDto[]> {
  const ids = rows.map(({ row }) => row.matterId);
  const [held, topics] = await Promise.all([holdersOfMatters(context.db, ids), topicsOfMatters(context.db, ids)]);
  return rows.map((listed) => ({
    ...presentRow(listed, world, now),
    topics: topics.filter((one) => one.matterId === listed.row.matterId).map(({ id, name }) => ({ id, name })),
    holders: held
      .filter((one) => one.matterId === listed.row.matterId)
      .map(({ step, name, assignees, dueAt }) => ({
        step,
        name,
        people: assignees.map((one) => ({ id: one.id, name: one.name })),
        dueAt,
      })),
  }));
}

function presentRow(
  { row, matter, watched }: ListedRow,
  world: OuterWorld,
  now: string,
): Omit<LedgerItemDto, 'topics' | 'holders'> {
  return {
    matter: presentHead(matter, world, now),
    source: { code: row.source, name: SUPERVISION_SOURCE_NAMES[row.source] },
    sourceRef: row.sourceRef,
    content: row.content,
    lead: named(world, row.leadUnit),
    assist: row.assistUnits.map((unit) => named(world, unit)),
    responsible: named(world, responsibleNow({ row, matter }, world, now)),
    leader: named(world, row.leader),
    level: row.level,
    dueAt: row.dueAt,
    light: ledgerLight(row, now),
    overdue: isRowOverdue(row, now),
    overdueFrom: row.overdueFrom,
    percent: row.percent,
    progress: row.progress,
    progressAt: row.progressAt,
    feedbackDueAt: row.feedbackDueAt,
    feedbackMissed: row.feedbackMissed,
    extensions: row.extensions,
    checker: named(world, row.checker),
    checkedAt: row.checkedAt,
    result: row.result,
    reportedTo: named(world, row.reportedTo),
    reportedAt: row.reportedAt,
    adjustment: row.adjustment,
    delayReason: row.delayReason,
    watched,
  };
}

/** Who answers for a row: whoever heads the lead unit by now, where it was written with who headed it then. */
function responsibleNow({ row, matter }: Pick<ListedRow, 'row' | 'matter'>, world: OuterWorld, now: string): string | null {
  const { leadUnit, responsible, endedAt } = row;
  if (leadUnit === null || endedAt !== null) return responsible;
  const headOf = (at: string) => headAt(world.directory, world.calendar, leadUnit, at);
  return responsible === headOf(matter.updatedAt) ? (headOf(now) ?? responsible) : responsible;
}

/** The evidence 佐证 of matters, each file with its name. */
export async function evidenceFiles(
  context: ApiContext,
  matterIds: readonly string[],
): Promise<(matterId: string) => { id: string; name: string; size: number }[]> {
  const found = await evidenceOf(context.db, matterIds);
  const names = await filesNamed(context.db, [...found.values()].flat());
  return (matterId) => (found.get(matterId) ?? []).flatMap((id) => names.get(id) ?? []);
}

/** Progress reports with the files that prove them. */
export async function presentReports(
  context: ApiContext,
  { world }: Asker,
  matter: ListedRow['matter'],
  rows: readonly ReportRow[],
): Promise<z.input<typeof progressPageSchema>['items']> {
  const evidence = await filesNamed(
    context.db,
    rows.flatMap((row) => row.attachments),
  );
  const places = placesOf(definitionOf(matter));
  return rows.map(({ sequence, at, step, personId, percent, text, attachments }) => ({
    sequence,
    at,
    step,
    stepName: places.get(step)?.step.name ?? step,
    person: named(world, personId),
    percent,
    text,
    evidence: attachments.flatMap((id) => evidence.get(id) ?? []),
  }));
}
