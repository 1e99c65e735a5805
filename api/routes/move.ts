/** The dry run before a matter is moved to another version; the move itself is an intervention. */
import { z } from 'zod';
import { allEventRows, eventOf } from '../../db/events.ts';
import { findDefinition } from '../../definitions/catalog.ts';
import { schemaChecks } from '../../definitions/forms.ts';
import { moveFaults } from '../../workflows/machine/admin/move.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { definitionOf } from '../present.ts';
import { Problem } from '../problem.ts';
import { reads } from '../schemas/common.ts';
import { deny, visibleMatter } from '../visible.ts';

/** `POST /api/matters/:no/move/preview`: changes nothing. */
export function moveRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/matters/:no/move/preview',
    {
      preValidation: async (request) => {
        if (askerOf(request).viewer.administrator) return;
        await deny(context, request, request.url, new Problem('forbidden', '只有流程管理员可以迁移办件版本'));
      },
      schema: {
        tags: ['matters'],
        description: '迁移版本的试运行:以办件的全部记录核对新版,一次列出不能迁移的原因;为空则可以迁移',
        params: z.object({ no: z.string().max(60) }),
        body: z.strictObject({ version: z.number().int().min(1) }),
        response: reads(z.object({ faults: z.array(z.object({ path: z.string(), message: z.string() })) })),
      },
    },
    async (request) => {
      const { state } = await visibleMatter(context, request, request.params.no);
      const { version } = request.body;
      if (state.phase === 'ended') throw new Problem('matter-ended', '办件已经结束,不能再操作');
      const to = findDefinition(state.processId, version);
      if (to === undefined) return { faults: [{ path: '/version', message: `流程没有第${version}版` }] };
      const past = (await allEventRows(context.db, state.id)).map(eventOf);
      return { faults: moveFaults(definitionOf(state), to, schemaChecks(to), state, past) };
    },
  );
}
