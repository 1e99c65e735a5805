/** Who must act: assignee rules against the directory, with the reason for each choice. A matter never hangs for want of people. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import { schoolDate } from '../../../definitions/language/calendar.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { Directory, PostRole } from '../../../definitions/language/directory.ts';
import type { PeopleStep } from '../../../definitions/language/steps.ts';
import type { Assignee } from '../state.ts';
import type { World } from '../world.ts';
import { allocated } from './allocate.ts';
import { actedBefore, agreedJustBefore, barredFrom, type PlaceOfVisit, selfApprovalOf } from './policies.ts';
import { administratorsOf, assigneeOf, fromPosts, headsOf, isAway, leadersOf, type PeopleWorld, topOf } from './posts.ts';

export { holdersOf, holdsRole, postsOf } from './posts.ts';

/** What a step's rules came to. */
export type Resolution =
  | { kind: 'people'; assignees: Assignee[]; unassigned: boolean }
  /** The step is passed over with a mark: nobody need act, or only its applicant, or who agreed just before, would. */
  | { kind: 'skip'; reason: string };

/** What one rule, or the rules of a step that any one may decide, came to. */
interface Found {
  people: Assignee[];
  unassigned: boolean;
  /** Set when only the applicant was found and the step passes them over. */
  skipped: boolean;
}

const SKIPPED_OWN = '申请人即本环节审批人,按规则跳过';
const SKIPPED_REPEATED = '上一环节已由同一人同意,按规则不再重复办理';

/** Posts of those who lead: their own matter goes up, never to somebody below them who covers the post. */
const LEADING: readonly PostRole[] = [
  'party-secretary',
  'president',
  'vice-leader',
  'unit-head',
  'unit-deputy',
  'office-director',
  'office-deputy-director',
];

