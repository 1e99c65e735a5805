/** Routes of the supervision ledger 督办台账, its topics and watches. */
import type { Api, ApiContext } from '../context.ts';

/** Routes of the supervision ledger 督办台账, its topics and watches. */
export function ledgerRoutes(_api: Api, _context: ApiContext): void {}
