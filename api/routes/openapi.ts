/** The API's own description, and where to begin. */
import { z } from 'zod';
import type { Api } from '../context.ts';

const pointers = z.object({ name: z.string(), guide: z.string(), openapi: z.string(), ready: z.string() });

/** `GET /api/openapi.json`, public: OpenAPI 3.1, made from the schemas that the routes check with; and `/`, which points to it. */
export function openApiRoutes(api: Api): void {
  api.get('/api/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => api.swagger());

  api.get(
    '/',
    {
      config: { public: true },
      schema: { tags: ['health'], security: [], description: '从哪里开始', response: { 200: pointers } },
    },
    async () => ({
      name: 'Piban 批办',
      guide: '/api/guide',
      openapi: '/api/openapi.json',
      ready: '/api/health/ready',
    }),
  );
}
