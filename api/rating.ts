/** Rating a finished matter: a record beside it, for it takes no command after its end. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { MatterRow } from '../db/matters.ts';
import { caseStart, insertRating, numberCases, ratingOf, type WaitingStart } from '../db/ratings.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import type { Refusal } from '../workflows/machine/refusals.ts';
import {
  COMPLAINT_PROCESS,
  complaintForm,
  isLow,
  leadersOn,
  ratedAlready,
  ratedUnits,
  ratingSettings,
  whyNotRated,
} from '../workflows/machine/supervision/ratings.ts';
import { definitionNamed } from './application.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import type { RequestKey } from './gateway.ts';
import { type MatterDto, presentMatter } from './present.ts';
import { Problem } from './problem.ts';
import { presentRating, type rateBody } from './schemas/ratings.ts';
import type { Sent } from './sender.ts';
import { problemOfOutcome } from './submit.ts';
import { noteRefusal } from './visible.ts';

/** What {@link rate} is told. */
interface Rate {
  row: MatterRow;
  key: RequestKey;
  body: z.output<typeof rateBody>;
}

/**
 * Rates a matter, once for the same key and body.
 * @returns the matter with its rating. @throws Problem 403, 409, 422.
 */
export async function rate(context: ApiContext, request: FastifyRequest, { row, key, body }: Rate): Promise<MatterDto> {
  const asker = askerOf(request);
  const known = await context.gateway.known(key);
  if (known?.kind === 'key-reused') throw problemOfOutcome(known);
  if (known === null) {
    const refusal = await decideRating(context, request, { row, key, body });
    // Of two requests with one key the second comes after the first was committed.
    if (refusal !== null && (await context.gateway.known(key))?.kind !== 'committed')
      return refused(context, request, row, refusal);
  }
  return withRating(context, asker, row, await presentMatter(context, asker, row.state));
}

function settingsOf({ world }: Pick<Asker, 'world'>, { processId }: MatterRow) {
  return ratingSettings({ ...world.settings['*'], ...world.settings[processId] });
}

async function decideRating(context: ApiContext, request: FastifyRequest, { row, key, body }: Rate): Promise<Refusal | null> {
  const { viewer, world, now } = askerOf(request);
  const settings = settingsOf({ world }, row);
  const refusal = whyNotRated(row.state, viewer.id, { now, calendar: world.calendar, settings });
  if (refusal !== null) return refusal;
  const given = {
    stars: body.stars,
    manner: body.manner ?? null,
    timeliness: body.timeliness ?? null,
    completeness: body.completeness ?? null,
    text: body.text || null,
  };
  const unitOf = (person: string) => world.directory.people[person]?.unit ?? null;
  const opens = isLow(body.stars, settings)
    ? caseStart(row.id, {
        definition: definitionNamed({ world, now }, COMPLAINT_PROCESS),
        applicant: viewer.id,
        form: complaintForm(row.state, given, unitOf, {
          keptOut: row.keptOut,
          leads: leadersOn(world.directory, schoolDate(world.calendar, now)),
        }),
      })
    : null;
  const { id: matterId, no, processId, sequence } = row;
  const written = await insertRating(context.db, {
    ...given,
    ...{ matterId, no, processId, sequence, ...key, at: now, personId: viewer.id, requestId: request.id, opens },
    units: ratedUnits(row.state, unitOf),
  });
  if (!written) return ratedAlready();
  if (opens !== null) await open(context, opens);
  return null;
}

/** Starts the complaint at once. Whatever keeps it from being started now leaves it to the sweeper. */
async function open(context: ApiContext, { matterId, personId, payload }: WaitingStart): Promise<void> {
  try {
    // The payload was made from a command.
    const outcome = await context.gateway.submit(matterId, payload as unknown as Sent, personId);
    if (outcome.kind === 'committed') await numberCases(context.db);
    else context.log.warn({ matter: matterId, outcome: outcome.kind }, 'the complaint of a low rating waits to be started');
  } catch (error) {
    context.log.warn({ err: error, matter: matterId }, 'the complaint of a low rating waits to be started');
  }
}

async function refused(context: ApiContext, request: FastifyRequest, row: MatterRow, refusal: Refusal): Promise<never> {
  await noteRefusal(context, request, row.no, refusal.code);
  const asker = askerOf(request);
  const matter =
    refusal.code === 'not-allowed' ? null : await withRating(context, asker, row, await presentMatter(context, asker, row.state));
  throw new Problem(refusal.code, refusal.message, { faults: refusal.faults, matter });
}

/**
 * A matter with its rating, for whoever gave it and for those who supervise; others are shown none. As long as it may be rated, its
 * applicant is offered to.
 */
export async function withRating(context: ApiContext, asker: Asker, row: MatterRow, matter: MatterDto): Promise<MatterDto> {
  const { viewer } = asker;
  const may = row.state.applicant.id === viewer.id || viewer.supervisor || viewer.administrator;
  if (!may || row.state.phase !== 'ended') return matter;
  const rating = await ratingOf(context.db, row.id, viewer.id);
  if (rating !== null) return { ...matter, rating: presentRating(rating) };
  const { world, now } = asker;
  const settings = settingsOf(asker, row);
  const offered = whyNotRated(row.state, viewer.id, { now, calendar: world.calendar, settings }) === null;
  const rateOffered = { command: 'rate' as const, allowed: true, why: null };
  return offered ? { ...matter, commands: [...matter.commands, rateOffered] } : matter;
}
