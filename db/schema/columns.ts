/** Column types that all tables share. */
import { customType, jsonb } from 'drizzle-orm/pg-core';
import { type KeptMatter, modernState } from '../../workflows/machine/fold/state-format.ts';
import type { Matter } from '../../workflows/machine/state.ts';

/** An instant: `timestamptz` in the database, ISO text in UTC with `Z` in code, so that it compares as text. */
export const instant = customType<{ data: string; driverData: string | Date }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => value,
  fromDriver: (value) => new Date(value).toISOString(),
});

/** Bytes. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});

/** A range of instants, `[from, to)`. */
export const instantRange = customType<{ data: string; driverData: string }>({
  dataType: () => 'tstzrange',
});

/** A matter's state: a row that earlier code wrote is read in the shape of today. */
export const matterState = customType<{ data: Matter; driverData: string | KeptMatter }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => modernState(typeof value === 'string' ? JSON.parse(value) : value),
});

/** JSON of a known shape. */
export function json<T>(name: string) {
  return jsonb(name).$type<T>();
}
