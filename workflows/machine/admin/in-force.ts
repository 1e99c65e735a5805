/**
 * Which version of a process takes applications on a day. The new one takes them from its first day on, and from that day the one
 * before takes none (source 002: 自10月1日起). Matters that run already stay on the version they were started with.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';

/** The version of a process that takes applications. */
export interface InForce {
  version: number;
  /** The first day `YYYY-MM-DD` on which it does; null when it always did. */
  since: string | null;
}

/** The versions in force on a day, by process id. */
export type VersionsInForce = Readonly<Record<string, InForce>>;

/** The newest version of a process whose first day is not after `day` (`YYYY-MM-DD`, the school's); undefined when there is none yet. */
export function versionInForce(
  definitions: readonly ProcessDefinition[],
  id: string,
  day: string,
): ProcessDefinition | undefined {
  return versionsOf(definitions, id).findLast((one) => one.effectiveFrom === undefined || one.effectiveFrom <= day);
}

/** The version that takes over next from the one in force on a day, or undefined when none is announced. */
export function upcomingVersion(
  definitions: readonly ProcessDefinition[],
  id: string,
  day: string,
): ProcessDefinition | undefined {
  const current = versionInForce(definitions, id, day)?.version ?? 0;
  return versionsOf(definitions, id).find((one) => one.version > current);
}

/** The versions in force on a day of every process that has one: what a transition is told of them. */
export function versionsInForce(definitions: readonly ProcessDefinition[], day: string): Record<string, InForce> {
  const ids = [...new Set(definitions.map((one) => one.id))];
  return Object.fromEntries(
    ids.flatMap((id) => {
      const found = versionInForce(definitions, id, day);
      return found === undefined ? [] : [[id, { version: found.version, since: found.effectiveFrom ?? null }] as const];
    }),
  );
}

function versionsOf(definitions: readonly ProcessDefinition[], id: string): ProcessDefinition[] {
  return definitions.filter((one) => one.id === id).sort((a, b) => a.version - b.version);
}

/** Why an application to this version is refused now, with whether it is too early or too late; null when it takes applications. */
export function whyNotInForce(
  definition: Pick<ProcessDefinition, 'version' | 'effectiveFrom'>,
  inForce: InForce | undefined,
  day: string,
): { code: 'too-early' | 'too-late'; message: string } | null {
  const { version, effectiveFrom } = definition;
  if (effectiveFrom !== undefined && effectiveFrom > day) {
    return { code: 'too-early', message: `本流程第${version}版自${dayInChinese(effectiveFrom)}起施行,此前请按现行办法申请` };
  }
  if (inForce === undefined || inForce.version <= version) return null;
  const since = inForce.since === null ? '现已' : `自${dayInChinese(inForce.since)}起`;
  return { code: 'too-late', message: `本流程${since}按新办法(第${inForce.version}版)办理,请使用新版申请` };
}

/** A day `YYYY-MM-DD` as people write it: `2026年10月1日`. */
export function dayInChinese(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
