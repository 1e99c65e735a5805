/** Administrators stepping in where the flow of a matter can't help itself. */
import { z } from 'zod';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { Problem } from '../problem.ts';
import { interventionBody, interventionCommand } from '../schemas/actions.ts';
import { idempotent, matterSchema, pendingSchema, problemSchema } from '../schemas/common.ts';
import { answerCommand, keyOf } from '../submit.ts';
import { deny, visibleMatter } from '../visible.ts';

/** `POST /api/matters/:no/interventions`. */
export function interventionRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/matters/:no/interventions',
    {
      // Before the body is looked at: whoever may not step in need not hear what is wrong with how they would.
      preValidation: async (request) => {
        if (askerOf(request).viewer.administrator) return;
        await deny(context, request, request.url, new Problem('forbidden', '只有流程管理员可以干预办件'));
      },
      schema: {
        tags: ['matters'],
        description: '流程管理员的干预:须写明理由,永久标记在办件上',
        headers: idempotent,
        params: z.object({ no: z.string().max(60) }),
        body: interventionBody,
        response: { 200: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer } = askerOf(request);
      const { no } = request.params;
      const key = keyOf(request, `POST /api/matters/${no}/interventions`);
      const row = await visibleMatter(context, request, no);
      return answerCommand(context, request, reply, {
        key,
        status: 200,
        target: no,
        make: async () => ({ matterId: row.id, command: interventionCommand(request.body, key, viewer) }),
      });
    },
  );
}
