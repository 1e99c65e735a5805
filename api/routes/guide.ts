/** The public guide 办事指南: made from the definitions, so that it never says other than what is done. */
import { z } from 'zod';
import { definitions, findDefinition } from '../../definitions/catalog.ts';
import { jsonFormsOf } from '../../definitions/forms.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import { settingsFor } from '../../definitions/language/common-settings.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { upcomingVersion, versionInForce } from '../../workflows/machine/admin/in-force.ts';
import { type DiffPart, diffDefinitions } from '../../workflows/machine/telling/diff.ts';
import { DIFF_SECTIONS } from '../../workflows/machine/telling/diff-words.ts';
import { guideLimits, guideSteps } from '../../workflows/machine/telling/guide.ts';
import { definitionAt } from '../application.ts';
import type { Api, ApiContext } from '../context.ts';
import { exampleContext, exampleOf, formSchema } from '../examples.ts';
import { Problem } from '../problem.ts';
import { jsonObject, listOf, reads } from '../schemas/common.ts';

const guideSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  category: z.string(),
  basis: z.array(z.string()),
  audience: z.string(),
  steps: z.array(z.object({ id: z.string(), name: z.string(), who: z.string(), limit: z.string(), when: z.array(z.string()) })),
  materials: z.array(z.object({ name: z.string(), required: z.boolean(), note: z.string() })),
  limits: z.array(z.object({ name: z.string(), limit: z.string() })),
  contact: z.string(),
  form: jsonObject.meta({ description: 'JSON Schema 2020-12' }),
  example: z.object({ person: z.string(), form: jsonObject, attachments: z.array(z.string()) }),
  effectiveFrom: z.string().nullable().meta({ description: '本版开始施行的日期;null 为一直有效' }),
  upcoming: z
    .object({ version: z.number().int(), effectiveFrom: z.string(), changes: z.array(z.string()) })
    .nullable()
    .meta({ description: '已公布、尚未施行的下一版' }),
});

const changesSchema = z.object({
  process: z.string(),
  from: z.number().int(),
  to: z.number().int(),
  parts: z.array(z.object({ section: z.enum(DIFF_SECTIONS), sentences: z.array(z.string()) })),
});

/** What a version does otherwise than another of its process, part by part. */
function changesBetween(before: ProcessDefinition, after: ProcessDefinition): DiffPart[] {
  return diffDefinitions({ definition: before, ...jsonFormsOf(before) }, { definition: after, ...jsonFormsOf(after) });
}

/** The version that was announced and has not begun, with what it changes. */
function upcomingOf(definition: ProcessDefinition, day: string): z.input<typeof guideSchema>['upcoming'] {
  const next = upcomingVersion(definitions, definition.id, day);
  if (next?.effectiveFrom === undefined) return null;
  const changes = changesBetween(definition, next).flatMap(({ sentences }) => sentences);
  return { version: next.version, effectiveFrom: next.effectiveFrom, changes };
}

/** A version of a process that a query names. @throws Problem 404. */
function versionNamed(id: string, version: number): ProcessDefinition {
  const found = findDefinition(id, version);
  if (found === undefined) throw new Problem('not-found', `没有这一流程的第${version}版`);
  return found;
}

/** Routes under `/api/guide`, public. */
export function guideRoutes(api: Api, context: ApiContext): void {
  const guideOf = async (definition: ProcessDefinition): Promise<z.input<typeof guideSchema>> => {
    const world = await context.cache.now(context.db);
    const examples = await exampleContext(context.db, world, definition, context.now());
    const overrides = { ...world.settings['*'], ...world.settings[definition.id] };
    const settings = settingsFor(definition, overrides);
    const { id, version, name, category, audience, contact } = definition;
    return {
      id,
      version,
      name,
      category,
      basis: [...definition.basis],
      audience,
      steps: guideSteps(definition, settings),
      materials: [...definition.materials],
      limits: guideLimits(definition, settings),
      contact,
      form: formSchema(definition),
      example: exampleOf(definition, examples),
      effectiveFrom: definition.effectiveFrom ?? null,
      upcoming: upcomingOf(definition, schoolDate(world.calendar, context.now())),
    };
  };

  const asked = async () => ({ world: await context.cache.now(context.db), now: context.now() });
  const today = async (): Promise<string> => {
    const { world, now } = await asked();
    return schoolDate(world.calendar, now);
  };

  api.get(
    '/api/guide',
    { config: { public: true }, schema: { tags: ['guide'], security: [], response: reads(listOf(guideSchema)) } },
    async () => {
      const ids = [...new Set(definitions.map((one) => one.id))];
      const day = await today();
      const items = await Promise.all(ids.flatMap((id) => versionInForce(definitions, id, day) ?? []).map(guideOf));
      return { items, nextCursor: null, count: items.length };
    },
  );

  api.get(
    '/api/guide/:process',
    {
      config: { public: true },
      schema: { tags: ['guide'], security: [], params: z.object({ process: z.string().max(60) }), response: reads(guideSchema) },
    },
    async (request) => guideOf(definitionAt(await asked(), request.params.process)),
  );

  api.get(
    '/api/guide/:process/changes',
    {
      config: { public: true },
      schema: {
        tags: ['guide'],
        security: [],
        description: '两版之间的改动,逐项以中文说明',
        params: z.object({ process: z.string().max(60) }),
        querystring: z.strictObject({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) }),
        response: reads(changesSchema),
      },
    },
    async (request) => {
      const { process: id } = request.params;
      const { from, to } = request.query;
      return { process: id, from, to, parts: changesBetween(versionNamed(id, from), versionNamed(id, to)) };
    },
  );
}
