/** The API's own description. */
import type { Api } from '../context.ts';

/** `GET /api/openapi.json`, public: OpenAPI 3.1, made from the schemas that the routes check with. */
export function openApiRoutes(api: Api): void {
  api.get('/api/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => api.swagger());
}
