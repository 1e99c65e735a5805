/** What every route works with, and what each request knows. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { OuterWorld, WorldCache } from '../db/world.ts';
import type { Config } from '../runtime/config.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Gateway } from './gateway.ts';
import { Problem } from './problem.ts';
import { type Sessions, viewerFor } from './session.ts';

/** What the API is built from. */
export interface ApiContext {
  config: Config;
  log: Logger;
  db: Database;
  client: Client;
  cache: WorldCache;
  gateway: Gateway;
  sessions: Sessions;
  /** The time, UTC; a function so that tests may stand elsewhere in time. */
  now: () => string;
}

/** A Fastify instance whose schemas are zod's. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** Who asks, with the world they ask in. */
export interface Asker {
  viewer: Viewer;
  world: OuterWorld;
  now: string;
}

const askers = new WeakMap<FastifyRequest, Asker>();

/** Finds out who asks; the first thing that every route not marked public does. @throws Problem 401. */
export async function identify(context: ApiContext, request: FastifyRequest): Promise<void> {
  const person = await context.sessions.personOf(request.headers.authorization);
  const now = context.now();
  const world = await context.cache.now(context.db);
  askers.set(request, { viewer: viewerFor(world, person, now), world, now });
}

/** Who asks, or null as long as nobody is known. */
export function knownAsker(request: FastifyRequest): Asker | null {
  return askers.get(request) ?? null;
}

/** Who asks. @throws Problem 401 on a route that was not guarded, so that a forgotten guard denies. */
export function askerOf(request: FastifyRequest): Asker {
  const asker = askers.get(request);
  if (asker === undefined) throw new Problem('unauthenticated');
  return asker;
}
