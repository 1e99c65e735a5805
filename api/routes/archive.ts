/** Routes of the archive 归档. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of the archive 归档. */
export function archiveRoutes(_api: Api, _context: ApiContext): void {}
