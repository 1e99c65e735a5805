/** Who works where, holds which post and covers for whom; what is scarce; when the school works. Every change raises `world_version`. */
import { boolean, date, index, integer, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { POST_ROLES, RESOURCE_KINDS, UNIT_KINDS } from '../../definitions/language/directory.ts';
import type { Json } from '../../definitions/language/json.ts';
import { instant, json } from './columns.ts';

export const unitKind = pgEnum('unit_kind', UNIT_KINDS);
export const postRole = pgEnum('post_role', POST_ROLES);
export const resourceKind = pgEnum('resource_kind', RESOURCE_KINDS);
export const dayKind = pgEnum('day_kind', ['off', 'work']);

/** One row: the version of everything that a transition reads from outside its matter. */
export const worldVersion = pgTable('world_version', { id: integer('id').primaryKey(), version: integer('version').notNull() });

export const campuses = pgTable('campuses', { id: text('id').primaryKey(), name: text('name').notNull() });

export const units = pgTable('units', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  shortName: text('short_name').notNull(),
  kind: unitKind('kind').notNull(),
  campus: text('campus')
    .notNull()
    .references(() => campuses.id),
  parent: text('parent'),
  leaderPost: text('leader_post'),
});

export const people = pgTable('people', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  unit: text('unit')
    .notNull()
    .references(() => units.id),
  phone: text('phone').notNull(),
  /** Where mail to them goes, or null. */
  email: text('email'),
  active: boolean('active').notNull(),
  capabilities: json<string[]>('capabilities').notNull().default([]),
});

export const posts = pgTable('posts', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: postRole('role').notNull(),
  unit: text('unit')
    .notNull()
    .references(() => units.id),
  campus: text('campus'),
});

/** A dated holding of a post; `last_day` null while it lasts. */
export const postHoldings = pgTable(
  'post_holdings',
  {
    post: text('post')
      .notNull()
      .references(() => posts.id),
    person: text('person')
      .notNull()
      .references(() => people.id),
    firstDay: date('first_day').notNull(),
    lastDay: date('last_day'),
  },
  (table) => [
    primaryKey({ columns: [table.post, table.person, table.firstDay] }),
    index('post_holdings_person').on(table.person),
  ],
);

/** Who covers a post when its holders are away, in order. */
export const covers = pgTable(
  'covers',
  {
    post: text('post')
      .notNull()
      .references(() => posts.id),
    person: text('person')
      .notNull()
      .references(() => people.id),
    rank: integer('rank').notNull(),
  },
  (table) => [primaryKey({ columns: [table.post, table.person] })],
);

export const absences = pgTable(
  'absences',
  {
    person: text('person')
      .notNull()
      .references(() => people.id),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    reason: text('reason').notNull(),
    /** Who stands in for them in this absence, before the covers of their posts. */
    cover: text('cover').references(() => people.id),
  },
  (table) => [primaryKey({ columns: [table.person, table.from] })],
);

export const resources = pgTable('resources', {
  id: text('id').primaryKey(),
  kind: resourceKind('kind').notNull(),
  name: text('name').notNull(),
  campus: text('campus').notNull(),
  attributes: json<Record<string, string | number>>('attributes').notNull(),
  active: boolean('active').notNull(),
});

/** Days that differ from Monday to Friday: the published arrangement and the school's own overrides, with their source. */
export const holidays = pgTable('holidays', {
  date: date('date').primaryKey(),
  kind: dayKind('kind').notNull(),
  name: text('name').notNull(),
  source: text('source').notNull(),
});

/** Years whose official arrangement is known; due dates beyond them are provisional. */
export const publishedYears = pgTable('published_years', { year: integer('year').primaryKey() });

/** The school's own value of a setting, with where it stands written. Process id `*` means every process. */
export const settings = pgTable(
  'settings',
  {
    processId: text('process_id').notNull(),
    key: text('key').notNull(),
    value: json<Json>('value').notNull(),
    basis: text('basis').notNull(),
  },
  (table) => [primaryKey({ columns: [table.processId, table.key] })],
);
