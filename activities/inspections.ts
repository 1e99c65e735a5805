/** The daily duty of inspections 督查: opens the rounds of topics that are due, and says which inspections are late. */
import { createHash } from 'node:crypto';
import type { Transaction } from '../db/client.ts';
import {
  insertInspection,
  POPULATION_MAX,
  populationOf,
  setNextRound,
  type TopicRow,
  takeLate,
  topicsDue,
} from '../db/inspections.ts';
import { appendTo } from '../db/journal.ts';
import { tellPeople } from '../db/notices.ts';
import type { OuterWorld } from '../db/world.ts';
import { nextWorkingMoment, schoolDate } from '../definitions/language/calendar.ts';
import { inspectionDueOn, inspectionSettings, nextRoundOn, roundIsDue } from '../workflows/machine/supervision/inspect.ts';
import type { Duty } from './office-day.ts';

/** Opens what is due and reminds of what is late; a day that was missed is made up for. */
export const inspectionsDuty: Duty = async ({ db, cache }, now) => {
  const world = await cache.now(db);
  const today = schoolDate(world.calendar, now);
  let opened = 0;
  // One topic a transaction: what fails in one keeps no other from its round.
  for (;;) {
    const done = await db.transaction(async (tx) => {
      const [topic] = await topicsDue(tx, today);
      if (topic === undefined || !roundIsDue(topic, today)) return false;
      await openRound(tx, topic, world, now);
      return true;
    });
    if (!done) break;
    opened += 1;
  }
  const late = await db.transaction((tx) => remind(tx, world, now));
  return `${opened} rounds opened, ${late} late inspections told`;
};

/** A round over all open items of a topic; none where it has no open item, and the next is set in any case. */
async function openRound(tx: Transaction, topic: TopicRow, world: OuterWorld, now: string): Promise<void> {
  const { calendar } = world;
  const due = topic.nextInspectionOn ?? schoolDate(calendar, now);
  let next = nextRoundOn(calendar, due, topic.inspectEveryMonths ?? 1);
  // After a long stop one round is opened, not one for each that was missed.
  while (next <= schoolDate(calendar, now)) next = nextRoundOn(calendar, next, topic.inspectEveryMonths ?? 1);
  await setNextRound(tx, topic.id, next);
  const items = (await populationOf(tx, { topic: topic.id })).slice(0, POPULATION_MAX);
  if (items.length === 0) return;
  const id = `insp-${createHash('sha256').update(`${topic.id}\n${due}`).digest('hex').slice(0, 20)}`;
  const row = await insertInspection(tx, {
    id,
    kind: 'round',
    title: (round) => `${topic.name}第${round}轮面上督查`,
    topicId: topic.id,
    criteria: { topic: topic.id },
    population: items.map((one) => one.no),
    seed: null,
    items,
    openedBy: null,
    openedAt: now,
    dueOn: inspectionDueOn(calendar, now, inspectionSettings(world.settings)),
  });
  const facts = { kind: 'round', items: items.length, topic: topic.id };
  await appendTo(tx, 'office', {
    at: now,
    person: null,
    action: 'open-inspection',
    target: id,
    code: 'done',
    requestId: null,
    facts,
  });
  await tell(tx, world, now, topic.supervisor, id, `${row.title}已发起,共${items.length}件,请于${row.dueOn}前完成`);
}

async function remind(tx: Transaction, world: OuterWorld, now: string): Promise<number> {
  const late = await takeLate(tx, schoolDate(world.calendar, now), now);
  for (const { id, title, dueOn, supervisor } of late) {
    if (supervisor !== null) await tell(tx, world, now, supervisor, id, `${title}应于${dueOn}完成,现已超期`);
  }
  return late.length;
}

function tell(tx: Transaction, { calendar }: OuterWorld, now: string, person: string, id: string, text: string): Promise<void> {
  return tellPeople(tx, {
    kind: 'inspected',
    people: [person],
    text,
    matterId: null,
    link: `/inspections/${id}`,
    at: now,
    deliverAt: nextWorkingMoment(calendar, now),
  });
}
