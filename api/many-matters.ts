/**
 * One change from outside that concerns many matters: shown before it is done, and done as one command to each matter it touches,
 * durable like any other.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { batchProgress, idInBatch, saveBatch } from '../db/batches.ts';
import { type OpenMatter, openMatterStates } from '../db/people.ts';
import { worldFor } from '../db/world.ts';
import { schemaChecks } from '../definitions/forms.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { decide } from '../workflows/machine/decide.ts';
import type { MatterEvent } from '../workflows/machine/events.ts';
import { isRefusal, reasonOf } from '../workflows/machine/refusals.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { definitionOf } from './present.ts';
import { Problem } from './problem.ts';
import { keyOf } from './submit.ts';

/** A change to many matters: which it looks at, the command that each is given, and what is shown of it. */
export interface ManyMatters<Change> {
  holder?: string;
  concerns: (matter: OpenMatter) => boolean;
  commandOf: (matter: OpenMatter, commandId: string, bodyHash: string) => Command & { bodyHash: string };
  /** What an event that would follow changes; empty for one that changes nothing that is shown. */
  changesOf: (matter: OpenMatter, event: MatterEvent) => Change[];
  /** What is shown of a matter that would refuse the command. */
  refused: (matter: OpenMatter, message: string) => Change;
}

/** How far a change has come. */
export const progressSchema = z.object({
  batch: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  pending: z.number().int(),
  refused: z.array(z.object({ matter: z.string(), code: z.string(), message: z.string() })),
});

/** Matters that are looked at together. */
const MATTERS_AT_ONCE = 100;
/** A page of a preview is shown when so many matters were looked at, however few of them change. */
const MATTERS_PER_PAGE = 2_000;
/** The cursor's instant is not needed: matters come by their ids. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** What a command would change in a matter, found by deciding it as its transition will. */
function changesIn<Change>(asker: Asker, matter: OpenMatter, many: ManyMatters<Change>): Change[] {
  const definition = definitionOf(matter);
  const rest = { now: asker.now, no: '', files: {}, facts: {}, schemas: schemaChecks(definition) };
  const command = many.commandOf(matter, 'preview', '');
  const decided = decide(definition, matter.state, command, worldFor(asker.world, definition.id, rest));
  if (isRefusal(decided)) return [many.refused(matter, reasonOf(decided))];
  return decided.events.flatMap((event) => many.changesOf(matter, event));
}

/** The matters that a change would touch, page by page. */
async function* touched<Change>(
  context: ApiContext,
  asker: Asker,
  many: ManyMatters<Change>,
  after: string,
): AsyncGenerator<{ matter: OpenMatter; changes: Change[] }> {
  for (let last: string | undefined = after; last !== undefined; ) {
    const page = await openMatterStates(context.db, { after: last, limit: MATTERS_AT_ONCE, holder: many.holder });
    for (const matter of page) yield { matter, changes: many.concerns(matter) ? changesIn(asker, matter, many) : [] };
    last = page.length < MATTERS_AT_ONCE ? undefined : page.at(-1)?.id;
  }
}

/** A page of what a change would do, decided in the asker's world. */
export async function previewMany<Change>(
  context: ApiContext,
  asker: Asker,
  many: ManyMatters<Change>,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: Change[]; nextCursor: string | null }> {
  const items: Change[] = [];
  let seen = 0;
  for await (const { matter, changes } of touched(context, asker, many, decodeCursor(query.cursor)?.id ?? '')) {
    items.push(...changes);
    seen += 1;
    if (items.length >= query.limit || seen >= MATTERS_PER_PAGE)
      return { items, nextCursor: encodeCursor(NO_INSTANT, matter.id) };
  }
  return { items, nextCursor: null };
}

/**
 * The batch that a request makes, and how many commands it has taken on before.
 * @throws Problem 422 when the request's key was used with another body.
 */
export async function batchOf(
  context: ApiContext,
  request: FastifyRequest,
  route: string,
): Promise<{ batch: string; bodyHash: string; total: number }> {
  const { commandId: batch, bodyHash } = keyOf(request, route);
  const known = await batchProgress(context.db, batch);
  if (known.bodyHash !== null && known.bodyHash !== bodyHash) {
    throw new Problem('key-reused', '同一 Idempotency-Key 已用于内容不同的请求,请换一个');
  }
  return { batch, bodyHash, total: known.total };
}

/**
 * Takes one command to each touched matter on, all or none; the same request again only tells how far it has come.
 * @param asker in whose world the touched matters are found.
 * @throws Problem 422 when the request's key was used with another body.
 */
export async function carryOutMany<Change>(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  route: string,
  many: ManyMatters<Change>,
  asker: Asker = askerOf(request),
): Promise<z.input<typeof progressSchema>> {
  const { batch, bodyHash, total } = await batchOf(context, request, route);
  if (total === 0) {
    const intents = [];
    for await (const { matter, changes } of touched(context, asker, many, '')) {
      if (changes.length === 0) continue;
      const command = many.commandOf(matter, idInBatch(batch, matter.id), bodyHash);
      // Commands are plain JSON by their types.
      const payload = command as unknown as JsonObject;
      intents.push({ id: command.id, personId: asker.viewer.id, matterId: matter.id, bodyHash, payload });
    }
    await saveBatch(context.db, intents, asker.now);
  }
  const progress = await progressOf(context, batch);
  reply.code(progress.pending > 0 ? 202 : 200);
  return progress;
}

/** How far a change has come. */
export async function progressOf(context: ApiContext, batch: string): Promise<z.input<typeof progressSchema>> {
  const { bodyHash: _hash, refused, ...progress } = await batchProgress(context.db, batch);
  const told = refused.map(({ matter, refusal }) => ({ matter, code: refusal.code, message: reasonOf(refusal) }));
  return { batch, ...progress, refused: told };
}
