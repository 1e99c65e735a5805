/** The public guide 办事指南: made from the definitions, so that it never says other than what is done. */
import { z } from 'zod';
import { newestDefinitions } from '../../definitions/catalog.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { settingValues } from '../../definitions/language/settings.ts';
import { guideLimits, guideSteps } from '../../workflows/machine/guide.ts';
import { definitionAt } from '../application.ts';
import type { Api, ApiContext } from '../context.ts';
import { exampleContext, exampleOf, formSchema } from '../examples.ts';
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
});

/** Routes under `/api/guide`, public. */
export function guideRoutes(api: Api, context: ApiContext): void {
  const guideOf = async (definition: ProcessDefinition): Promise<z.input<typeof guideSchema>> => {
    const world = await context.cache.now(context.db);
    const examples = await exampleContext(context.db, world, definition, context.now());
    const overrides = { ...world.settings['*'], ...world.settings[definition.id] };
    const settings = settingValues(definition.settings, overrides);
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
    };
  };

  api.get(
    '/api/guide',
    { config: { public: true }, schema: { tags: ['guide'], security: [], response: reads(listOf(guideSchema)) } },
    async () => {
      const items = await Promise.all(newestDefinitions().map(guideOf));
      return { items, nextCursor: null, count: items.length };
    },
  );

  api.get(
    '/api/guide/:process',
    {
      config: { public: true },
      schema: { tags: ['guide'], security: [], params: z.object({ process: z.string().max(60) }), response: reads(guideSchema) },
    },
    async (request) => guideOf(definitionAt(request.params.process)),
  );
}
