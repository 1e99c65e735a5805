/**
 * Which matters an asker may see; whoever asks for another learns nothing. The access log keeps that they asked, and who reads a
 * matter by their office alone.
 */
import type { FastifyRequest } from 'fastify';
import { mattersNaming } from '../db/files.ts';
import { isNoted, writeAccess } from '../db/journal.ts';
import { type MatterRow, matterByNo } from '../db/matters.ts';
import { standsIn } from '../workflows/machine/people/covers.ts';
import { mayView, opennessOf } from '../workflows/machine/people/rights.ts';
import { type RestrictedRead, restrictedRead } from '../workflows/machine/supervision/access.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import { definitionOf } from './present.ts';
import { Problem, type ProblemCode } from './problem.ts';

type Seen = Pick<MatterRow, 'processId' | 'version' | 'state' | 'supervised'>;

/** Whether the asker may see a matter: by their own right, or while they stand in for somebody who must act on it. */
export function canView(asker: Asker, row: Seen): boolean {
  const openness = { ...opennessOf(definitionOf(row), row.state), supervised: row.supervised };
  if (openness.keptOut.includes(asker.viewer.id)) return false;
  return mayView(asker.viewer, row.state, openness, asker.now) || inPlaceOf(asker, row);
}

function concernedBy(row: Seen): readonly string[] {
  return opennessOf(definitionOf(row), row.state).concerned;
}

function inPlaceOf({ viewer, world, now }: Asker, row: Seen): boolean {
  const people = { directory: world.directory, calendar: world.calendar, now };
  return row.state.phase === 'open' && standsIn(definitionOf(row), row.state, viewer.id, people);
}

/**
 * A matter that the asker may see. That it was looked into by somebody who takes no part in it is noted before they are answered.
 * @throws Problem 404 for any other, so that nobody learns that it exists.
 */
export async function visibleMatter(context: ApiContext, request: FastifyRequest, no: string): Promise<MatterRow> {
  const row = await matterByNo(context.db, no);
  const asker = askerOf(request);
  if (row === null || !canView(asker, row)) {
    return deny(context, request, no, new Problem('matter-unknown', '没有这一办件,或您无权查看'));
  }
  const restricted = restrictedRead(asker.viewer, row.state, concernedBy(row), () => inPlaceOf(asker, row));
  if (restricted !== null) await noteRead(context, request, row.no, restricted);
  return row;
}

/** Notes that a file was read which only matters name that the asker takes no part in: a paper tells as much as its matter. */
export async function noteFileRead(context: ApiContext, request: FastifyRequest, file: string): Promise<void> {
  const asker = askerOf(request);
  const seen = (await mattersNaming(context.db, file)).filter((row) => canView(asker, row));
  const reasons = seen.map((row) => restrictedRead(asker.viewer, row.state, concernedBy(row), () => inPlaceOf(asker, row)));
  const [first, reason] = [seen[0], reasons[0]];
  if (first === undefined || reason === undefined || reason === null || reasons.includes(null)) return;
  await noteRead(context, request, first.no, reason);
}

/** Reads that this process has noted in an hour, each with the writing of its note. */
interface NotedReads {
  hour: string;
  reads: Map<string, Promise<void>>;
}

const noted = new WeakMap<ApiContext, NotedReads>();

/** Notes a restricted read: once an hour for each person and matter, since a page asks again and again for what it shows. */
async function noteRead(context: ApiContext, request: FastifyRequest, no: string, code: RestrictedRead): Promise<void> {
  const { viewer, now } = askerOf(request);
  const hour = `${now.slice(0, 'yyyy-mm-ddThh'.length)}:00:00.000Z`;
  let known = noted.get(context);
  if (known?.hour !== hour) {
    known = { hour, reads: new Map() };
    noted.set(context, known);
  }
  const key = `${viewer.id} ${no} ${code}`;
  const { reads } = known;
  const before = reads.get(key);
  if (before !== undefined) return before;
  const entry = { person: viewer.id, action: 'read', target: no, code, requestId: request.id, at: now };
  // Another process may have noted it, or this one before it was started again.
  const writing = isNoted(context.db, entry, hour).then((there) => (there ? undefined : writeAccess(context.db, entry)));
  reads.set(key, writing);
  // What could not be written is tried again by the next request.
  writing.catch(() => reads.delete(key));
  return writing;
}

/** Notes a refused attempt in the access log and refuses it. @throws the problem, always. */
export async function deny(context: ApiContext, request: FastifyRequest, target: string, problem: Problem): Promise<never> {
  await noteRefusal(context, request, target, problem.code);
  throw problem;
}

/** Notes a refused attempt in the access log. */
export async function noteRefusal(
  context: ApiContext,
  request: FastifyRequest,
  target: string,
  code: ProblemCode,
): Promise<void> {
  const { viewer, now } = askerOf(request);
  await writeAccess(context.db, { person: viewer.id, action: 'refused', target, code, requestId: request.id, at: now });
}
