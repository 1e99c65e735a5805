/** Who must act: assignee rules against the directory, with the reason for each choice. A matter never hangs for want of people. */
import type { AssigneeRule, SelfApprovalPolicy } from '../../definitions/language/assignees.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import type { Context } from '../../definitions/language/context.ts';
import type { Directory, Post, PostRole } from '../../definitions/language/directory.ts';
import type { PeopleStep } from '../../definitions/language/steps.ts';
import type { Assignee } from './state.ts';
import type { World } from './world.ts';

/** What a rule came to. */
export type Resolution =
  | { kind: 'people'; assignees: Assignee[]; unassigned: boolean }
  /** The step is passed over with a mark, because its only decider would be the applicant. */
  | { kind: 'skip'; reason: string };

/** Ids of the active people who hold a post on a day `YYYY-MM-DD`. */
export function holdersOf(directory: Directory, post: Post, date: string): string[] {
  return post.holders
    .filter((holding) => holding.from <= date && (holding.to === null || date <= holding.to))
    .map((holding) => holding.person)
    .filter((person) => directory.people[person]?.active === true);
}

/** The posts that a person holds on a day. */
export function postsOf(directory: Directory, person: string, date: string): Post[] {
  return Object.values(directory.posts).filter((post) => holdersOf(directory, post, date).includes(person));
}

/** Whether a person holds a post with one of these roles today. */
export function holdsRole(directory: Directory, person: string, roles: readonly PostRole[], date: string): boolean {
  return postsOf(directory, person, date).some((post) => roles.includes(post.role));
}

function assignee(directory: Directory, id: string, reason: string): Assignee | null {
  const person = directory.people[id];
  return person?.active === true ? { id, name: person.name, reason } : null;
}

function fromPosts(directory: Directory, posts: readonly Post[], date: string, says: string): Assignee[] {
  const found: Assignee[] = [];
  for (const post of posts) {
    for (const id of holdersOf(directory, post, date)) {
      const one = assignee(directory, id, `${says}(${post.name})`);
      if (one !== null && !found.some((other) => other.id === id)) found.push(one);
    }
  }
  return found;
}

function headsOf(directory: Directory, unit: string | null, date: string, says: string): Assignee[] {
  const posts = Object.values(directory.posts).filter((post) => post.role === 'unit-head' && post.unit === unit);
  const name = unit === null ? '' : (directory.units[unit]?.name ?? unit);
  return fromPosts(directory, posts, date, `${says}·${name}`);
}

function leadersOf(directory: Directory, unit: string | null, date: string, says: string): Assignee[] {
  const post = unit === null ? null : directory.units[unit]?.leaderPost;
  const found = post === null || post === undefined ? undefined : directory.posts[post];
  return found === undefined ? [] : fromPosts(directory, [found], date, says);
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
export function peopleByRule(
  rule: AssigneeRule,
  context: Context,
  world: Pick<World, 'directory' | 'calendar' | 'now'>,
): Assignee[] {
  const { directory } = world;
  const date = schoolDate(world.calendar, world.now);
  const single = (id: string | null, reason: string): Assignee[] => {
    const one = id === null ? null : assignee(directory, id, reason);
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
      return single(rule.person(context), rule.says);
    case 'item':
      if (context.item === null) return [];
      return directory.people[context.item] === undefined
        ? headsOf(directory, context.item, date, rule.says)
        : single(context.item, rule.says);
    case 'actor-of':
      return single(context.decisions(rule.step).at(-1)?.person ?? null, rule.says);
  }
}

function superiorOf(context: Context, directory: Directory, date: string): Assignee[] {
  const leaders = leadersOf(directory, context.unit, date, '申请人为本环节办理人,由其上级办理');
  const others = leaders.filter((one) => one.id !== context.applicant.id);
  if (others.length > 0) return others;
  const top = Object.values(directory.posts).filter((post) => post.role === 'president' || post.role === 'party-secretary');
  return fromPosts(directory, top, date, '申请人为本环节办理人,由学校主要负责人办理').filter(
    (one) => one.id !== context.applicant.id,
  );
}

/** Who takes over a step that nobody else is found for, in this order: a vacant post must not leave a matter with nobody. */
const LAST_RESORTS: readonly PostRole[] = ['process-administrator', 'office-director', 'president', 'party-secretary'];

/** The administrators, or whoever stands in for them; `except` is an applicant who must not decide on their own matter. */
function administrators(directory: Directory, date: string, except: string | null): Assignee[] {
  for (const role of LAST_RESORTS) {
    const posts = Object.values(directory.posts).filter((post) => post.role === role);
    const found = fromPosts(directory, posts, date, '未找到符合条件的办理人,转流程管理员指派').filter((one) => one.id !== except);
    if (found.length > 0) return found;
  }
  throw new Error(
    `Nobody holds a post of ${LAST_RESORTS.join(', ')} on ${date}: fill one of them in the directory, and the matter goes on`,
  );
}

/** Resolves a step's rules, with the policy for an applicant who would decide on their own matter, and never with nobody. */
export function resolveStep(step: PeopleStep, context: Context, world: World): Resolution {
  const date = schoolDate(world.calendar, world.now);
  const rules: readonly AssigneeRule[] = isRuleList(step.assignees) ? step.assignees : [step.assignees];
  const found: Assignee[] = [];
  for (const rule of rules) {
    for (const one of peopleByRule(rule, context, world)) if (!found.some((other) => other.id === one.id)) found.push(one);
  }
  const policy: SelfApprovalPolicy = step.selfApproval ?? (step.kind === 'approve' ? 'superior' : 'allow');
  if (policy !== 'allow' && found.some((one) => one.id === context.applicant.id)) {
    const others = found.filter((one) => one.id !== context.applicant.id);
    if (others.length > 0) return { kind: 'people', assignees: others, unassigned: false };
    if (policy === 'skip') return { kind: 'skip', reason: '申请人即本环节审批人,按规则跳过' };
    const superiors = superiorOf(context, world.directory, date);
    if (superiors.length > 0) return { kind: 'people', assignees: superiors, unassigned: false };
    return { kind: 'people', assignees: administrators(world.directory, date, context.applicant.id), unassigned: true };
  }
  if (found.length > 0) return { kind: 'people', assignees: found, unassigned: false };
  return {
    kind: 'people',
    assignees: administrators(world.directory, date, policy === 'allow' ? null : context.applicant.id),
    unassigned: true,
  };
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}
