/** The chores of notices: plan what is due, send it by each way, take away what has served. */
import { planDeliveries } from './plan.ts';
import { callWebhooks, sendMails } from './send.ts';
import { sweepNotices } from './sweep.ts';

/** Each way has a chore of its own, so that a mail server that is away holds no gateway up. */
export const NOTICE_CHORES = [
  { name: 'notices-plan', restMs: 1_000, run: planDeliveries },
  { name: 'notices-email', restMs: 1_000, run: sendMails },
  { name: 'notices-webhook', restMs: 1_000, run: callWebhooks },
  { name: 'notices-sweep', restMs: 3_600_000, run: sweepNotices },
];
