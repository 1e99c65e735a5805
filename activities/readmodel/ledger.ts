/** The ledger's part of the read model: the row of a supervised matter, its progress, whom was urged, what search reads. */
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { ledger, matterSearch, progressReports, urges } from '../../db/schema/index.ts';
import type { EventType } from '../../workflows/machine/events.ts';
import { type LedgerNames, ledgerRow, supervisionOf } from '../../workflows/machine/supervision/ledger.ts';
import { headAt } from '../../workflows/machine/supervision/rights.ts';
import { pairsOf, searchedText } from '../../workflows/machine/supervision/search.ts';
import type { ReadModelInput } from '../readmodel.ts';

/** After these a matter may read otherwise than before. */
const RENAMING: ReadonlySet<EventType> = new Set(['MatterStarted', 'FormCorrected', 'VersionMoved']);
/** After these what a supervised matter is about, or which units it lies with, may be another. */
const REASSIGNING: ReadonlySet<EventType> = new Set(['TaskActed', 'ActTakenBack', 'MatterReturned', 'DetourReplayed']);

/** The statements that keep the ledger, the progress reports and the search of one transition. */
export function writeLedger(tx: Transaction, input: ReadModelInput): Promise<unknown>[] {
  const { definition, events } = input;
  const named = (types: ReadonlySet<EventType>) => events.some((event) => types.has(event.type));
  return [
    ...(named(RENAMING) || (definition.supervised && named(REASSIGNING)) ? [writeSearch(tx, input)] : []),
    ...writeUrges(tx, input),
    ...(definition.supervised ? [writeRow(tx, input), ...writeProgress(tx, input)] : dropRow(tx, input)),
  ];
}

function writeRow(tx: Transaction, input: ReadModelInput): Promise<unknown> {
  const { definition, matter, events } = input;
  const row = ledgerRow(definition, matter, namesFor(input));
  const feedbackMissed = events.filter((event) => event.type === 'ReportMissed').length;
  const { matterId: _id, ...changing } = row;
  return tx
    .insert(ledger)
    .values({ ...row, feedbackMissed })
    .onConflictDoUpdate({
      target: ledger.matterId,
      set: {
        ...changing,
        feedbackMissed: sql`${ledger.feedbackMissed} + ${feedbackMissed}::int`,
        // A new round begins without reports; what the last one said of the work stands until there is news.
        percent: sql`coalesce(excluded.percent, ${ledger.percent})`,
        progress: sql`coalesce(excluded.progress, ${ledger.progress})`,
        progressAt: sql`coalesce(excluded.progress_at, ${ledger.progressAt})`,
      },
    });
}

/** A matter that was moved to a version which nobody supervises leaves the ledger. */
function dropRow(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  if (!events.some((event) => event.type === 'VersionMoved')) return [];
  return [tx.delete(ledger).where(eq(ledger.matterId, matter.id))];
}

function writeProgress(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  const rows = events.flatMap((event) => {
    if (event.type !== 'ProgressReported') return [];
    const { sequence, at, facts } = event;
    const { step, person, percent, text, attachments } = facts;
    return [{ matterId: matter.id, sequence, at, step, personId: person, percent, text, attachments }];
  });
  return rows.length === 0 ? [] : [tx.insert(progressReports).values(rows)];
}

function writeUrges(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  const rows = events.flatMap((event) => {
    if (event.type !== 'Urged') return [];
    const { sequence, at, facts } = event;
    return facts.people.map(({ id }) => ({
      matterId: matter.id,
      sequence,
      personId: id,
      at,
      urgedBy: facts.person,
      text: facts.text,
    }));
  });
  return rows.length === 0 ? [] : [tx.insert(urges).values(rows)];
}

function writeSearch(tx: Transaction, input: ReadModelInput): Promise<unknown> {
  const { definition, matter, nameOf } = input;
  const about = definition.supervised ? supervisionOf(definition, matter, nameOf) : null;
  const units = about === null ? [] : [about.lead, ...about.assist].flatMap((unit) => (unit === null ? [] : [nameOf(unit)]));
  const responsible = about === null ? null : (about.responsible ?? headThen(input, about.lead));
  const text = searchedText([
    matter.no,
    matter.title,
    about?.sourceRef ?? null,
    about?.content ?? null,
    ...new Set([matter.unitName, ...units]),
    ...new Set([matter.applicant.name, ...(responsible === null ? [] : [nameOf(responsible)])]),
  ]);
  const changing = { text, pairs: pairsOf(text) };
  return tx
    .insert(matterSearch)
    .values({ matterId: matter.id, ...changing })
    .onConflictDoUpdate({
      target: matterSearch.matterId,
      set: changing,
      // Most decisions change nothing of it; an unchanged row keeps its place in the index.
      setWhere: sql`${matterSearch.text} is distinct from excluded.text`,
    });
}

/** Who headed a unit when the matter last came to read otherwise: a rebuild finds the same person. */
function headThen({ events, outer }: ReadModelInput, unit: string | null): string | null {
  const at = events.findLast((event) => RENAMING.has(event.type) || REASSIGNING.has(event.type))?.at;
  return unit === null || at === undefined ? null : headAt(outer.directory, outer.calendar, unit, at);
}

function namesFor({ nameOf, outer }: ReadModelInput): LedgerNames {
  return { nameOf, headOf: (unit, at) => headAt(outer.directory, outer.calendar, unit, at) };
}
