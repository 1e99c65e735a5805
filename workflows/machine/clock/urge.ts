/** Urging 催办: those who must act now are reminded, each at most once in the cool-down (003: 避免对相关单位正常工作造成干扰). */
import { COMMON_SETTINGS } from '../../../definitions/language/common-settings.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { whoMayAct } from '../people/covers.ts';
import type { PeopleWorld } from '../people/posts.ts';
import type { Hindrance } from '../round/allowed.ts';
import type { Assignee, Matter } from '../state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** More numbers than these make a message that nobody reads. */
const NUMBERS_MAX = 3;

/** Who must act now and may be reminded, without the person who urges: each once, and not so soon again. */
export function peopleToUrge(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): Assignee[] {
  return waitedFor(definition, matter, person, world).filter((one) => restsUntil(matter, one.id, world.now) === null);
}

/** What hinders somebody in urging now, or null. */
export function whyNotUrge(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): Hindrance | null {
  const people = waitedFor(definition, matter, person, world);
  if (people.length === 0) return { code: 'action-not-offered', why: linksWaitedFor(matter) ?? '当前没有他人的待办可催' };
  const rests = people.map((one) => restsUntil(matter, one.id, world.now));
  if (rests.includes(null)) return null;
  const first = rests.reduce((a, b) => (b !== null && (a === null || b < a) ? b : a), null);
  return { code: 'too-early', why: `刚刚催办过,${localTime(first ?? world.now, world)}后可以再催` };
}

/** What to say of a matter that waits for others which it started, or null where it waits for none. */
function linksWaitedFor(matter: Matter): string | null {
  const waits = Object.values(matter.waits).filter((wait) => wait.kind === 'links');
  const open = Object.values(matter.links).filter(
    (link) => (link.status === 'asked' || link.status === 'open') && waits.some((wait) => wait.key === link.step),
  );
  if (open.length === 0) return null;
  const numbers = open.flatMap(({ no }) => (no === null ? [] : [no]));
  const more = numbers.length > NUMBERS_MAX ? `等${numbers.length}件` : '';
  return `正在等待关联办件${numbers.slice(0, NUMBERS_MAX).join('、')}${more}办结,请到该办件催办`;
}

/** Those whom the matter waits for: not who reads a circulation, nor who waits themselves for signers before them. */
function waitedFor(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): Assignee[] {
  const people = new Map<string, Assignee>();
  for (const task of Object.values(matter.tasks)) {
    if (task.waiting || task.step === 'circulation') continue;
    for (const one of whoMayAct(definition, matter, task, world))
      if (one.id !== person && !people.has(one.id)) people.set(one.id, one);
  }
  return [...people.values()];
}

/** Until when somebody is not urged again, or null. */
function restsUntil(matter: Matter, person: string, now: string): string | null {
  const last = Object.hasOwn(matter.urged, person) ? matter.urged[person] : undefined;
  if (last === undefined) return null;
  const hours = Number(matter.settings.urgeCooldownHours ?? COMMON_SETTINGS.urgeCooldownHours.default);
  const until = new Date(Date.parse(last) + hours * HOUR_MS).toISOString();
  // As a transition does: time does not run behind the matter's last event, even when a clock jumps back.
  const at = now < matter.updatedAt ? matter.updatedAt : now;
  return until > at ? until : null;
}

/** An instant as the school's clocks show it, `3月2日13:00`. */
function localTime(instant: string, { calendar }: PeopleWorld): string {
  const local = new Date(Date.parse(instant) + calendar.offsetMinutes * MINUTE_MS).toISOString();
  return `${Number(local.slice(5, 7))}月${Number(local.slice(8, 10))}日${local.slice(11, 16)}`;
}
