/** The path ahead of an application that is not yet sent. */
import { z } from 'zod';
import type { JsonObject } from '../../definitions/language/json.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { previewPath } from '../../workflows/machine/telling/preview.ts';
import { type Application, applicationWorld, definitionNamed, startCommand } from '../application.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { Problem } from '../problem.ts';
import { assigneeSchema, fileIds, instant, jsonObject, reads } from '../schemas/common.ts';

const previewSchema = z.object({
  steps: z.array(
    z.object({
      step: z.string(),
      name: z.string(),
      assignees: z.array(assigneeSchema),
      reason: z.string(),
      dueAt: instant,
    }),
  ),
});

/** `POST /api/matters/preview`: starts nothing and leaves no trace. */
export function previewRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/matters/preview',
    {
      schema: {
        tags: ['matters'],
        body: z.strictObject({
          process: z.string().max(60),
          version: z.number().int().min(1).optional(),
          form: jsonObject,
          attachments: fileIds.default([]),
        }),
        response: reads(previewSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const definition = definitionNamed(asker, request.body.process, request.body.version);
      // The body passed the JSON parser: it is plain JSON.
      const form = request.body.form as JsonObject;
      const applied: Application = { definition, form, attachments: request.body.attachments };
      const command = startCommand(asker.viewer.id, applied, { commandId: 'preview', bodyHash: '' });
      const steps = previewPath(definition, command, await applicationWorld(context, asker, applied));
      if (isRefusal(steps)) throw new Problem(steps.code, steps.message, { faults: steps.faults });
      return { steps };
    },
  );
}
