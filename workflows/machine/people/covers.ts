/**
 * Who may act now 顶岗: those whom the rules chose, and for each of them who is away the one who stands in. The state holds only who
 * was chosen; everything here is reckoned from the directory at the time of asking, so nothing is moved and nothing has to be moved
 * back: when A returns, B's view closes by itself.
 *
 * The line of A's stand-ins: whom A's absence names, the covers of the post through which A was chosen (of every post A holds, for
 * those chosen as a person), and, where nobody of a seat is there at all, the head of A's unit and the leader in charge. The first of
 * them who fits stands in; nobody stands in for a stand-in, so there are neither chains nor loops.
 */
import { schoolDate } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Directory, Post } from '../../../definitions/language/directory.ts';
import { APPLICANT_STEP, type Assignee, isSideStep, type Matter, type Task, type Visit } from '../state.ts';
import { barredFrom, type StepInPlace, selfApprovalOf, stepOfVisit } from './policies.ts';
import { holdersOf, isAway, lastResortsOf, namedToStandIn, type PeopleWorld } from './posts.ts';

/** Everybody who may act on a task now, those chosen first. Somebody absent may still act; somebody who has left may not. */
export function whoMayAct(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): Assignee[] {
  const chosen = claimersOf(definition, matter, task, world);
  const people = chosen.filter((one) => world.directory.people[one.id]?.active !== false);
  for (const one of coversOf(definition, matter, task, chosen, world)) {
    if (!people.some((other) => other.id === one.id)) people.push(one);
  }
  return people;
}

/** The seat in which a person may act on a task now, or null. `coverFor` is set when they stand in for somebody. */
export function seatOf(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  person: string,
  world: PeopleWorld,
): Assignee | null {
  return whoMayAct(definition, matter, task, world).find((one) => one.id === person) ?? null;
}

/** Whether a person stands in for somebody at any open task of a matter, and so may see it. */
export function standsIn(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): boolean {
  return Object.values(matter.tasks).some((task) => {
    const seat = seatOf(definition, matter, task, person, world);
    return seat?.coverFor !== undefined;
  });
}

/**
 * People who are away now and in whose line of stand-ins a person might be: a net for queries, wider than what {@link seatOf} then
 * grants task by task.
 */
export function mayStandInFor(directory: Directory, person: string, world: Pick<PeopleWorld, 'calendar' | 'now'>): string[] {
  const { now } = world;
  const away = new Set(directory.absences.filter((one) => isAway(directory, one.person, now)).map((one) => one.person));
  for (const one of Object.values(directory.people)) if (!one.active) away.add(one.id);
  const within = { directory, calendar: world.calendar, now };
  return [...away].filter((absent) => {
    if (absent === person) return false;
    const ever = Object.values(directory.posts).filter((post) => post.holders.some((holding) => holding.person === absent));
    const line = [
      ...namedToStandIn(directory, absent, now),
      ...ever.flatMap((post) => post.covers),
      ...superiors(absent, within),
    ];
    return line.includes(person);
  });
}

/**
 * Who has claimed a task 签收, or null. A claim lapses when its holder has left, and for as long as they are away with nobody in
 * their place: nobody else could put the task back. Who is back finds it theirs again, unless another has taken it on meanwhile.
 */
export function claimerOf(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): Assignee | null {
  const claimer = task.claimedBy === null ? undefined : task.assignees.find((one) => one.id === task.claimedBy);
  if (claimer === undefined || world.directory.people[claimer.id]?.active === false) return null;
  if (!isAway(world.directory, claimer.id, world.now)) return claimer;
  const place = stepOfVisit(definition, matter, task.visit);
  if (place?.step.inPerson === true) return null;
  return namedCover(task, claimer, fitting(matter, task, place, world), world) === null ? null : claimer;
}

/** Those chosen for a task who may act on it: while it is claimed, who claimed it alone. */
function claimersOf(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): Assignee[] {
  const claimer = claimerOf(definition, matter, task, world);
  return claimer === null ? task.assignees : [claimer];
}

function coversOf(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  chosen: readonly Assignee[],
  world: PeopleWorld,
): Assignee[] {
  const { directory, now } = world;
  const away = chosen.filter((one) => isAway(directory, one.id, now));
  if (away.length === 0) return [];
  const place = stepOfVisit(definition, matter, task.visit);
  if (place?.step.inPerson === true) return [];
  const fits = fitting(matter, task, place, world);
  const found: Assignee[] = [];
  for (const one of away) {
    const cover = namedCover(task, one, fits, world);
    if (cover !== null) found.push(standIn(directory, one, cover));
  }
  // An applicant who is away corrects their form when they are back; for one who has left, it goes up too.
  const waits = task.step === APPLICANT_STEP && chosen.some((one) => directory.people[one.id]?.active === true);
  if (found.length > 0 || away.length < chosen.length || waits) return found;
  // Nobody of the seat is there, and nobody of those named for it: what can't wait goes up.
  const gone = away.filter((one) => directory.people[one.id]?.active !== true);
  // Who has left never comes back to it: rather than nobody, somebody speaks twice.
  const anyVoice = gone.length === chosen.length ? [fitting(matter, task, place, world, true)] : [];
  for (const fit of [fits, ...anyVoice]) {
    for (const one of away) {
      const cover = firstOf(superiors(one.id, world), task, one, fit);
      if (cover !== null) return [standIn(directory, one, cover)];
    }
  }
  return [];
}

