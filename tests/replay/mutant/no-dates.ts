/** How a matter stands, with no date ahead of it; to prove that a replay of kept histories catches a change. */
export { openSteps, statusOf } from '../../../workflows/machine/status.ts';

/** Never, whatever a matter waits for. */
export const nextWakeup = (): string | null => null;
