/**
 * Compares what stands beside the record with the entries of the office journal that tell of it: bulletins, ratings, findings of
 * inspections, accountability, ticks and packages of the archive. The journal's chain is verified by itself; here it is taken as said.
 */
import { asc, eq, sql } from 'drizzle-orm';
import { bulletinHash, rowOf } from '../../db/bulletins.ts';
import type { Transaction } from '../../db/client.ts';
import { bulletins } from '../../db/schema/index.ts';
import type { Finding } from './chain-walk.ts';

/** A row that differs from what the journal says of it; texts for people, null for what is not there. */
interface Difference extends Record<string, unknown> {
  /** What the journal calls it. */
  target: string;
  kept: string | null;
  vouched: string | null;
}

/** Differences told of one table. */
const DIFFERENCES_MAX = 1_000;

/** What differs from the journal, table by table. @param report says how far it is. */
export async function vouchedFindings(tx: Transaction, report: (line: string) => void): Promise<Finding[]> {
  const findings: Finding[] = await rehashedBulletins(tx);
  for (const [table, differences] of COMPARED) {
    const rows = await tx.execute<Difference>(sql`${differences} limit ${DIFFERENCES_MAX}`);
    findings.push(...rows.map((row) => findingOf(table, row)));
    report(`Beside the record: ${table}`);
  }
  return findings;
}

function findingOf(table: string, { target, kept, vouched }: Difference): Finding {
  const about = { where: `${table} ${target}`, sequence: null, type: null };
  if (kept === null) return { ...about, kind: 'missing', text: `the journal tells of ${vouched}, and there is no row` };
  if (vouched === null) return { ...about, kind: 'added', text: `the row says ${kept}, and the journal tells of none` };
  return { ...about, kind: 'changed', text: `the row says ${kept}, the journal ${vouched}` };
}

/** Published bulletins whose hash is not that of what they say. */
async function rehashedBulletins(tx: Transaction): Promise<Finding[]> {
  const rows = await tx
    .select()
    .from(bulletins)
    .where(eq(bulletins.status, 'published'))
    .orderBy(asc(bulletins.month), asc(bulletins.kind));
  return rows.flatMap((row) => {
    const computed = bulletinHash(rowOf(row));
    if (computed === row.hash) return [];
    const text = `what it says has the hash ${computed}, and ${row.hash ?? 'none'} is kept with it`;
    return [{ kind: 'changed' as const, where: `bulletins ${row.kind}/${row.month}`, sequence: null, type: null, text }];
  });
}

/** The hash that each bulletin was published with; one that is a draft again has none. */
const BULLETINS = sql`
  select coalesce(kept.target, said.target) as target, kept.text as kept, said.text as vouched
  from (select kind || '/' || month as target, 'hash ' || coalesce(hash, 'none') as text
    from bulletins where status = 'published') as kept
  full join (select distinct on (target) target, 'hash ' || coalesce(facts->>'hash', 'none') as text
    from journal where chain = 'office' and action = 'publish-bulletin' order by target, sequence desc) as said
    on said.target = kept.target
  where kept.text is distinct from said.text order by 1`;

/** Stars, who gave them, and the complaint that they opened. */
const RATINGS = sql`
  select coalesce(kept.no, said.no) as target, kept.text as kept, said.text as vouched
  from (select matter_id, no, concat_ws(' ', stars || ' stars of', person_id, 'with complaint ' || case_id) as text
    from ratings) as kept
  full join (select distinct on (facts->>'matter') facts->>'matter' as matter_id, target as no,
      concat_ws(' ', (facts->>'stars') || ' stars of', person_id, 'with complaint ' || (facts->>'case')) as text
    from journal where chain = 'office' and action = 'rate' order by facts->>'matter', sequence desc) as said
    on said.matter_id = kept.matter_id
  where kept.text is distinct from said.text order by 1`;

/**
 * The latest finding, or the passed one that an objection which was upheld made of it. What nobody has looked at has no entry of its
 * own: it waits, or its matter ended first.
 */
const INSPECTION_ITEMS = sql`
  select coalesce(kept.target, said.target) as target, kept.text as kept, said.text as vouched
  from (select inspection_id || '/' || no as target, result::text as text, checked_by from inspection_items) as kept
  full join (select distinct on (1) facts->>'inspection' || '/' || target as target,
      case action when 'decide-objection' then 'passed' else facts->>'result' end as text
    from journal where chain = 'office' and (action = 'record-finding' or (action = 'decide-objection' and facts->>'upheld' = 'true'))
    order by 1, sequence desc) as said
    on said.target = kept.target
  where kept.text is distinct from said.text
    and not (said.text is null and kept.checked_by is null and kept.text in ('pending', 'excused')) order by 1`;

/** Each step of accountability: which measure for whom, by whom and when. */
const ACCOUNTABILITIES = sql`
  select coalesce(kept.target, said.target) as target, kept.text as kept, said.text as vouched
  from (select steps.inspection_id || '/' || coalesce(items.no, steps.matter_id) as target, steps.decided_at as at,
      concat_ws(' ', steps.measure::text, 'for', steps.person_id, 'by', steps.decided_by) as text
    from accountabilities as steps left join inspection_items as items using (inspection_id, matter_id)) as kept
  full join (select facts->>'inspection' || '/' || target as target, at,
      concat_ws(' ', facts->>'measure', 'for', facts->>'person', 'by', person_id) as text
    from journal where chain = 'office' and action = 'hold-accountable') as said
    on said.target = kept.target and said.at = kept.at
  where kept.text is distinct from said.text order by 1`;

/**
 * Ticks that people made, with their places, and those that they took away. The system's own tick of an electronic file comes with its
 * package, which is compared by itself.
 */
const ARCHIVE_TICKS = sql`
  select coalesce(kept.target, said.target) as target, kept.text as kept, said.text as vouched
  from (select entries.no || '/' || ticks.form as target, ticks.ticked_by,
      'a tick' || coalesce(' at ' || ticks.place, '') as text
    from archive_ticks as ticks join archive_entries as entries using (matter_id)) as kept
  full join (select distinct on (1) target || '/' || code as target,
      case action when 'archive-tick' then 'a tick' || coalesce(' at ' || (facts->>'place'), '') end as text
    from journal where chain = 'office' and action in ('archive-tick', 'archive-untick') order by 1, sequence desc) as said
    on said.target = kept.target
  where kept.text is distinct from said.text and not (said.target is null and kept.ticked_by is null) order by 1`;

/** The content of each package. */
const ARCHIVE_PACKAGES = sql`
  select coalesce(kept.target, said.target) as target, kept.text as kept, said.text as vouched
  from (select entries.no as target, concat_ws(' ', 'SHA-256', packages.sha256, 'of', packages.size, 'bytes') as text
    from archive_packages as packages join archive_entries as entries using (matter_id) where packages.status = 'made') as kept
  full join (select distinct on (target) target,
      concat_ws(' ', 'SHA-256', facts->>'sha256', 'of', facts->>'size', 'bytes') as text
    from journal where chain = 'office' and action = 'archive-package' order by target, sequence desc) as said
    on said.target = kept.target
  where kept.text is distinct from said.text order by 1`;

const COMPARED = [
  ['bulletins', BULLETINS],
  ['ratings', RATINGS],
  ['inspection_items', INSPECTION_ITEMS],
  ['accountabilities', ACCOUNTABILITIES],
  ['archive_ticks', ARCHIVE_TICKS],
  ['archive_packages', ARCHIVE_PACKAGES],
] as const;
