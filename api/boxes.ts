/** A person's boxes of tasks, with those of absent people for whom they stand in now. */
import { type ListedTask, listDone } from '../db/matters.ts';
import { listTodo } from '../db/todo.ts';
import { mayStandInFor, seatOf } from '../workflows/machine/people/covers.ts';
import type { ApiContext, Asker } from './context.ts';
import { encodeCursor } from './cursor.ts';
import { definitionOf } from './present.ts';

/** The boxes. */
export const BOXES = ['todo', 'done', 'read'] as const;
export type Box = (typeof BOXES)[number];

/** Pages that are read at most to fill one: in a net too wide an answer that is short and goes on beats one that never comes. */
const PAGES_READ = 8;

/** Where a page ended: the instant that it is sorted by, and the task's id. */
type Place = { at: string; id: string };

/** A page of a box: to do and to read most urgent first, done newest first. It may be short and still have a next one. */
export async function tasksInBox(
  context: ApiContext,
  asker: Asker,
  box: Box,
  page: { after: Place | undefined; limit: number },
): Promise<{ rows: ListedTask[]; nextCursor: string | null }> {
  const { viewer, now, world } = asker;
  const people = [viewer.id, ...mayStandInFor(world.directory, viewer.id, { calendar: world.calendar, now })];
  const limit = page.limit + 1;
  const read = (after: Place | undefined): Promise<ListedTask[]> =>
    box === 'done' ? listDone(context.db, viewer.id, { after, limit }) : listTodo(context.db, people, box, { after, limit });
  const kept: ListedTask[] = [];
  let { after } = page;
  let more = true;
  for (let pages = 0; more && kept.length < limit && pages < PAGES_READ; pages += 1) {
    const rows = await read(after);
    more = rows.length === limit;
    kept.push(...rows.filter((row) => box === 'done' || liesWith(asker, row)));
    const last = rows.at(-1);
    if (last !== undefined) after = placeOf(box, last);
  }
  const shown = kept.slice(0, page.limit);
  const last = shown.at(-1);
  if (kept.length > page.limit && last !== undefined) after = placeOf(box, last);
  else if (!more) after = undefined;
  return { rows: shown, nextCursor: after === undefined ? null : encodeCursor(after.at, after.id) };
}

function placeOf(box: Box, { task }: ListedTask): Place {
  return { at: (box === 'done' ? task.closedAt : null) ?? task.dueAt, id: task.id };
}

/** Whether a task lies with the asker now: as its own, or in somebody's place; not while somebody else has claimed it. */
function liesWith({ viewer, world, now }: Asker, { task, matter }: ListedTask): boolean {
  const open = matter.state?.tasks[task.id];
  if (open === undefined || matter.state === null) return false;
  const people = { directory: world.directory, calendar: world.calendar, now };
  return seatOf(definitionOf(matter), matter.state, open, viewer.id, people) !== null;
}

/** Tasks of absent people that are looked through for the matters in which somebody stands in: the most urgent come first. */
const STANDING_IN_MAX = 200;

/** Ids of matters that the asker may see now because they stand in for somebody at an open task. */
export async function mattersInPlaceOf(context: ApiContext, asker: Asker): Promise<string[]> {
  const { viewer, now, world } = asker;
  const absent = mayStandInFor(world.directory, viewer.id, { calendar: world.calendar, now });
  if (absent.length === 0) return [];
  const people = { directory: world.directory, calendar: world.calendar, now };
  const rows = await listTodo(context.db, absent, 'todo', { limit: STANDING_IN_MAX });
  const stoodIn = rows.flatMap(({ task, matter }) => {
    const open = matter.state?.tasks[task.id];
    if (open === undefined || matter.state === null) return [];
    const seat = seatOf(definitionOf(matter), matter.state, open, viewer.id, people);
    return seat?.coverFor === undefined ? [] : [matter.id];
  });
  return [...new Set(stoodIn)];
}
