/**
 * What schools differ in. A definition declares each number or choice that its source leaves open, with a default and the
 * rule it comes from; a school overrides it in the database; a matter keeps the values it was started with.
 */
import type { Duration } from './duration.ts';
import type { Json } from './json.ts';

/** A declared setting: its title for people, the value that holds unless the school says otherwise, and the cited basis. */
export interface Setting<T extends Json = Json> {
  title: string;
  default: T;
  basis: string;
}

/** All settings of one process by name. */
export type SettingsDeclaration = Record<string, Setting>;

/** The values that a declaration yields: `{ lead: setting('1 workday' as Duration, …) }` gives `{ lead: Duration }`. */
export type SettingsOf<D extends SettingsDeclaration> = { [K in keyof D]: D[K] extends Setting<infer T> ? T : never };

/** Declares one setting. @param value the default. @param basis the document or article it is taken from, or why it is only customary. */
export function setting<T extends Json>(title: string, value: T, basis: string): Setting<T> {
  return { title, default: value, basis };
}

/** Declares a setting that is a time limit, so that the type is a duration and not just any text. */
export function limitSetting(title: string, value: Duration, basis: string): Setting<Duration> {
  return { title, default: value, basis };
}

/** The values in force: the school's own where it has any, else the defaults. */
export function settingValues(declaration: SettingsDeclaration, overrides: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(declaration).map(([key, declared]) => [key, overrides[key] ?? declared.default]));
}
