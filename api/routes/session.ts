/** Demo sign-in: anybody may be anybody, so it is off in production. */
import { z } from 'zod';
import { schoolDate } from '../../definitions/language/calendar.ts';
import { postsOf } from '../../workflows/machine/people/resolve.ts';
import type { Api, ApiContext } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import { viewerFor } from '../session.ts';

const person = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  posts: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** Lists in memory are paged by id; the cursor's instant is not needed. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** Routes under `/api/session`, public. */
export function sessionRoutes(api: Api, context: ApiContext): void {
  const demoOnly = async () => {
    if (!context.config.demoSignIn) throw new Problem('forbidden', '演示登录已关闭,请使用学校统一身份认证');
  };

  api.get(
    '/api/session/people',
    {
      config: { public: true },
      preHandler: demoOnly,
      schema: {
        tags: ['session'],
        security: [],
        querystring: z.strictObject({ ...pageQuery, limit: pageQuery.limit.default(200) }),
        response: reads(listOf(person)),
      },
    },
    async (request) => {
      const { directory, calendar } = await context.cache.now(context.db);
      const today = schoolDate(calendar, context.now());
      const after = decodeCursor(request.query.cursor)?.id ?? '';
      const people = Object.values(directory.people)
        .filter((one) => one.active && one.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return pageOf(
        people,
        request.query.limit,
        (one) => ({ at: NO_INSTANT, id: one.id }),
        (one) => ({
          id: one.id,
          name: one.name,
          unit: directory.units[one.unit]?.name ?? one.unit,
          posts: postsOf(directory, one.id, today).map((post) => ({ id: post.id, name: post.name })),
        }),
      );
    },
  );

  api.post(
    '/api/session',
    {
      config: { public: true },
      preHandler: demoOnly,
      schema: {
        tags: ['session'],
        security: [],
        body: z.strictObject({ person: z.string().max(80) }),
        response: { 201: z.object({ token: z.string() }), default: problemSchema },
      },
    },
    async (request, reply) => {
      const world = await context.cache.now(context.db);
      const viewer = viewerFor(world, request.body.person, context.now());
      return reply.code(201).send({ token: await context.sessions.issue(viewer.id) });
    },
  );
}
