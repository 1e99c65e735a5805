/** The office's day: a Temporal schedule starts it daily, since schedules know no 调休; each duty finds out by itself whether it is due. */
import { ActivityFailure, ApplicationFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import { instantOf } from '../definitions/language/civil-date.ts';
import { OFFICE_DUTIES, type OfficeActivities, type OfficeDuty } from './contract.ts';

const { officeDuty } = proxyActivities<OfficeActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  // A day's duties are tried until the next day takes them up again.
  scheduleToCloseTimeout: '20 hours',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/**
 * Does every duty once; all begin at once, so that one which fails, and is tried again for hours, keeps no other from being done.
 * @returns what each did.
 */
export async function officeDay(): Promise<Partial<Record<OfficeDuty, string>>> {
  const now = instantOf(Date.now());
  const done: Partial<Record<OfficeDuty, string>> = {};
  const failed: OfficeDuty[] = [];
  const attempts = OFFICE_DUTIES.map(async (duty) => {
    try {
      done[duty] = await officeDuty({ duty, now });
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      failed.push(duty);
    }
  });
  await Promise.all(attempts);
  if (failed.length > 0) throw ApplicationFailure.nonRetryable(`Duties not done: ${failed.join(', ')}`, 'office-day');
  return done;
}