/** Whom somebody's absence or post names to stand in for them, where one of these fits. */
function namedCover(task: Task, absent: Assignee, fits: (person: string) => boolean, world: PeopleWorld): string | null {
  return firstOf([...namedToStandIn(world.directory, absent.id, world.now), ...ofPosts(absent, world)], task, absent, fits);
}

/** The first of a line who fits; null when that is one of the task's own people, who act in their own name. */
function firstOf(line: readonly string[], task: Task, absent: Assignee, fits: (person: string) => boolean): string | null {
  const own = (person: string): boolean => task.assignees.some((one) => one.id === person);
  const first = line.find((person) => person !== absent.id && fits(person));
  return first === undefined || own(first) ? null : first;
}

function standIn(directory: Directory, absent: Assignee, cover: string): Assignee {
  const name = directory.people[cover]?.name ?? cover;
  const gone = directory.people[absent.id]?.active === false;
  return {
    id: cover,
    name,
    reason: `${absent.name}${gone ? '已离岗' : '不在岗'},${name}顶岗`,
    ...(absent.post === undefined ? {} : { post: absent.post }),
    coverFor: absent.id,
    coverForName: absent.name,
  };
}

/** Tells who may stand in at a task: there, allowed to by the step, and, unless `twice`, without a voice of their own in the same round. */
function fitting(
  matter: Matter,
  task: Task,
  place: StepInPlace | null,
  world: PeopleWorld,
  twice = false,
): (person: string) => boolean {
  const { directory, now } = world;
  const barred = place === null ? () => false : barredFrom(place, directory);
  const visit = matter.visits[task.visit];
  const voices = visit === undefined || twice ? new Set<string>() : voicesBeside(visit, task);
  const asking = matter.visits[visit?.parent ?? ''];
  const selfAllowed =
    place === null ? isSideStep(task.step) && task.step !== 'extension' : selfApprovalOf(place.step) === 'allow';
  return (person) =>
    !isAway(directory, person, now) &&
    (selfAllowed || person !== matter.applicant.id) &&
    !voices.has(person) &&
    !barred(person) &&
    // Who asked for more time, or whoever else handles that step, does not grant it.
    !(task.step === 'extension' && asking?.seats.some((seat) => seat.assignees.some((one) => one.id === person)) === true);
}

/** Who has a seat of their own in the round beside a task's, or has already acted in it: nobody speaks twice. */
function voicesBeside(visit: Visit, task: Task): Set<string> {
  const seats = visit.seats.filter((seat) => seat.id !== task.seat && seat.status !== 'removed');
  const acted = visit.decisions.filter((decision) => decision.seat !== task.seat).map((decision) => decision.person);
  return new Set([...seats.flatMap((seat) => seat.assignees.map((one) => one.id)), ...acted]);
}

/** The covers of the post through which somebody was chosen, or of every post they hold today. */
function ofPosts(absent: Assignee, { directory, calendar, now }: PeopleWorld): string[] {
  const date = schoolDate(calendar, now);
  const through = absent.post === undefined ? undefined : directory.posts[absent.post];
  const holds = (post: Post): boolean =>
    post.holders.some(({ person, from, to }) => person === absent.id && from <= date && (to === null || date <= to));
  const posts = through === undefined ? Object.values(directory.posts).filter(holds) : [through];
  return posts.flatMap((post) => post.covers);
}

/** The head of somebody's unit, then the leader in charge of it; for somebody who has left, the process administrator and the other last resorts after them. */
function superiors(person: string, { directory, calendar, now }: PeopleWorld): string[] {
  const date = schoolDate(calendar, now);
  const who = directory.people[person];
  if (who === undefined) return [];
  const heads = Object.values(directory.posts).filter((post) => post.role === 'unit-head' && post.unit === who.unit);
  const leader = directory.posts[directory.units[who.unit]?.leaderPost ?? ''];
  const posts = leader === undefined ? heads : [...heads, leader];
  const found = posts.flatMap((post) => holdersOf(directory, post, date));
  return who.active ? found : [...found, ...lastResortsOf(directory, date)];
}
