/** Writes the directory, the calendar and settings; each change raises the version that transitions read. */
import { inArray, sql } from 'drizzle-orm';
import type { CalendarDay } from '../definitions/language/calendar.ts';
import type { Absence, Directory } from '../definitions/language/directory.ts';
import type { Json } from '../definitions/language/json.ts';
import type { Database, Transaction } from './client.ts';
import * as schema from './schema/index.ts';
import { takeWorld } from './world-lock.ts';

/** Changes what transitions read from outside their matter, in one transaction, and makes them see it. */
export async function changeWorld(db: Database, change: (tx: Transaction) => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await takeWorld(tx);
    await tx.execute(sql`update world_version set version = version + 1 where id = 1`);
    await change(tx);
  });
}

/** Whether the directory has anybody. */
export async function hasDirectory(db: Database): Promise<boolean> {
  const rows = await db.select({ id: schema.people.id }).from(schema.people).limit(1);
  return rows.length > 0;
}

/** Writes a whole directory into empty tables. */
export async function insertDirectory(tx: Transaction, directory: Directory): Promise<void> {
  const posts = Object.values(directory.posts);
  const holdings = posts.flatMap((post) =>
    post.holders.map((one) => ({ post: post.id, person: one.person, firstDay: one.from, lastDay: one.to })),
  );
  const covers = posts.flatMap((post) => post.covers.map((person, rank) => ({ post: post.id, person, rank })));
  await tx.insert(schema.campuses).values(directory.campuses);
  await tx.insert(schema.units).values(Object.values(directory.units));
  await tx.insert(schema.people).values(Object.values(directory.people));
  await tx
    .insert(schema.posts)
    .values(posts.map(({ id, name, role, unit, campus }) => ({ id, name, role, unit, campus: campus ?? null })));
  if (holdings.length > 0) await tx.insert(schema.postHoldings).values(holdings);
  if (covers.length > 0) await tx.insert(schema.covers).values(covers);
  const resources = Object.values(directory.resources);
  if (resources.length > 0) await tx.insert(schema.resources).values(resources);
  if (directory.absences.length > 0) await tx.insert(schema.absences).values(directory.absences);
}

/** Adds or replaces calendar days and published years. */
export async function putCalendar(
  tx: Transaction,
  calendar: { years: readonly number[]; days: Readonly<Record<string, CalendarDay>> },
): Promise<void> {
  const days = Object.entries(calendar.days).map(([date, day]) => ({ date, ...day }));
  if (days.length > 0) {
    await tx
      .insert(schema.holidays)
      .values(days)
      .onConflictDoUpdate({
        target: schema.holidays.date,
        set: { kind: sql`excluded.kind`, name: sql`excluded.name`, source: sql`excluded.source` },
      });
  }
  if (calendar.years.length > 0) {
    await tx
      .insert(schema.publishedYears)
      .values(calendar.years.map((year) => ({ year })))
      .onConflictDoNothing();
  }
}

/** Takes days out of the calendar: they are what their weekday says again. */
export async function dropDays(tx: Transaction, dates: readonly string[]): Promise<void> {
  if (dates.length > 0) await tx.delete(schema.holidays).where(inArray(schema.holidays.date, [...dates]));
}

/** Sets a school's own value of a setting. */
export async function putSetting(
  tx: Transaction,
  setting: { processId: string; key: string; value: Json; basis: string },
): Promise<void> {
  await tx
    .insert(schema.settings)
    .values(setting)
    .onConflictDoUpdate({
      target: [schema.settings.processId, schema.settings.key],
      set: { value: setting.value, basis: setting.basis },
    });
}

/** Records an absence; one that begins at the same instant is there already, as after a double click. */
export async function addAbsence(tx: Transaction, absence: Absence): Promise<void> {
  await tx.insert(schema.absences).values(absence).onConflictDoNothing();
}