/** A step's rules as a list. */
export function rulesOf(step: Pick<PeopleStep, 'assignees'>): readonly AssigneeRule[] {
  const { assignees } = step;
  return isRuleList(assignees) ? assignees : [assignees];
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

function withRole(
  rule: Extract<AssigneeRule, { kind: 'role' }>,
  context: Context,
  directory: Directory,
  date: string,
): Assignee[] {
  const unit = rule.unit === null ? undefined : rule.unit(context);
  const campus = rule.campus === null ? undefined : rule.campus(context);
  const posts = Object.values(directory.posts).filter(
    (post) =>
      post.role === rule.role &&
      (unit === undefined || post.unit === unit) &&
      (campus === undefined || (post.campus ?? directory.units[post.unit]?.campus) === campus),
  );
  return fromPosts(directory, posts, date, rule.says);
}

/** The people that one rule names now, before any policy. */
export function peopleByRule(rule: AssigneeRule, context: Context, world: PeopleWorld): Assignee[] {
  const { directory } = world;
  const date = schoolDate(world.calendar, world.now);
  const single = (id: string | null, reason: string): Assignee[] => {
    const one = id === null ? null : assigneeOf(directory, id, reason);
    return one === null ? [] : [one];
  };
  switch (rule.kind) {
    case 'applicant':
      return single(context.applicant.id, rule.says);
    case 'role':
      return withRole(rule, context, directory, date);
    case 'unit-head':
      return headsOf(directory, rule.unit === null ? context.unit : rule.unit(context), date, rule.says);
    case 'leader-in-charge':
      return leadersOf(directory, rule.unit === null ? context.unit : rule.unit(context), date, rule.says);
    case 'post': {
      const id = rule.post(context, directory);
      const post = id === null ? undefined : directory.posts[id];
      return post === undefined ? [] : fromPosts(directory, [post], date, rule.says);
    }
    case 'person':
      // The time of asking, also where a re-organisation asks before anything has happened.
      return single(rule.person({ ...context, updatedAt: world.now }, directory), rule.says);
    case 'item':
      if (context.item === null) return [];
      return directory.people[context.item] === undefined
        ? headsOf(directory, context.item, date, rule.says)
        : single(context.item, rule.says);
    case 'actor-of':
      return single(context.decisions(rule.step).at(-1)?.person ?? null, rule.says);
  }
}

/** Those above the applicant's unit: the leader in charge, else the heads of the school. */
function above(context: Context, world: PeopleWorld, why: string): Assignee[][] {
  const date = schoolDate(world.calendar, world.now);
  return [
    leadersOf(world.directory, context.unit, date, `${why},由其上级办理`),
    topOf(world.directory, date, `${why},由学校主要负责人办理`),
  ];
}

/** Who covers the posts through which the applicant alone was found, unless the post leads: the first of each who is there. */
function coversOfOwn(own: readonly Assignee[], may: (person: string) => boolean, world: PeopleWorld): Assignee[] {
  const { directory, now } = world;
  return own.flatMap(({ post: id }) => {
    const post = directory.posts[id ?? ''];
    if (post === undefined || LEADING.includes(post.role)) return [];
    const cover = post.covers.find((person) => may(person) && !isAway(directory, person, now));
    const one =
      cover === undefined ? null : assigneeOf(directory, cover, `申请人为本环节办理人,由顶岗人员办理(${post.name})`, id);
    return one === null ? [] : [one];
  });
}

/** The people of some rules, with the policies for an applicant who is among them and for nobody at all. Never empty but when skipped. */
function find(rules: readonly AssigneeRule[], step: PeopleStep, context: Context, world: PeopleWorld): Found {
  const policy = selfApprovalOf(step);
  const barred = barredFrom({ step, context }, world.directory);
  const own = (person: string): boolean => policy !== 'allow' && person === context.applicant.id;
  const may = (person: string): boolean => !own(person) && !barred(person);
  const all = merged(rules.flatMap((rule) => peopleByRule(rule, context, world))).filter((one) => !barred(one.id));
  const others = all.filter((one) => !own(one.id));
  if (others.length > 0) return { people: others, unassigned: false, skipped: false };
  if (all.length > 0 && policy === 'skip') return { people: [], unassigned: false, skipped: true };
  const higher =
    all.length > 0
      ? [coversOfOwn(all, may, world), ...above(context, world, '申请人为本环节办理人')]
      : step.whenNobody === 'superior'
        ? above(context, world, '未找到符合条件的办理人')
        : [];
  const found = higher.map((people) => people.filter((one) => may(one.id))).find((people) => people.length > 0);
  if (found !== undefined) return { people: found, unassigned: false, skipped: false };
  const date = schoolDate(world.calendar, world.now);
  // A capability that nobody has must not leave the matter with nobody: the administrator is asked to find somebody, not to decide.
  const excluded = new Set(step.excluded?.(context) ?? []);
  const people = administratorsOf(world.directory, date, (person) => own(person) || excluded.has(person));
  return { people, unassigned: true, skipped: false };
}

function merged(people: readonly Assignee[]): Assignee[] {
  const found: Assignee[] = [];
  for (const one of people) if (!found.some((other) => other.id === one.id)) found.push(one);
  return found;
}

/** Whether one person's word is enough, so that all rules together name one set of candidates. */
function anyDecides(step: PeopleStep): boolean {
  return step.kind !== 'read' && step.mode === 'any';
}

/** The rules that must each find somebody: all together where any one of their people decides, else each for itself. */
function ruleGroups(step: PeopleStep): (readonly AssigneeRule[])[] {
  const rules = rulesOf(step);
  return anyDecides(step) ? [rules] : rules.map((rule) => [rule]);
}

/** Ids of everybody whom a step's rules allow now, before one of them is picked: who holds a seat and is among them keeps it. */
export function eligibleFor(step: PeopleStep, context: Context, world: PeopleWorld): string[] {
  return ruleGroups(step).flatMap((rules) => find(rules, step, context, world).people.map((one) => one.id));
}

/**
 * Resolves a step's rules with its policies, and never with nobody. Where every seat must decide (会签, 依次, 票签, reading), each
 * rule is resolved for itself, so that one that finds nobody goes to the administrator and is not left out in silence.
 * @param visit where the step is opened; what was decided before counts for who need not act again.
 */
export function resolveStep(step: PeopleStep, context: Context, world: World, visit: PlaceOfVisit): Resolution {
  const passed = step.passes?.(context) ?? null;
  if (passed !== null) return { kind: 'skip', reason: passed };
  const found = ruleGroups(step).map((rules) => find(rules, step, context, world));
  if (found.every((one) => one.skipped)) return { kind: 'skip', reason: SKIPPED_OWN };
  const people = merged(found.flatMap((one, at) => picked(one.people, step, world, visit, at)));
  const unassigned = found.some((one) => one.unassigned);
  if (step.kind !== 'approve' || step.whenRepeated !== 'once') return { kind: 'people', assignees: people, unassigned };
  const agreed = agreedJustBefore(visit);
  const others = people.filter((one) => !agreed.has(one.id));
  const enough = anyDecides(step) ? others.length < people.length : others.length === 0;
  if (enough) return { kind: 'skip', reason: SKIPPED_REPEATED };
  return { kind: 'people', assignees: others, unassigned };
}

/** Whom a set of candidates comes down to: who acted in an earlier round, or the one whom the step's allocation picks. */
function picked(people: Assignee[], step: PeopleStep, world: World, visit: PlaceOfVisit, at: number): Assignee[] {
  if (step.familiar === true) {
    const before = actedBefore(visit);
    const known = people.filter((one) => before.has(one.id));
    if (known.length > 0) return known;
  }
  if (step.allocate === undefined) return people;
  return allocated(step.allocate, people, world, `${visit.seed}:${visit.key}:${visit.matter.rounds[visit.key] ?? 0}:${at}`);
}
