/** Giving a step to one of several people found for it, by a rule that can be told and checked afterwards. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Allocation } from '../../../definitions/language/steps.ts';
import type { Assignee } from '../state.ts';
import { placesOf } from '../tree.ts';
import type { World } from '../world.ts';
import { isAway } from './posts.ts';

/** How much somebody has to do, and when they last got something. */
export interface Load {
  /** Tasks of theirs that are open or waiting, of every process. */
  open: number;
  /** When they last got a task of this process, UTC, or null for never. */
  lastAt: string | null;
}

/** Whether any step of a definition is given to one of several people, and so asks how much each has to do. */
export function allocates(definition: ProcessDefinition): boolean {
  return [...placesOf(definition).values()].some(({ step }) => 'allocate' in step && step.allocate !== undefined);
}

const SAYS: Record<Allocation, string> = {
  random: '随机分派',
  'round-robin': '轮流分派',
  'least-loaded': '待办最少者优先',
  'longest-idle': '最久未分派者优先',
};

/**
 * One of the people, those who are there before those who are away. The same people, world and seed give the same one.
 * @param people at least one.
 * @param seed what the random choice is drawn from: unlike for each visit of each matter.
 */
export function allocated(
  how: Allocation,
  people: readonly Assignee[],
  world: Pick<World, 'directory' | 'now' | 'workload'>,
  seed: string,
): Assignee[] {
  const there = people.filter((one) => !isAway(world.directory, one.id, world.now));
  const candidates = there.length > 0 ? there : people;
  const first = candidates[0];
  if (first === undefined || candidates.length === 1) return [...candidates];
  const loadOf = (one: Assignee): Load => world.workload?.[one.id] ?? { open: 0, lastAt: null };
  const chosen = choose(how, candidates, loadOf, seed) ?? first;
  return [{ ...chosen, reason: `${chosen.reason},${SAYS[how]}` }];
}

function choose(
  how: Allocation,
  people: readonly Assignee[],
  loadOf: (one: Assignee) => Load,
  seed: string,
): Assignee | undefined {
  switch (how) {
    case 'random':
      return people[hash(seed) % people.length];
    case 'round-robin': {
      // The one after whoever got something last, in the order of their ids, which no change of posts disturbs.
      const order = [...people].sort((a, b) => (a.id < b.id ? -1 : 1));
      const served = order.reduce((at, one, index) => (lastOf(loadOf(one)) > lastOf(loadOf(order[at] ?? one)) ? index : at), 0);
      return order.every((one) => loadOf(one).lastAt === null) ? order[0] : order[(served + 1) % order.length];
    }
    case 'least-loaded':
      return least(people, (one) => loadOf(one).open, loadOf);
    case 'longest-idle':
      return least(people, () => 0, loadOf);
  }
}

function lastOf(load: Load): string {
  return load.lastAt ?? '';
}

/** The one with the smallest measure; among equals who got something longest ago, then the first by id. */
function least(
  people: readonly Assignee[],
  measure: (one: Assignee) => number,
  loadOf: (one: Assignee) => Load,
): Assignee | undefined {
  return [...people].sort((a, b) => {
    const difference = measure(a) - measure(b);
    if (difference !== 0) return difference;
    const [x, y] = [lastOf(loadOf(a)), lastOf(loadOf(b))];
    return x === y ? (a.id < b.id ? -1 : 1) : x < y ? -1 : 1;
  })[0];
}

/** FNV-1a over the text: the same on every machine, and even enough to draw one of a few people. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  // The low bits of FNV follow its last letters; what is drawn from should not.
  return (value ^ (value >>> 15)) >>> 0;
}
