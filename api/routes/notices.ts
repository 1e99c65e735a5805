/** Routes of notices: the stream, the box, the settings, dead letters. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of notices: the stream, the box, the settings, dead letters. */
export function noticeRoutes(_api: Api, _context: ApiContext): void {}
