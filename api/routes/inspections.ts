/** Routes of inspections 督查: rounds, spot checks, objections, accountability. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of inspections 督查: rounds, spot checks, objections, accountability. */
export function inspectionRoutes(_api: Api, _context: ApiContext): void {}
