/** Reads what a transition needs from outside its matter: directory, calendar, settings. Cached by version, read as of the transaction. */
import { sql } from 'drizzle-orm';
import type { WorkingCalendar } from '../definitions/language/calendar.ts';
import type { Absence, Directory, Person, Post, Resource, Unit } from '../definitions/language/directory.ts';
import type { Json } from '../definitions/language/json.ts';
import type { World } from '../workflows/machine/world.ts';
import type { Database, Transaction } from './client.ts';

/** Office hours of the demo school (design §6); a school's own stand in its settings under `*`/`officeHours`. */
export const DEMO_OFFICE_HOURS = [
  { from: '08:30', to: '12:00' },
  { from: '14:00', to: '17:30' },
];

/** Minutes that Asia/Shanghai is ahead of UTC, all year. */
const SHANGHAI_OFFSET_MINUTES = 480;

/** Everything outside matters at one version. */
export interface OuterWorld {
  version: number;
  directory: Directory;
  calendar: WorkingCalendar;
  /** Overrides by process id; `*` for every process. */
  settings: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

interface Loaded {
  version: number;
  campuses: { id: string; name: string }[];
  units: Unit[];
  people: Person[];
  posts: Post[];
  absences: Absence[];
  resources: Resource[];
  holidays: { date: string; kind: 'off' | 'work'; name: string; source: string }[];
  years: number[];
  settings: { processId: string; key: string; value: Json }[];
}

// One statement, so that all parts come from one snapshot.
const LOAD = sql`select json_build_object(
  'version', (select version from world_version where id = 1),
  'campuses', (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by id), '[]') from campuses),
  'units', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'shortName', short_name, 'kind', kind, 'campus', campus,
      'parent', parent, 'leaderPost', leader_post) order by id), '[]') from units),
  'people', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'unit', unit, 'phone', phone, 'email', email, 'active', active,
      'capabilities', capabilities) order by id), '[]') from people),
  'posts', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'role', role, 'unit', unit, 'campus', campus,
      'holders', (select coalesce(json_agg(json_build_object('person', person, 'from', first_day, 'to', last_day) order by first_day, person), '[]')
        from post_holdings where post = posts.id),
      'covers', (select coalesce(json_agg(person order by rank), '[]') from covers where post = posts.id)) order by id), '[]') from posts),
  'absences', (select coalesce(json_agg(json_build_object('person', person,
      'from', to_char("from" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'to', to_char("to" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reason', reason, 'cover', cover) order by person, "from"), '[]') from absences),
  'resources', (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'name', name, 'campus', campus,
      'attributes', attributes, 'active', active) order by id), '[]') from resources),
  'holidays', (select coalesce(json_agg(json_build_object('date', date, 'kind', kind, 'name', name, 'source', source) order by date), '[]') from holidays),
  'years', (select coalesce(json_agg(year order by year), '[]') from published_years),
  'settings', (select coalesce(json_agg(json_build_object('processId', process_id, 'key', key, 'value', value)), '[]') from settings)
) as world`;

function byId<T extends { id: string }>(list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}

function officeHoursOf(value: Json | undefined): WorkingCalendar['officeHours'] {
  // A school's own hours are checked when they are set; here only the shape is told apart from none.
  return Array.isArray(value) ? (value as unknown as WorkingCalendar['officeHours']) : DEMO_OFFICE_HOURS;
}

function assemble(loaded: Loaded): OuterWorld {
  const settings: Record<string, Record<string, Json>> = {};
  for (const { processId, key, value } of loaded.settings) settings[processId] = { ...settings[processId], [key]: value };
  return {
    version: loaded.version,
    directory: {
      version: loaded.version,
      campuses: loaded.campuses,
      units: byId(loaded.units),
      people: byId(loaded.people),
      // A post without a campus of its own comes as null from SQL, and has no such key in code.
      posts: byId(
        loaded.posts.map(({ campus, ...post }) => (campus === undefined || campus === null ? post : { ...post, campus })),
      ),
      absences: loaded.absences,
      resources: byId(loaded.resources),
    },
    calendar: {
      version: loaded.version,
      offsetMinutes: SHANGHAI_OFFSET_MINUTES,
      officeHours: officeHoursOf(settings['*']?.officeHours),
      publishedYears: loaded.years,
      days: Object.fromEntries(loaded.holidays.map(({ date, kind, name, source }) => [date, { kind, name, source }])),
    },
    settings,
  };
}

/** Gives the outer world as of a transaction; reloads only when its version moved. One for each process. */
export class WorldCache {
  #held: OuterWorld | null = null;

  /** The world at the version that the caller has just read in its transaction, or newer. */
  async at(db: Database | Transaction, version: number): Promise<OuterWorld> {
    if (this.#held?.version === version) return this.#held;
    const rows = await db.execute<{ world: Loaded }>(LOAD);
    const loaded = rows[0]?.world;
    if (loaded === undefined) throw new Error('The directory cannot be read: run the migrations first');
    this.#held = assemble(loaded);
    return this.#held;
  }

  /** The world as of now, for readers outside a transition. */
  async now(db: Database | Transaction): Promise<OuterWorld> {
    const rows = await db.execute<{ version: number }>(sql`select version from world_version where id = 1`);
    return this.at(db, rows[0]?.version ?? 0);
  }
}

/** The world of one process's transition, from the outer world and what was read for this one. */
export function worldFor(
  outer: OuterWorld,
  processId: string,
  rest: Pick<World, 'now' | 'no' | 'files' | 'facts' | 'schemas' | 'inForce' | 'moving' | 'workload'>,
): World {
  const settings = { ...outer.settings['*'], ...outer.settings[processId] };
  return { ...rest, directory: outer.directory, calendar: outer.calendar, settings };
}

/** Looks up names of people, units and resources. */
export function namesIn(directory: Directory): (id: string) => string {
  return (id) => directory.people[id]?.name ?? directory.units[id]?.name ?? directory.resources[id]?.name ?? id;
}
