/** Who is away, when, and who stands in. People note their own absences; process administrators note anybody's. */
import { z } from 'zod';
import { addAbsence } from '../../db/directory.ts';
import { endAbsence, removeAbsence } from '../../db/people.ts';
import type { Absence } from '../../definitions/language/directory.ts';
import { day } from '../../definitions/language/fields.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { changeDirectory, pageById, refuseFaults } from '../directory-admin.ts';
import { absenceFaults, absenceWarnings, beginningOf, endOf, HALVES } from '../people-rules.ts';
import { Problem } from '../problem.ts';
import { instant, listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import { deny } from '../visible.ts';

const id = z.string().min(1).max(80);
const halfDay = z
  .strictObject({ date: day('日期'), half: z.enum(HALVES) })
  .meta({ description: '日期和上午 morning、下午 afternoon、晚上 evening' });
const moment = z.union([halfDay, instant]);

const absenceSchema = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  from: instant,
  to: instant,
  reason: z.string(),
  cover: z.object({ id: z.string(), name: z.string() }).nullable(),
});

/** What was noted, with what the one who noted it should know. */
const notedSchema = absenceSchema.extend({
  warnings: z.array(z.string()).optional().meta({ description: '已登记,但请留意:如顶岗人员同期离岗' }),
});

/** Sorts by person and time, and names one absence in an address. */
function absenceId({ person, from }: Pick<Absence, 'person' | 'from'>): string {
  return `${person}~${new Date(from).toISOString()}`;
}

function presentAbsence({ world }: Asker, absence: Absence): z.input<typeof absenceSchema> {
  const nameOf = (one: string) => world.directory.people[one]?.name ?? one;
  const { cover } = absence;
  return {
    id: absenceId(absence),
    person: absence.person,
    name: nameOf(absence.person),
    from: new Date(absence.from).toISOString(),
    to: new Date(absence.to).toISOString(),
    reason: absence.reason,
    cover: cover === undefined || cover === null ? null : { id: cover, name: nameOf(cover) },
  };
}

function presentNoted(asker: Asker, absence: Absence): z.input<typeof notedSchema> {
  const warnings = absenceWarnings(asker.world.directory, absence);
  return { ...presentAbsence(asker, absence), ...(warnings.length === 0 ? {} : { warnings }) };
}

/** Routes under `/api/people/absences`. */
export function absenceRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/people/absences',
    {
      schema: {
        tags: ['people'],
        description: '尚未结束的离岗登记;流程管理员可看全校的,其他人看本人的和由本人顶岗的',
        querystring: z.strictObject({ person: id.optional(), ...pageQuery }),
        response: reads(listOf(absenceSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, now, world } = asker;
      const { person, ...page } = request.query;
      const shown = world.directory.absences
        .filter((one) => Date.parse(one.to) > Date.parse(now))
        .filter((one) => viewer.administrator || one.person === viewer.id || one.cover === viewer.id)
        .filter((one) => person === undefined || one.person === person)
        .map((one) => ({ ...one, id: absenceId(one) }));
      return pageById(shown, page, (one) => presentAbsence(asker, one));
    },
  );

  api.post(
    '/api/people/absences',
    {
      schema: {
        tags: ['people'],
        description: '登记离岗,可指定顶岗人员;到期自动恢复',
        body: z.strictObject({
          person: id.optional().meta({ description: '默认本人' }),
          from: moment,
          to: moment,
          reason: z.string().trim().min(1, '请填写离岗事由').max(200),
          cover: id.nullish(),
        }),
        response: { 201: notedSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      const { person = viewer.id, from, to, reason, cover = null } = request.body;
      if (person !== viewer.id && !viewer.administrator) {
        return deny(context, request, person, new Problem('forbidden', '只能登记本人的离岗,他人的由流程管理员登记'));
      }
      const absence = {
        person,
        from: typeof from === 'string' ? new Date(from).toISOString() : beginningOf(world.calendar, from),
        to: typeof to === 'string' ? new Date(to).toISOString() : endOf(world.calendar, to),
        reason,
        cover: cover ?? null,
      };
      // The same request again, a double click, is answered with what it made.
      const same = world.directory.absences.find((one) => absenceId(one) === absenceId(absence) && one.reason === reason);
      if (same !== undefined && Date.parse(same.to) === Date.parse(absence.to) && (same.cover ?? null) === absence.cover) {
        return reply.code(201).send(presentNoted(asker, same));
      }
      refuseFaults(absenceFaults(world.directory, absence, now));
      await changeDirectory(context, request, absenceId(absence), (tx) => addAbsence(tx, absence));
      return reply.code(201).send(presentNoted(asker, absence));
    },
  );

  api.delete(
    '/api/people/absences/:id',
    {
      schema: {
        tags: ['people'],
        description: '销假:尚未开始的离岗撤销,已经开始的到此刻为止',
        params: z.object({ id: z.string().max(120) }),
        response: { 204: z.null(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer, world, now } = askerOf(request);
      const absence = world.directory.absences.find((one) => absenceId(one) === request.params.id);
      const may = absence !== undefined && (viewer.administrator || absence.person === viewer.id);
      if (absence === undefined || !may) {
        return deny(context, request, request.params.id, new Problem('not-found', '没有这一离岗登记,或您无权更改'));
      }
      if (Date.parse(absence.to) <= Date.parse(now)) throw new Problem('too-late', '该离岗已经结束,不能更改');
      const begun = Date.parse(absence.from) <= Date.parse(now);
      await changeDirectory(context, request, request.params.id, (tx) =>
        begun ? endAbsence(tx, absence.person, absence.from, now) : removeAbsence(tx, absence.person, absence.from),
      );
      return reply.code(204).send(null);
    },
  );
}
