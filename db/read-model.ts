/**
 * The tables that are made from the record, and how one matter's part of them is made anew beside the old one: in temporary
 * tables of the same names, which the same statements then write to, and which are compared row by row in the end.
 */
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from './client.ts';

/** Each table with the condition that picks one matter's rows; `$` stands for the matter's id. */
const TABLES = {
  matters: 'id = $',
  matter_people: 'matter_id = $',
  tasks: 'matter_id = $',
  // A task's id begins with its matter's.
  task_people: "starts_with(task_id, $ || '-')",
  bookings: 'matter_id = $',
  bulletin_queue: 'matter_id = $',
  archive_entries: 'matter_id = $',
  matter_files: 'matter_id = $',
  matter_links: 'matter_id = $',
  ledger: 'matter_id = $',
  progress_reports: 'matter_id = $',
  urges: 'matter_id = $',
  matter_search: 'matter_id = $',
} as const;

/** A table that is made from the record. */
export type ReadModelTable = keyof typeof TABLES;

/** Their names. */
// The keys of a constant are exactly its type's.
export const READ_MODEL_TABLES = Object.keys(TABLES) as ReadModelTable[];

/**
 * Puts empty temporary tables in front of the real ones, for this session: whoever names `tasks` means `pg_temp.tasks` from then on.
 * They empty themselves after each transaction.
 * @param session a pool of exactly one connection.
 */
export async function shadowReadModel(session: Database): Promise<void> {
  for (const table of READ_MODEL_TABLES) {
    // Bookings are replayed in the order of one matter, which may cross another's for a moment: without the ban on overlaps.
    const like = table === 'bookings' ? 'including defaults' : 'including defaults including indexes';
    await session.execute(
      sql.raw(`create temporary table if not exists ${table} (like public.${table} ${like}) on commit delete rows`),
    );
  }
}

function rowsOf(table: ReadModelTable, matterId: string) {
  const [before = '', ...after] = TABLES[table].split('$');
  return after.reduce((text, part) => sql`${text}${matterId}::text${sql.raw(part)}`, sql.raw(before));
}

/** Takes away what of a matter is not as the shadow has it. @returns how many rows. */
export async function removeWrong(tx: Transaction, matterId: string): Promise<number> {
  let removed = 0;
  for (const table of READ_MODEL_TABLES) {
    const result = await tx.execute(sql`delete from ${sql.raw(`public.${table}`)} as real where ${rowsOf(table, matterId)}
      and not exists (select 1 from ${sql.raw(`pg_temp.${table}`)} as made where row(made.*) is not distinct from row(real.*))`);
    removed += result.count;
  }
  return removed;
}

/** Puts in what of a matter only the shadow has. @returns how many rows. */
export async function insertMissing(tx: Transaction, matterId: string): Promise<number> {
  let inserted = 0;
  for (const table of READ_MODEL_TABLES) {
    const result =
      await tx.execute(sql`insert into ${sql.raw(`public.${table}`)} select made.* from ${sql.raw(`pg_temp.${table}`)} as made
      where not exists (select 1 from ${sql.raw(`public.${table}`)} as real where ${rowsOf(table, matterId)}
        and row(real.*) is not distinct from row(made.*))`);
    inserted += result.count;
  }
  return inserted;
}

/** Takes away rows of matters that the record has never heard of. @returns how many. */
export async function removeUnheardOf(tx: Transaction): Promise<number> {
  let removed = 0;
  for (const table of READ_MODEL_TABLES) {
    const matter =
      table === 'matters'
        ? 'real.id'
        : table === 'task_people'
          ? "regexp_replace(real.task_id, '-[0-9]+$', '')"
          : 'real.matter_id';
    const result = await tx.execute(
      sql.raw(`delete from public.${table} as real
      where not exists (select 1 from events where matter_id = ${matter}) and not exists (select 1 from commands where matter_id = ${matter})`),
    );
    removed += result.count;
  }
  return removed;
}
