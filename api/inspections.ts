/** How inspections are shown, and how a sample is drawn. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { ListedItem } from '../db/inspection-items.ts';
import type { InspectionRow, TopicRow } from '../db/inspections.ts';
import { namesIn } from '../db/world.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import { inspectionSettings, objectionUntil } from '../workflows/machine/supervision/inspect.ts';
import type { InspectionResult } from '../workflows/machine/words.ts';
import type { Asker } from './context.ts';
import { criteriaSchema, type inspectionSchema, type itemSchema } from './schemas/inspections.ts';

/** How anybody can draw a sample again. */
export const RULE = '对总体中每个编号计算 SHA-256(种子 + 换行 + 编号),按十六进制由小到大取前若干个';

/** The rank of a number under a seed, see {@link RULE}. */
export function drawnFrom(seed: string): (no: string) => string {
  return (no) => createHash('sha256').update(`${seed}\n${no}`).digest('hex');
}

/** A person or unit with their name. */
export function nameIn({ world }: Asker, id: string): { id: string; name: string } {
  return { id, name: namesIn(world.directory)(id) };
}

/** An inspection as the asker sees it. @param counts of items that they see. */
export function inspectionDto(
  asker: Asker,
  row: InspectionRow,
  counts: ReadonlyMap<string, Record<InspectionResult, number>>,
  topics: readonly TopicRow[],
): z.input<typeof inspectionSchema> {
  const { id, kind, title, round, openedAt, openedBy, dueOn, closedAt, seed, sampleSize, population } = row;
  const topic = topics.find((one) => one.id === row.topicId);
  const today = schoolDate(asker.world.calendar, asker.now);
  return {
    id,
    kind,
    title,
    round,
    topic: topic === undefined ? null : { id: topic.id, name: topic.name },
    criteria: criteriaSchema.parse(row.criteria),
    openedBy: openedBy === null ? null : nameIn(asker, openedBy),
    openedAt,
    dueOn,
    closedAt,
    overdue: closedAt === null && dueOn < today,
    counts: counts.get(id) ?? { pending: 0, passed: 0, failed: 0, excused: 0 },
    draw: seed === null ? null : { seed, sampleSize: sampleSize ?? 0, populationSize: population.length, rule: RULE },
  };
}

/** An item as the asker sees it. */
export function itemDto(asker: Asker, item: ListedItem): z.input<typeof itemSchema> {
  const { world } = asker;
  const person = (id: string | null) => (id === null ? null : nameIn(asker, id));
  const { objection, objectedBy, objectedAt } = item;
  return {
    inspection: item.inspectionId,
    matter: { no: item.no, title: item.title },
    leadUnit: person(item.leadUnit),
    result: item.result,
    finding: item.finding,
    evidence: item.evidence,
    checkedBy: person(item.checkedBy),
    checkedAt: item.checkedAt,
    failuresOnEnd: item.failuresOnEnd,
    objectionUntil:
      item.result === 'failed' ? objectionUntil(world.calendar, item.checkedAt, inspectionSettings(world.settings)) : null,
    objection:
      objection === null || objectedBy === null || objectedAt === null
        ? null
        : {
            text: objection,
            by: nameIn(asker, objectedBy),
            at: objectedAt,
            upheld: item.objectionUpheld,
            answer: item.objectionAnswer,
            decidedBy: person(item.objectionDecidedBy),
            decidedAt: item.objectionDecidedAt,
          },
  };
}
