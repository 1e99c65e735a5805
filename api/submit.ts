/** From an idempotent request to its answer: committed, taken on, refused. The same for applications, actions and commands. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matterById, taskById } from '../db/matters.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { isRefusal, type Refusal } from '../workflows/machine/refusals.ts';
import { type ApiContext, askerOf } from './context.ts';
import { type Outcome, type RequestKey, requestKey } from './gateway.ts';
import { type MatterDto, type MatterGlimpse, presentMatter } from './present.ts';
import { Problem } from './problem.ts';
import { LIMITS } from './schemas/common.ts';
import { canView, noteRefusal } from './visible.ts';

/** A command with the matter that it is for. */
interface Made {
  matterId: string;
  command: Command & { bodyHash: string };
}

/** The id of a matter that an application makes: from the command's id, so that the same request starts the same matter. */
export function matterIdFor(commandId: string): string {
  return `m-${createHash('sha256').update(commandId).digest('hex').slice(0, 20)}`;
}

/** What an idempotent request calls itself. @throws Problem 400 without a usable header. */
export function keyHeader(request: FastifyRequest): string {
  const header = request.headers['idempotency-key'];
  if (typeof header !== 'string' || header.trim() === '' || header.length > LIMITS.key) {
    throw new Problem('idempotency-key-missing', `请在请求头 Idempotency-Key 中给出1至${LIMITS.key}个字符的唯一标识`);
  }
  return header.trim();
}

/** The key of an idempotent request. @throws Problem 400 without a usable header. */
export function keyOf(request: FastifyRequest, route: string): RequestKey {
  return requestKey(askerOf(request).viewer.id, route, keyHeader(request), request.body ?? null);
}

/**
 * Carries out a command and answers with the matter, 200 or 201; with 202 what was taken on.
 * @param options.make makes the command or refuses it early; not called when the request is known already.
 */
export async function answerCommand(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  options: {
    key: RequestKey;
    status: 200 | 201;
    target: string;
    make: () => Promise<Made | Refusal>;
  },
): Promise<MatterDto | { retryAfter: number }> {
  const asker = askerOf(request);
  const { outcome, matterId } = await carryOut(context, asker.viewer.id, options);
  switch (outcome.kind) {
    case 'committed':
      reply.code(options.status);
      return readBack(context, request, outcome.matterId);
    case 'pending':
      reply.code(202).header('retry-after', outcome.retryAfter);
      return { retryAfter: outcome.retryAfter };
    case 'refused': {
      const { refusal } = outcome;
      await noteRefusal(context, request, options.target, refusal.code);
      const matter =
        PROBLEM_WITH_STATE.has(refusal.code) && matterId !== null
          ? await asItStands(context, request, matterId, options.target).catch(() => null)
          : null;
      throw new Problem(refusal.code, refusal.message, { faults: refusal.faults, matter });
    }
    default:
      throw problemOfOutcome(outcome);
  }
}

/** The problem that a command which was not carried out is answered with. */
export function problemOfOutcome(outcome: Exclude<Outcome, { kind: 'committed' | 'pending' }>): Problem {
  switch (outcome.kind) {
    case 'key-reused':
      return new Problem('key-reused', '同一 Idempotency-Key 已用于内容不同的请求,请换一个');
    case 'unavailable':
      return new Problem('unavailable', undefined, { retryAfter: 5 });
    case 'refused':
      return new Problem(outcome.refusal.code, outcome.refusal.message, { faults: outcome.refusal.faults });
  }
}

/**
 * Carries out a command, or says what became of it when it came before.
 * @param options.make makes the command or refuses it early; not called when the request is known already.
 */
export async function carryOut(
  { gateway }: ApiContext,
  person: string,
  { key, make }: { key: RequestKey; make: () => Promise<Made | Refusal> },
): Promise<{ outcome: Outcome; matterId: string | null }> {
  const known = await gateway.known(key);
  // What was taken on is carried out as it was sent: it is not looked at anew, since it counts from when it was taken on.
  if (known?.kind === 'taken-on')
    return { outcome: await gateway.submit(known.matterId, known.command, person), matterId: known.matterId };
  if (known !== null) return { outcome: known, matterId: known.kind === 'refused' ? known.matterId : null };
  const made = await make();
  if (isRefusal(made)) return { outcome: { kind: 'refused', refusal: made }, matterId: null };
  return { outcome: await gateway.submit(made.matterId, made.command, person), matterId: made.matterId };
}

/** Refusals that show the matter as it stands now. */
const PROBLEM_WITH_STATE: ReadonlySet<string> = new Set([
  'matter-ended',
  'task-closed',
  'action-not-offered',
  'too-late',
  'too-early',
  'too-many-rounds',
  'resource-taken',
]);

async function readBack(context: ApiContext, request: FastifyRequest, matterId: string): Promise<MatterDto> {
  const row = await matterById(context.db, matterId);
  if (row === null) throw new Problem('not-found');
  return presentMatter(context, askerOf(request), row.state);
}

/**
 * The matter with a refusal: whole for whoever may see it, and for somebody who has just lost their task in a race, as long as nothing
 * has happened since (promise 4); else no more than that it went on and who acted.
 */
async function asItStands(
  context: ApiContext,
  request: FastifyRequest,
  matterId: string,
  task: string,
): Promise<MatterDto | MatterGlimpse> {
  const asker = askerOf(request);
  const [row, found] = await Promise.all([matterById(context.db, matterId), taskById(context.db, task)]);
  if (row === null) throw new Problem('not-found');
  const lost = found?.matter.id === matterId && found.task.assignees.some((one) => one.id === asker.viewer.id);
  // Another's decision took it from them, and not an administrator who gave it away.
  const decided = found?.task.status === 'done' || row.state.phase === 'ended';
  const justNow = lost && decided && found.task.closedAt === row.state.updatedAt;
  if (justNow || canView(asker, row)) return presentMatter(context, asker, row.state);
  const { actedBy = null, action = null, closedAt = null } = found?.matter.id === matterId ? found.task : {};
  const name = actedBy === null ? null : (asker.world.directory.people[actedBy]?.name ?? actedBy);
  return { no: row.no, status: row.status, actedBy: name, action, at: closedAt };
}
