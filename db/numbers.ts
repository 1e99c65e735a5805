/** Numbers without gaps or doubles: a counter row whose change is rolled back with the transaction that took it. */
import { sql } from 'drizzle-orm';
import type { Transaction } from './client.ts';
import { numbers } from './schema/index.ts';

/** The next serial of a series in a year. Whoever takes one holds the row until their transaction ends. */
export async function nextSerial(tx: Transaction, series: string, year: number): Promise<number> {
  const rows = await tx
    .insert(numbers)
    .values({ series, year, last: 1 })
    .onConflictDoUpdate({ target: [numbers.series, numbers.year], set: { last: sql`${numbers.last} + 1` } })
    .returning({ last: numbers.last });
  const serial = rows[0]?.last;
  if (serial === undefined) throw new Error(`No number could be taken from series ${series} of ${year}`);
  return serial;
}

/** A matter's number: `YYSQ-2026-0001`. */
export function matterNumber(prefix: string, year: number, serial: number): string {
  return `${prefix}-${year}-${String(serial).padStart(4, '0')}`;
}
