/** What must hold of every record and its read model, whatever was killed meanwhile. */
import postgres from 'postgres';
import { hashOf } from '../../db/events.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';

interface Row {
  matterId: string;
  sequence: number;
  at: Date;
  type: string;
  actorKind: 'person' | 'clock' | 'matter';
  actorId: string | null;
  commandId: string;
  facts: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

/** What a database holds, counted. */
export interface RecordCount {
  matters: number;
  events: number;
  commands: number;
  openTasks: number;
}

/**
 * Looks at everything in a database.
 * @returns the faults found, empty when all is well, and how much was looked at.
 */
export async function inspectRecord(databaseUrl: string): Promise<{ faults: string[]; count: RecordCount }> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const rows = await sql<Row[]>`
      select matter_id as "matterId", sequence, at, type, actor_kind as "actorKind", actor_id as "actorId",
        command_id as "commandId", facts, previous_hash as "previousHash", hash
      from events order by matter_id, sequence`;
    const commands = await sql<{ id: string; matterId: string; lastSequence: number }[]>`
      select id, matter_id as "matterId", last_sequence as "lastSequence" from commands`;
    const matters = await sql<{ id: string; no: string; sequence: number; lastHash: string; tasks: string[] }[]>`
      select id, no, sequence, last_hash as "lastHash", array(select jsonb_object_keys(state->'tasks')) as tasks from matters`;
    const open = await sql<{ id: string; matterId: string; people: number }[]>`
      select id, matter_id as "matterId", (select count(*)::int from task_people where task_id = tasks.id and status = 'open') as people
      from tasks where status = 'open'`;
    const faults = [
      ...chainFaults(rows),
      ...commandFaults(rows, commands),
      ...matters.flatMap((matter) => {
        const last = rows.findLast((row) => row.matterId === matter.id);
        return last?.sequence === matter.sequence && last.hash === matter.lastHash
          ? []
          : [`${matter.no} is not its events' fold`];
      }),
      ...open.flatMap((task) => {
        const alive = matters.some((matter) => matter.id === task.matterId && matter.tasks.includes(task.id));
        return [...(alive ? [] : [`${task.id} is a ghost`]), ...(task.people > 0 ? [] : [`${task.id} is nobody's`])];
      }),
      ...matters.flatMap((one) =>
        one.tasks.filter((id) => !open.some((task) => task.id === id)).map((id) => `${id} is in no list`),
      ),
      ...numberFaults(matters.map((matter) => matter.no)),
    ];
    return {
      faults,
      count: { matters: matters.length, events: rows.length, commands: commands.length, openTasks: open.length },
    };
  } finally {
    await sql.end();
  }
}

function chainFaults(rows: readonly Row[]): string[] {
  const faults: string[] = [];
  let before: Row | undefined;
  for (const row of rows) {
    const last = before?.matterId === row.matterId ? before : undefined;
    const at = `event ${row.sequence} of ${row.matterId}`;
    if (row.sequence !== (last?.sequence ?? 0) + 1) faults.push(`${at} follows ${last?.sequence ?? 0}`);
    if (row.previousHash !== (last?.hash ?? '')) faults.push(`${at} is not chained to the one before`);
    if (row.hash !== hashOf(row.previousHash, row.matterId, eventOf(row))) faults.push(`${at} was changed`);
    if (last !== undefined && row.at < last.at) faults.push(`${at} is earlier than the one before`);
    before = row;
  }
  return faults;
}

function eventOf(row: Row): MatterEvent {
  const by = row.actorKind === 'clock' ? { kind: 'clock' } : { kind: row.actorKind, id: row.actorId };
  const { sequence, type, facts } = row;
  // Only its hash is taken, which asks for no more than these fields.
  return { sequence, at: row.at.toISOString(), by, command: row.commandId, type, facts } as unknown as MatterEvent;
}

/** Each command's events stand together, and it is noted once, with the last of them. */
function commandFaults(
  rows: readonly Row[],
  commands: readonly { id: string; matterId: string; lastSequence: number }[],
): string[] {
  const faults: string[] = [];
  const ends = new Map<string, number>();
  let running = '';
  for (const row of rows) {
    if (row.commandId !== running && ends.has(row.commandId)) faults.push(`command ${row.commandId} was carried out twice`);
    ends.set(row.commandId, row.sequence);
    running = row.commandId;
  }
  for (const { id, lastSequence } of commands)
    if (ends.get(id) !== lastSequence) faults.push(`command ${id} is not in the record`);
  if (ends.size !== commands.length) faults.push(`${ends.size} commands in the record, ${commands.length} noted`);
  return faults;
}

/** Numbers of a series and year run from 1 without a hole or a double. */
function numberFaults(numbers: readonly string[]): string[] {
  const series = new Map<string, number[]>();
  for (const no of numbers) {
    const cut = no.lastIndexOf('-');
    series.set(no.slice(0, cut), [...(series.get(no.slice(0, cut)) ?? []), Number(no.slice(cut + 1))]);
  }
  return [...series].flatMap(([name, taken]) => {
    const sorted = taken.sort((a, b) => a - b);
    return sorted.every((serial, at) => serial === at + 1) ? [] : [`${name} has the numbers ${sorted.join(', ')}`];
  });
}
