/** What lists show of a matter's state, kept beside it so that a list needs no states. */
import type { PersonRef } from '../../../definitions/language/context.ts';
import { openSuspension } from '../clock/clock.ts';
import type { Ending, Matter } from '../state.ts';

/** That part of the state. */
export interface Listed {
  applicant: PersonRef;
  /** The name of the applicant's unit. */
  unitName: string;
  /** Since when the matter's clock stands still, or null while it runs. */
  suspendedSince: string | null;
  ending: Ending | null;
}

/** {@link Listed} of a matter. */
export function listedOf(matter: Matter): Listed {
  const { applicant, unitName, ending } = matter;
  return { applicant, unitName, suspendedSince: ending === null ? (openSuspension(matter)?.from ?? null) : null, ending };
}
