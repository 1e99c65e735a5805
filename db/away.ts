/** Telling a database that is away from a fault of ours: the first passes by itself, the second does not. */

import { codesOf } from './causes.ts';

/** What the driver and the system say while there is no connection. */
const CONNECTION_CODES = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * What PostgreSQL says that passes without a change of ours (Appendix A of its manual): a lost connection (08), a password that is
 * being changed (28), a deadlock or a conflict (40), no resources (53), a lock not to be had (55), an operator's intervention or a
 * statement timeout (57), a system fault (58); a standby that still takes no writes, a database that is being put back.
 */
const PASSING_STATES = /^(08|28|40|53|55|57|58)...$|^25006$|^3D000$/;

/** The code at the root of an error, however deep it is wrapped, when the database being away explains it; else null. */
export function awayCode(error: unknown): string | null {
  return codesOf(error).find((code) => CONNECTION_CODES.has(code) || PASSING_STATES.test(code)) ?? null;
}
