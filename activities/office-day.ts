/** The duties of the office's day. Each is a module of its own; here they are named once. */
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { WorldCache } from '../db/world.ts';
import type { OfficeActivities, OfficeDuty } from '../workflows/contract.ts';

/** What duties and chores work with. */
export interface OfficeMeans {
  db: Database;
  cache: WorldCache;
  log: Logger;
}

/** One duty. @returns what was done, in a few words for the log. */
export type Duty = (means: OfficeMeans, now: string) => Promise<string>;

const DUTIES: Readonly<Record<OfficeDuty, Duty>> = {
  'audit-root': async () => 'nothing',
  inspections: async () => 'nothing',
  bulletins: async () => 'nothing',
};

/** Makes the activities of the office's day for one worker. */
export function createOfficeActivities(means: OfficeMeans): OfficeActivities {
  return {
    async officeDuty({ duty, now }) {
      const done = await DUTIES[duty](means, now);
      means.log.info({ duty, done }, 'duty of the day');
      return done;
    },
  };
}
