/** The duties of the office's day. Each is a module of its own; here they are named once. */
import { Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { WorldCache } from '../db/world.ts';
import type { OfficeActivities, OfficeDuty } from '../workflows/contract.ts';
import { auditRoot } from './audit-root.ts';
import { bulletinsDuty } from './bulletins.ts';
import type { DeliveryMeans } from './deliveries/means.ts';
import { inspectionsDuty } from './inspections.ts';

/** What duties and chores work with. */
export interface OfficeMeans {
  db: Database;
  cache: WorldCache;
  log: Logger;
  /** How messages leave the house; absent: people are told in the console alone. */
  delivery?: DeliveryMeans;
}

/** One duty. @returns what was done, in a few words for the log. */
export type Duty = (means: OfficeMeans, now: string) => Promise<string>;

/** All of them. */
export const DUTIES: Readonly<Record<OfficeDuty, Duty>> = {
  'audit-root': auditRoot,
  inspections: inspectionsDuty,
  bulletins: bulletinsDuty,
};

/** How often a duty in hand says that its worker is alive; what a killed one had in hand goes to another after a minute of silence. */
const BEAT_MS = 10_000;

/** Makes the activities of the office's day for one worker. @param duties those of the office; tests bring their own. */
export function createOfficeActivities(
  means: OfficeMeans,
  duties: Readonly<Record<OfficeDuty, Duty>> = DUTIES,
): OfficeActivities {
  return {
    async officeDuty({ duty, now }) {
      const { heartbeat } = Context.current();
      const beating = setInterval(() => heartbeat(), BEAT_MS);
      try {
        const done = await duties[duty](means, now);
        means.log.info({ duty, done }, 'duty of the day');
        return done;
      } catch (error) {
        means.log.error({ duty, err: error }, 'duty of the day failed');
        throw error;
      } finally {
        clearInterval(beating);
      }
    },
  };
}
