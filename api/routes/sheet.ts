/** Routes of the printable sheet of a matter. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of the printable sheet of a matter. */
export function sheetRoutes(_api: Api, _context: ApiContext): void {}
