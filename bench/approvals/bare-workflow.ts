/**
 * The yardstick: the barest Temporal workflow that takes the same updates and does the same transaction. No queue, no fold, no
 * timer, no search attributes, no validator.
 */
import { allHandlersFinished, condition, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import { acceptedUpdate, actUpdate, type MatterActivities, type MatterInput } from '../../workflows/contract.ts';

const { transact } = proxyLocalActivities<MatterActivities>({ startToCloseTimeout: '5s' });

export default async function bareApproval({ matterId, start }: MatterInput): Promise<void> {
  let sequence = 0;
  let ended = false;
  const run = async (command: Parameters<MatterActivities['transact']>[0]['command']) => {
    const answer = await transact({ matterId, since: sequence, command, now: new Date().toISOString() });
    sequence += answer.events.length;
    ended = answer.kind === 'refused' || answer.events.some((event) => event.type === 'MatterEnded');
    return { sequence, no: '', bodyHash: null };
  };
  const started = run(start);
  setHandler(acceptedUpdate, () => started);
  setHandler(actUpdate, run);
  await condition(() => ended && allHandlersFinished());
}
