/** The Temporal schedule of the office's day. */
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';

/** When it fires: before office hours, so that what it makes lies ready. A schedule knows no 调休: the duties test the date. */
const EVERY_DAY = { calendars: [{ hour: 7, minute: 30 }], timezone: 'Asia/Shanghai' };

/**
 * Makes sure that the office's day is started daily on a task queue; one that exists is left as it is.
 * @param workflowType the type of the workflow it starts.
 */
export async function ensureOfficeDay(client: Client, taskQueue: string, workflowType: string): Promise<void> {
  const id = `office-day-${taskQueue}`;
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: EVERY_DAY,
      action: { type: 'startWorkflow', workflowType, workflowId: id, taskQueue, args: [] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '7 days' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
