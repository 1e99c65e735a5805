/** Whether the API lives, and whether the whole system can work. */
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { workerAlive } from '../../db/heartbeat.ts';
import type { Api, ApiContext } from '../context.ts';

/** A part that does not answer in this time counts as away. */
const PATIENCE_MS = 2_000;

const readiness = z.object({ ready: z.boolean(), database: z.boolean(), temporal: z.boolean(), worker: z.boolean() });

async function answers(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([check().catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Routes under `/api/health`, public. */
export function healthRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/health/live',
    {
      config: { public: true },
      schema: { tags: ['health'], security: [], response: { 200: z.object({ live: z.literal(true) }) } },
    },
    async () => ({
      live: true as const,
    }),
  );

  api.get(
    '/api/health/ready',
    { config: { public: true }, schema: { tags: ['health'], security: [], response: { 200: readiness, 503: readiness } } },
    async (_request, reply) => {
      const [database, temporal, worker] = await Promise.all([
        answers(async () => {
          await context.db.execute(sql`select 1`);
          return true;
        }),
        answers(async () => {
          await context.client.withDeadline(Date.now() + PATIENCE_MS, () =>
            context.client.workflowService.describeNamespace({ namespace: context.config.temporal.namespace }),
          );
          return true;
        }),
        answers(() => workerAlive(context.db, context.config.taskQueue)),
      ]);
      const ready = database && temporal && worker;
      return reply.code(ready ? 200 : 503).send({ ready, database, temporal, worker });
    },
  );
}
