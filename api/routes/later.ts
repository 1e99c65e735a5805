/** Routes of the contract whose issue is still to come. */
import type { Api } from '../context.ts';
import { Problem } from '../problem.ts';
import { problemSchema } from '../schemas/common.ts';

/** Method and path of each; a route leaves this list when it is built. */
export const LATER_ROUTES: readonly (readonly ['GET' | 'POST' | 'PUT', string])[] = [];

/** Answers each with 501. */
export function laterRoutes(api: Api): void {
  for (const [method, url] of LATER_ROUTES) {
    api.route({
      method,
      url,
      schema: { tags: ['later'], description: '尚未提供', response: { 501: problemSchema } },
      handler: async () => {
        throw new Problem('not-implemented');
      },
    });
  }
}
