/** Routes of the audit: roots, the access log, a matter as of a past moment. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of the audit: roots, the access log, a matter as of a past moment. */
export function auditRoutes(_api: Api, _context: ApiContext): void {}
