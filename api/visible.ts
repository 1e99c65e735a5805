/** Which matters an asker may see; whoever asks for another learns nothing, and the access log keeps that they asked. */
import type { FastifyRequest } from 'fastify';
import { writeAccess } from '../db/journal.ts';
import { type MatterRow, matterByNo } from '../db/matters.ts';
import { contextOf } from '../workflows/machine/context.ts';
import { standsIn } from '../workflows/machine/people/covers.ts';
import { mayView } from '../workflows/machine/people/rights.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import { definitionOf } from './present.ts';
import { Problem, type ProblemCode } from './problem.ts';

/** Whether the asker may see a matter: by their own right, or while they stand in for somebody who must act on it. */
export function canView(asker: Asker, row: Pick<MatterRow, 'processId' | 'version' | 'state' | 'supervised'>): boolean {
  const definition = definitionOf(row);
  const { viewer, world, now } = asker;
  const concerned = definition.concerned?.(contextOf(definition, row.state)) ?? [];
  if (mayView(viewer, row.state, row.supervised, concerned, now)) return true;
  const people = { directory: world.directory, calendar: world.calendar, now };
  return row.state.phase === 'open' && standsIn(definition, row.state, viewer.id, people);
}

/** A matter that the asker may see. @throws Problem 404 for any other, so that nobody learns that it exists. */
export async function visibleMatter(context: ApiContext, request: FastifyRequest, no: string): Promise<MatterRow> {
  const row = await matterByNo(context.db, no);
  if (row !== null && canView(askerOf(request), row)) return row;
  return deny(context, request, no, new Problem('matter-unknown', '没有这一办件,或您无权查看'));
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
