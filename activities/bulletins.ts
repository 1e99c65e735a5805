/** The daily duty of bulletins 通报: once their day of the month has come, drafts what is missing for the month before. */
import { bulletinMaterial, bulletinOf, insertDraft } from '../db/bulletins.ts';
import { appendTo } from '../db/journal.ts';
import { namesIn } from '../db/world.ts';
import { bulletinSettings, monthAfter, monthDue, reckonBulletin, spanOf } from '../workflows/machine/supervision/bulletin.ts';
import { firstWords, issuerOf } from '../workflows/machine/supervision/bulletin-words.ts';
import { BULLETIN_KINDS } from '../workflows/machine/words.ts';
import type { Duty } from './office-day.ts';

/** Makes each draft once: what is there, edited or published, is left alone. A month without matters has its bulletin too 零报告. */
export const bulletinsDuty: Duty = async ({ db, cache }, now) => {
  const { calendar, directory, settings } = await cache.now(db);
  const month = monthDue(calendar, now, bulletinSettings(settings));
  if (month === null) return 'not yet the day of this month';
  const made: string[] = [];
  for (const kind of BULLETIN_KINDS) {
    if ((await bulletinOf(db, kind, month)) !== null) continue;
    const since = spanOf(calendar, monthAfter(month, -3)).from;
    const material = await bulletinMaterial(db, kind, month, { ...spanOf(calendar, month), since });
    const names = { calendar, now, nameOf: namesIn(directory), issuer: issuerOf(directory) };
    const figures = reckonBulletin(kind, month, material, names);
    const drafted = await db.transaction(async (tx) => {
      const draft = await insertDraft(tx, figures, firstWords(figures));
      if (draft === null) return false;
      await appendTo(tx, 'office', {
        at: now,
        person: null,
        action: 'draft-bulletin',
        target: `${kind}/${month}`,
        code: 'done',
        requestId: null,
      });
      return true;
    });
    if (drafted) made.push(kind);
  }
  return made.length === 0 ? `${month} has its bulletins` : `${month} drafted: ${made.join(', ')}`;
};
