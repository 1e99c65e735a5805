/**
 * The directory, kept by the process administrators: who works here, who holds and covers which post. Units: units.ts.
 * Everybody may look people up, since whoever hands a task on must name somebody.
 */
import { z } from 'zod';
import { putPerson, putPost } from '../../db/people.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import type { Directory, Person, Post } from '../../definitions/language/directory.ts';
import { day } from '../../definitions/language/fields.ts';
import { isAway, postsOf } from '../../workflows/machine/people/posts.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { administratorsOnly, anew, changeDirectory, found, pageById, refuseFaults } from '../directory-admin.ts';
import { personChangeFaults, postFaults } from '../people-rules.ts';
import { listOf, pageQuery, reads } from '../schemas/common.ts';

const id = z.string().min(1).max(80);
const holding = z.strictObject({
  person: id,
  from: day('任职第一天'),
  to: day('任职最后一天').nullable().default(null).meta({ description: 'null 为在任' }),
});

const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  unit: z.string(),
  unitName: z.string(),
  active: z.boolean(),
  away: z.boolean(),
  capabilities: z.array(z.string()).optional().meta({ description: '资格,只对流程管理员显示' }),
  posts: z.array(z.object({ id: z.string(), name: z.string() })),
});

const postSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  unit: z.string(),
  unitName: z.string(),
  holders: z.array(z.object({ person: z.string(), name: z.string(), from: z.string(), to: z.string().nullable() })),
  covers: z.array(z.object({ person: z.string(), name: z.string() })),
});

function presentPerson({ viewer, world, now }: Asker, person: Person): z.input<typeof personSchema> {
  const { directory, calendar } = world;
  return {
    id: person.id,
    name: person.name,
    unit: person.unit,
    unitName: directory.units[person.unit]?.name ?? person.unit,
    active: person.active,
    away: isAway(directory, person.id, now),
    ...(viewer.administrator ? { capabilities: person.capabilities ?? [] } : {}),
    posts: postsOf(directory, person.id, schoolDate(calendar, now)).map((post) => ({ id: post.id, name: post.name })),
  };
}

function presentPost(directory: Directory, post: Post): z.input<typeof postSchema> {
  const named = (person: string) => ({ person, name: directory.people[person]?.name ?? person });
  return {
    id: post.id,
    name: post.name,
    role: post.role,
    unit: post.unit,
    unitName: directory.units[post.unit]?.name ?? post.unit,
    holders: post.holders.map(({ person, from, to }) => ({ ...named(person), from, to })),
    covers: post.covers.map(named),
  };
}

/** Routes under `/api/people` that show and change people. */
function personRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context);
  api.get(
    '/api/people',
    {
      schema: {
        tags: ['people'],
        description: '人员名录:转办、加签、传阅等须指明人员,本校人员均可查询',
        querystring: z.strictObject({ unit: id.optional(), q: z.string().trim().min(1).max(40).optional(), ...pageQuery }),
        response: reads(listOf(personSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { unit, q, ...page } = request.query;
      const people = Object.values(asker.world.directory.people).filter(
        (one) => (unit === undefined || one.unit === unit) && (q === undefined || one.name.includes(q) || one.id === q),
      );
      return pageById(people, page, (one) => presentPerson(asker, one));
    },
  );

  api.put(
    '/api/people/:id',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '变更人员:离职(active=false)、调动单位、资格。未办事项的交接见 hand-over',
        params: z.object({ id }),
        body: z.strictObject({
          active: z.boolean().optional(),
          unit: id.optional(),
          capabilities: z.array(z.string().trim().min(1).max(60)).max(50).optional(),
        }),
        response: reads(personSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { directory, calendar } = asker.world;
      const person = found(directory.people, request.params.id, '个人');
      refuseFaults(personChangeFaults(directory, person.id, request.body, schoolDate(calendar, asker.now)));
      await changeDirectory(context, request, person.id, (tx) => putPerson(tx, person.id, request.body));
      const after = await anew(context, asker);
      return presentPerson(after, found(after.world.directory.people, person.id, '个人'));
    },
  );
}

/** Routes that show and change posts. */
function postRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context);
  api.get(
    '/api/people/posts',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '岗位、任职与顶岗人员',
        querystring: z.strictObject({ unit: id.optional(), ...pageQuery }),
        response: reads(listOf(postSchema)),
      },
    },
    async (request) => {
      const { directory } = askerOf(request).world;
      const { unit, ...page } = request.query;
      const posts = Object.values(directory.posts).filter((post) => unit === undefined || post.unit === unit);
      return pageById(posts, page, (post) => presentPost(directory, post));
    },
  );

  api.put(
    '/api/people/posts/:id',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '设定岗位的任职(含起止日期)和顶岗人员(按先后)',
        params: z.object({ id }),
        body: z.strictObject({ holders: z.array(holding).max(100), covers: z.array(id).max(20) }),
        response: reads(postSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { directory, calendar } = asker.world;
      const post = found(directory.posts, request.params.id, '个岗位');
      refuseFaults(postFaults(directory, post, request.body, schoolDate(calendar, asker.now)));
      await changeDirectory(context, request, post.id, (tx) => putPost(tx, post.id, request.body));
      const after = await anew(context, asker);
      return presentPost(after.world.directory, found(after.world.directory.posts, post.id, '个岗位'));
    },
  );
}

/** Routes under `/api/people` that keep the directory. */
export function peopleRoutes(api: Api, context: ApiContext): void {
  personRoutes(api, context);
  postRoutes(api, context);
}
