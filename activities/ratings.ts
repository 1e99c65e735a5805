/**
 * The chore that sees to it that each low rating has its complaint. The start is written as an intent in the rating's own transaction
 * and carried out by the API's sweeper; here its number is put beside the rating, and one that was refused is asked for anew.
 */
import { saveIntent } from '../db/intents.ts';
import { matterById } from '../db/matters.ts';
import { caseStart, lostCases, numberCases, type RatingRow } from '../db/ratings.ts';
import { definitions } from '../definitions/catalog.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import { versionInForce } from '../workflows/machine/admin/in-force.ts';
import { COMPLAINT_PROCESS, complaintForm, leadersOn } from '../workflows/machine/supervision/ratings.ts';
import type { Chore } from './chores.ts';
import type { OfficeMeans } from './office-day.ts';

/** A start that was refused is asked for again after this time: by then another version may be in force, or a fault mended. */
const AGAIN_AFTER_MS = 3_600_000;
/** Lost cases of one piece of the chore. */
const AT_ONCE = 20;

/** Opens the complaints of low ratings. */
export const ratingCases: Chore = {
  name: 'rating-cases',
  restMs: 5_000,
  async run(means, now) {
    await numberCases(means.db);
    const before = new Date(Date.parse(now) - AGAIN_AFTER_MS).toISOString();
    const lost = await lostCases(means.db, before, AT_ONCE);
    for (const rating of lost) await askAgain(means, rating, now);
    return lost.length === AT_ONCE;
  },
};

async function askAgain({ db, cache, log }: OfficeMeans, rating: RatingRow, now: string): Promise<void> {
  const row = await matterById(db, rating.matterId);
  const { directory, calendar } = await cache.now(db);
  const definition = versionInForce(definitions, COMPLAINT_PROCESS, schoolDate(calendar, now));
  if (row === null || definition === undefined) return;
  const leads = leadersOn(directory, schoolDate(calendar, now));
  const unitOf = (person: string) => directory.people[person]?.unit ?? null;
  const form = complaintForm(row.state, rating, unitOf, { keptOut: row.keptOut, leads });
  const start = caseStart(row.id, { definition, applicant: rating.personId, form, attempt: now });
  log.warn({ matter: rating.no, case: rating.caseId }, 'the complaint of a low rating was refused; it is asked for again');
  await saveIntent(db, start);
}
