/** Throws away what nobody needs any more, in the background: uploads that never came to be named. */
import { sweepFiles } from '../db/files.ts';
import type { ApiContext } from './context.ts';

/** Uploads that nothing names after this many days were never sent; a draft that names them keeps them. */
const UNNAMED_DAYS = 30;
const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Begins to clean once an hour. @returns how to stop, after the cleaning in hand. */
export function startCleaning(context: Pick<ApiContext, 'db' | 'log' | 'now'>): { stop(): Promise<void> } {
  let inHand: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    inHand = clean(context).catch((error: unknown) => context.log.warn({ err: error }, 'cleaning failed'));
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await inHand;
    },
  };
}

async function clean({ db, log, now }: Pick<ApiContext, 'db' | 'log' | 'now'>): Promise<void> {
  const before = new Date(Date.parse(now()) - UNNAMED_DAYS * DAY_MS).toISOString();
  let swept = 0;
  // In bounded transactions, as many as it takes.
  for (let more = await sweepFiles(db, before); more > 0; more = await sweepFiles(db, before)) swept += more;
  if (swept > 0) log.info({ files: swept }, 'uploads that nothing names were thrown away');
}
