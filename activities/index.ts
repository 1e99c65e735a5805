/** What a matter does to the world: one transaction at a time. */
import type { MatterActivities, TransactAnswer, TransactRequest } from '../workflows/contract.ts';

/** What activities need. */
export interface ActivityDependencies {
  transact: (request: TransactRequest) => Promise<TransactAnswer>;
  /** Tells how a transition went; nothing personal in it. */
  log: (entry: { matter: string; command: string; result: string; milliseconds: number }) => void;
}

/** Makes the activities for one worker. */
export function createActivities({ transact, log }: ActivityDependencies): MatterActivities {
  return {
    /** Decides and records a command; idempotent by the command's id. */
    async transact(request) {
      const began = performance.now();
      const answer = await transact(request);
      const result = answer.kind === 'refused' ? answer.refusal.code : 'committed';
      log({
        matter: request.matterId,
        command: request.command?.type ?? 'catch-up',
        result,
        milliseconds: Math.round(performance.now() - began),
      });
      return answer;
    },
  };
}
