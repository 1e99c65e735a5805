/** What the routes share that keep the directory. */
import type { FastifyRequest } from 'fastify';
import type { Transaction } from '../db/client.ts';
import { changeWorld } from '../db/directory.ts';
import { appendTo } from '../db/journal.ts';
import type { Fault } from '../definitions/language/json.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import { decodeCursor, pageOf } from './cursor.ts';
import { Problem } from './problem.ts';
import { deny } from './visible.ts';

/** Lists in memory are paged by id; the cursor's instant is not needed. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** Refuses whoever is no process administrator, before the body is looked at. */
export function administratorsOnly(context: ApiContext, why = '只有流程管理员可以维护人员名录') {
  return async (request: FastifyRequest): Promise<void> => {
    if (askerOf(request).viewer.administrator) return;
    await deny(context, request, request.url, new Problem('forbidden', why));
  };
}

/** @throws Problem 422 with every fault, if there is one. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Problem('bad-input', '填写内容有误,请按提示一次性修改', { faults });
}

/** Changes the directory, lets every transition see it, and keeps who did it in the journal: all of it, or nothing. */
export async function changeDirectory(
  context: ApiContext,
  request: FastifyRequest,
  target: string,
  change: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const { viewer, now } = askerOf(request);
  const entry = { person: viewer.id, action: 'change-directory', target, code: request.method, requestId: request.id, at: now };
  await changeWorld(context.db, async (tx) => {
    await change(tx);
    await appendTo(tx, 'office', entry);
  });
}

/** A page of things that are held in memory. */
export function pageById<T extends { id: string }, I>(
  all: readonly T[],
  query: { cursor?: string | undefined; limit: number },
  item: (one: T) => I,
): { items: I[]; nextCursor: string | null } {
  const after = decodeCursor(query.cursor)?.id ?? '';
  const rest = all.filter((one) => one.id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(rest, query.limit, (one) => ({ at: NO_INSTANT, id: one.id }), item);
}

/** The asker with the directory as it stands after a change. */
export async function anew(context: ApiContext, asker: Asker): Promise<Asker> {
  return { ...asker, world: await context.cache.now(context.db) };
}

/** An entry of the directory. @throws Problem 404 for one that is not there. */
export function found<T>(record: Readonly<Record<string, T>>, key: string, what: string): T {
  const one = Object.hasOwn(record, key) ? record[key] : undefined;
  if (one === undefined) throw new Problem('not-found', `没有这${what}`);
  return one;
}
