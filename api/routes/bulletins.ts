/** Routes of bulletins 通报. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of bulletins 通报. */
export function bulletinRoutes(_api: Api, _context: ApiContext): void {}
