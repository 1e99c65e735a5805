/** Routes of ratings of finished matters. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of ratings of finished matters. */
export function ratingRoutes(_api: Api, _context: ApiContext): void {}
