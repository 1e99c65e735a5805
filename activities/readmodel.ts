/** Writes the read model of one transition: matter, people, tasks, effects. The same code rebuilds it from the record. */
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { fileIdsIn } from '../db/files.ts';
import { files, matterFiles, matterLinks, matterPeople, matters } from '../db/schema/index.ts';
import type { OuterWorld } from '../db/world.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import { latenessOf, overdueFrom } from '../workflows/machine/clock/overdue.ts';
import type { MatterEvent } from '../workflows/machine/events.ts';
import type { PeopleWorld } from '../workflows/machine/people/posts.ts';
import { opennessOf } from '../workflows/machine/people/rights.ts';
import { participantsOf, registerRow } from '../workflows/machine/records.ts';
import type { Matter, MatterState } from '../workflows/machine/state.ts';
import { statusOf } from '../workflows/machine/status.ts';
import { listedOf } from '../workflows/machine/telling/listed.ts';
import { noticesOf } from '../workflows/machine/telling/notices.ts';
import { noteChange, writeNotices } from './notices.ts';
import { writeConsequences } from './readmodel/effects.ts';
import { writeLedger } from './readmodel/ledger.ts';
import { writeTasks } from './readmodel/tasks.ts';

/** What a transition writes besides its events. */
export interface ReadModelInput {
  definition: ProcessDefinition;
  matter: Matter;
  events: readonly MatterEvent[];
  head: string;
  nameOf: (id: string) => string;
  /** Directory and calendar as they are now; in a rebuild too, so rows should take no more from them than what is dated there. */
  outer: OuterWorld;
  /** The matter before the events: what has ended in them is known only there. */
  before: MatterState;
}

/**
 * The statements of one transition, started at once so that they travel together; await them all.
 * @param options.notices the world in which people are told, or false in a rebuild: what was told once is not told again.
 */
export function writeReadModel(
  tx: Transaction,
  input: ReadModelInput,
  options: { notices: PeopleWorld | false },
): Promise<unknown>[] {
  return [
    ...(options.notices === false ? [] : [noteChange(tx, input.matter, peopleOf(input))]),
    writeMatter(tx, input),
    ...writePeople(tx, input),
    ...writeTasks(tx, input),
    ...writeFiles(tx, input),
    ...writeLinks(tx, input),
    ...writeConsequences(tx, input),
    ...writeLedger(tx, input),
    ...(options.notices === false ? [] : tell(tx, input, options.notices)),
  ];
}

function writeMatter(tx: Transaction, { definition, matter, head, nameOf }: ReadModelInput): Promise<unknown> {
  const changing = {
    // Another once an administrator has moved it.
    version: matter.version,
    supervised: definition.supervised,
    keptOut: [...opennessOf(definition, matter).keptOut],
    title: matter.title,
    status: statusOf(matter),
    updatedAt: matter.updatedAt,
    endedAt: matter.ending?.at ?? null,
    dueAt: matter.due.dueAt,
    yellowAt: matter.due.yellowAt,
    orangeAt: matter.due.orangeAt,
    overdueFrom: overdueFrom(latenessOf(matter)),
    corrections: matter.counts.corrections,
    returns: matter.counts.returns,
    register: registerRow(definition, matter, nameOf),
    sequence: matter.sequence,
    lastHash: head,
    state: matter,
    listed: listedOf(matter),
  };
  const row = {
    id: matter.id,
    no: matter.no,
    processId: matter.processId,
    applicantId: matter.applicant.id,
    unitId: matter.applicant.unit,
    startedAt: matter.startedAt,
    parentId: matter.parent?.matterId ?? null,
    ...changing,
  };
  return tx.insert(matters).values(row).onConflictDoUpdate({ target: matters.id, set: changing });
}

function peopleOf({ definition, matter }: ReadModelInput): string[] {
  return participantsOf(definition, matter).map(({ person }) => person);
}

function writePeople(tx: Transaction, { definition, matter }: ReadModelInput): Promise<unknown>[] {
  const rows = participantsOf(definition, matter).map(({ person, participation }) => ({
    matterId: matter.id,
    personId: person,
    participation,
    startedAt: matter.startedAt,
  }));
  // Who applied or acted stays; whose turn it is and whom the form concerns changes.
  const current = rows.map((row) => `${row.participation} ${row.personId}`);
  const gone = and(
    eq(matterPeople.matterId, matter.id),
    inArray(matterPeople.participation, ['assignee', 'concerned']),
    sql`${matterPeople.participation}::text || ' ' || ${matterPeople.personId} <> all(${sql.param(`{${current.map((one) => JSON.stringify(one)).join(',')}}`)}::text[])`,
  );
  return [tx.delete(matterPeople).where(gone), tx.insert(matterPeople).values(rows).onConflictDoNothing()];
}

/** Notes the matters that this one started, and what became of them. */
function writeLinks(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  const changed = new Set(
    events.flatMap((event) => {
      if (event.type === 'MattersLinked') return event.facts.links.map((link) => link.id);
      return event.type === 'LinkChanged' ? [event.facts.link] : [];
    }),
  );
  const rows = Object.values(matter.links)
    .filter((link) => changed.has(link.id))
    .map(({ id, matterId, no, processId, status }) => ({
      matterId: matter.id,
      link: id,
      childId: matterId,
      no,
      processId,
      status,
    }));
  if (rows.length === 0) return [];
  const set = { no: sql`excluded.no`, status: sql`excluded.status` };
  const target = [matterLinks.matterId, matterLinks.link];
  return [tx.insert(matterLinks).values(rows).onConflictDoUpdate({ target, set })];
}

/**
 * Notes which files the events name, and so who may read them. Any text may look like a file's id, so only what belongs to the
 * author of its event is noted: naming a stranger's file opens it to nobody.
 */
function writeFiles(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  const named = new Map<string, Set<string>>();
  for (const { by, facts } of events) {
    const ids = by.kind === 'person' ? fileIdsIn(facts) : [];
    if (by.kind === 'person' && ids.length > 0) named.set(by.id, new Set([...(named.get(by.id) ?? []), ...ids]));
  }
  return [
    ...handedOver(tx, matter, events),
    ...[...named].map(([person, ids]) =>
      tx
        .insert(matterFiles)
        .select(
          tx
            .select({ matterId: sql<string>`${matter.id}::text`.as('matter_id'), fileId: files.id })
            .from(files)
            .where(and(inArray(files.id, [...ids]), or(isNull(files.ownerId), eq(files.ownerId, person)))),
        )
        .onConflictDoNothing(),
    ),
  ];
}

/** The papers that the matter which started this one gave it: what it may give was looked at when it was started. */
function handedOver(tx: Transaction, matter: Matter, events: readonly MatterEvent[]): Promise<unknown>[] {
  const first = events[0];
  if (first?.type !== 'MatterStarted' || first.facts.parent === undefined) return [];
  const rows = first.facts.attachments.map((fileId) => ({ matterId: matter.id, fileId }));
  return rows.length === 0 ? [] : [tx.insert(matterFiles).values(rows).onConflictDoNothing()];
}

function tell(tx: Transaction, { definition, matter, events }: ReadModelInput, world: PeopleWorld): Promise<unknown>[] {
  return writeNotices(tx, world.calendar, matter, noticesOf(definition, matter, events, world));
}
