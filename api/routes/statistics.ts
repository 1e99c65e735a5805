/** Routes of statistics. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of statistics. */
export function statisticsRoutes(_api: Api, _context: ApiContext): void {}
