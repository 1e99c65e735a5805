/** What deliveries are made with; a worker is told it by its configuration. */

/** How messages leave the house. */
export interface DeliveryMeans {
  /** Where people open the console, without a slash at the end: links in messages begin with it. */
  publicUrl: string;
  /** The mail server and the sender; absent: nobody is told by e-mail. */
  mail?: { url: string; from: string };
  /** Whether webhooks may go to addresses of the own network. */
  webhooksInside: boolean;
  /** After so many tries a message is laid with the dead letters. */
  tries: number;
  /** How long to wait after the first failed try. */
  retrySeconds: number;
  /** How long notices and deliveries are kept. */
  keepDays: number;
}

/** How a try went. Faults are codes and English words, nothing personal: what servers answer may name people. */
export type Outcome =
  | { kind: 'sent' }
  /** `lasting`: the other side says that it will not take this, so that many tries are of no use. */
  | { kind: 'failed'; fault: string; lasting: boolean; retryAfterMs?: number };

/** The longest wait between two tries. */
const WAIT_MAX_MS = 4 * 3_600_000;
/** Tries of what the other side refuses for good: it may have been a mistake that somebody mends. */
const LASTING_TRIES = 3;

/** What becomes of a delivery after a failed try. */
export type Verdict = { status: 'dead' } | { status: 'waiting'; waitMs: number };

/**
 * Twice as long after each try, and up to half as long again by chance, so that what failed together does not come back together.
 * @param attempts tries so far, this one included.
 * @param chance from 0 to 1.
 */
export function verdictOn(
  outcome: Extract<Outcome, { kind: 'failed' }>,
  attempts: number,
  { tries, retrySeconds }: Pick<DeliveryMeans, 'tries' | 'retrySeconds'>,
  chance: number,
): Verdict {
  if (attempts >= (outcome.lasting ? Math.min(LASTING_TRIES, tries) : tries)) return { status: 'dead' };
  const wait = Math.min(retrySeconds * 1000 * 2 ** (attempts - 1), WAIT_MAX_MS);
  const asked = Math.min(outcome.retryAfterMs ?? 0, WAIT_MAX_MS);
  return { status: 'waiting', waitMs: Math.round(Math.max(asked, wait * (1 + chance / 2))) };
}
