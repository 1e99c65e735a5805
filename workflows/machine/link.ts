/** What identifies a matter that another one started, and whether it is over. */
import type { Link, StepKey } from './state.ts';
import type { LinkStatus } from './words.ts';

/**
 * The id of a linked matter: its parent's with the serial of the link, so that the same link always means the same matter, and
 * Temporal's own list shows them together.
 * @param serial 1, 2 … over all links that the parent ever asked for.
 */
export function linkedMatterId(parentId: string, serial: number): string {
  return `${parentId}.${serial}`;
}

/** The id of the command that starts a linked matter. */
export function linkCommandId(matterId: string): string {
  return `start:${matterId}`;
}

/** Whether nothing more will come of a link: its matter was refused or has ended. */
export function isSettled(status: LinkStatus): boolean {
  return status !== 'asked' && status !== 'open';
}

/** How often a step has asked for matters; 0 for one that never did. */
export function roundsOfLinks(links: Readonly<Record<string, Link>>, step: StepKey): number {
  return Math.max(0, ...Object.values(links).map((link) => (link.step === step ? link.round : 0)));
}
