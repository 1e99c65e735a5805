/** Fills a database with as many open and as many finished matters, by SQL: rows as transitions write them, with counters. */
import type postgres from 'postgres';

/** From which moment on everything is seen: a Monday morning. */
export const NOW = '2026-06-15T02:00:00.000Z';
/** Who has one in twenty of the open tasks. */
export const BUSY = 'p-bench-busy';
/** A word that one matter in a thousand holds. */
export const RARE_WORD = '罕见词';

const PEOPLE = 400;
const TABLES = ['matters', 'matter_people', 'tasks', 'task_people', 'ledger', 'matter_search', 'ratings', 'archive_ticks'];

/** What rows are made with. */
export interface Fill {
  sql: postgres.Sql;
  /** Newest versions: id, version, and a state of a matter under way. */
  processes: readonly { id: string; version: number; state: unknown }[];
  say: (line: string) => void;
}

/** People beside those of the demo university, spread over its units. */
export async function addPeople({ sql }: Fill): Promise<void> {
  await sql`insert into people (id, name, unit, phone, active)
    select case when n = 0 then ${BUSY} else 'p-bench-' || n end, '测试' || n, (array(select id from units order by id))[1 + n % (select count(*)::int from units)], '', true
    from generate_series(0, ${PEOPLE}) as n`;
  await sql`create unlogged table bench_processes (place int primary key, id text, version int, state jsonb)`;
  await sql`create unlogged table bench_people as select row_number() over (order by id) - 1 as place, id, unit from people`;
  await sql`alter table bench_people add primary key (place)`;
}

/** Goes on from `from` to `to` open and as many finished matters. Indexes are taken off and made anew, which is quicker for many. */
export async function fill(means: Fill, from: number, to: number): Promise<void> {
  const { sql, processes, say } = means;
  await sql`truncate bench_processes`;
  for (const [place, one] of processes.entries()) {
    await sql`insert into bench_processes values (${place}, ${one.id}, ${one.version}, ${JSON.stringify(one.state)}::jsonb)`;
  }
  await sql.begin(async (tx) => {
    await tx`set local maintenance_work_mem = '768MB'`;
    await tx`set local work_mem = '256MB'`;
    await tx`set local statement_timeout = 0`;
    await tx`select setseed(0.42)`;
    for (const table of TABLES) await tx.unsafe(`alter table ${table} disable trigger user`);
    const indexes = await tx<{ name: string; def: string }[]>`
      select indexname as name, indexdef as def from pg_indexes where tablename = any(${TABLES}) and indexname not like '%_pkey' and indexname not like '%_pk'`;
    for (const { name } of indexes) await tx.unsafe(`drop index ${name}`);
    for (const [name, statement] of statements(from, to)) {
      const began = performance.now();
      await tx.unsafe(statement);
      say(`  ${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    }
    const began = performance.now();
    for (const { def } of indexes) await tx.unsafe(def);
    say(`  ${indexes.length} indexes: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    for (const table of TABLES) await tx.unsafe(`alter table ${table} enable trigger user`);
  });
  const began = performance.now();
  await sql.unsafe(`vacuum analyze`);
  say(`  vacuum analyze: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

/** Statements that make the matters number `from + 1` to `to`, open and finished. */
function statements(from: number, to: number): [string, string][] {
  const months = "interval '1 day' * 700";
  return [
    [
      'drawn',
      `create temporary table drawn on commit drop as
      select (case when over then 'f' else 'o' end) || lpad(n::text, 8, '0') as id, n, over, p.id as process, p.version, p.state,
        who.id as person, who.unit as unit, started, started + interval '1 day' * (20 + 60 * r2) as planned,
        case when over then least(started + interval '1 day' * (2 + 40 * r3), timestamptz '${NOW}') end as ended,
        case when over then null else timestamptz '${NOW}' + interval '1 day' * (200 * r4 - 20) end as open_due, r5, r6, r7
      from (select n, over, random() as r2, random() as r3, random() as r4, random() as r5, random() as r6, random() as r7,
          timestamptz '${NOW}' - case when over then ${months} * random() + interval '45 days' else interval '90 days' * random() end as started,
          floor(random() * (select count(*) from bench_people))::int as who
        from generate_series(${from + 1}, ${to}) as n, (values (true), (false)) as both_kinds (over)) as d
      join bench_processes as p on p.place = d.n % (select count(*)::int from bench_processes)
      join bench_people as who on who.place = d.who`,
    ],
    ['analyzed', 'analyze drawn, bench_people, bench_processes'],
    [
      'matters',
      `insert into matters (id, no, process_id, version, title, applicant_id, unit_id, status, started_at, updated_at, ended_at, due_at,
        yellow_at, orange_at, supervised, overdue_from, corrections, returns, register, sequence, last_hash, state, listed)
      select id, upper(left(process, 4)) || '-' || id, process, version, '关于第' || n || '号事项的申请', person, unit,
        (case when not over then 'open' when r5 < 0.85 then 'completed' when r5 < 0.92 then 'rejected' else 'withdrawn' end)::matter_status,
        started, coalesce(ended, started), ended, due, due - interval '6 days', due - interval '3 days', process like '%follow-up',
        case when not over or due < ended then due end, (r6 < 0.2)::int, (r6 < 0.3)::int,
        jsonb_build_object('no', id, 'title', '关于第' || n || '号事项的申请', 'unit', unit), 4, '',
        case when over then '{}' else state || jsonb_build_object('id', id) end,
        jsonb_build_object('applicant', jsonb_build_object('id', person, 'name', person, 'unit', unit), 'unitName', unit, 'suspendedSince', null,
          'ending', case when over then jsonb_build_object('code', 'completed', 'text', '办结', 'at', ended) end)
      from (select *, coalesce(open_due, planned) as due from drawn) as d`,
    ],
    [
      'matter_people',
      `insert into matter_people select id, person, 'applicant'::participation, started from drawn
      union all select drawn.id, h.id, 'handler', started from drawn join bench_people as h on h.place = (n * 7) % ${PEOPLE}`,
    ],
    [
      'tasks',
      `insert into tasks (id, matter_id, process_id, unit_id, step, name, round, kind, status, assignees, opened_at, closed_at, due_at,
        yellow_at, orange_at, explanation, overdue_from, doer_unit, work_minutes, acted_by, action)
      select d.id || '-' || s, d.id, process, d.unit, 'step-' || s, '第' || s || '步审批', 1, 'approve', (case when open then 'open' else 'done' end)::task_status,
        jsonb_build_array(jsonb_build_object('id', doer.id, 'name', doer.id, 'reason', '部门负责人')), opened,
        case when open then null else opened + handled end, due, due - interval '4 hours', due - interval '2 hours',
        jsonb_build_array('时限2个工作日', '自收到次日起算'), case when open then least(due, coalesce(open_due, planned)) end,
        case when open then null else doer.unit end, case when open then null else (extract(epoch from handled) / 60 / 4)::int end,
        case when open then null else doer.id end, case when open then null else 'agree' end
      from (select d.*, s, not over and s = 2 as open, started + interval '1 day' * (s - 1) as opened,
          interval '1 minute' * (5 + (case when s = 2 then 6000 else 2500 end) * r7 * r6) as handled,
          case when not over and s = 2 then timestamptz '${NOW}' + interval '1 hour' * (400 * random() - 40) else started + interval '1 day' * (s + 1) end as due,
          case when s = 2 and not over and n % 20 = 0 then '${BUSY}' end as chosen
        from drawn as d, generate_series(1, 2) as s) as d
      join bench_people as doer on doer.place = coalesce((select place from bench_people where id = chosen), (n * 13 + s * 31) % ${PEOPLE})`,
    ],
    [
      'task_people',
      `insert into task_people (task_id, person_id, status, kind, due_at, closed_at, overdue_from)
      select t.id, coalesce(acted_by, assignees->0->>'id'), t.status, kind, due_at, closed_at, overdue_from
      from tasks as t where t.matter_id in (select id from drawn)`,
    ],
    [
      'ledger',
      `insert into ledger (matter_id, no, process_id, title, content, source, lead_unit, assist_units, responsible, leader, status, started_at,
        ended_at, due_at, yellow_at, orange_at, overdue_from, feedback_missed, extensions)
      select id, no, process_id, title, title, 'leader-instruction', unit_id, '{}', applicant_id, 'p-bench-' || (1 + right(id, 2)::int), status,
        started_at, ended_at, due_at, yellow_at, orange_at, overdue_from, 0, 0
      from matters where supervised and id in (select id from drawn)`,
    ],
    [
      'search',
      `insert into matter_search
      select id, text, array(select distinct substr(text, at, 2) from generate_series(1, length(text) - 1) as at where substr(text, at, 2) !~ E'\\n' order by 1)
      from (select id, lower(no) || E'\\n' || title || case when right(id, 3) = '777' then '${RARE_WORD}' else '' end as text from matters
        where id in (select id from drawn)) as searched`,
    ],
    [
      'ratings, ticks',
      `with rated as (insert into ratings (matter_id, no, process_id, units, person_id, stars, at)
        select id, id, process, array[unit], person, 1 + floor(r7 * 5)::int, ended from drawn where over and n % 10 = 0)
      insert into archive_ticks select id, form, null, ended, null from drawn, unnest(enum_range(null::archive_form)) as form where over and n % 10 < 2`,
    ],
    ['counters', COUNTERS],
  ];
}

/** What `statistics_counted` says, by plain grouping, which is quicker for many; the bench compares the two for the fewest. */
const COUNTERS = `
  with ended as (select m.*, statistic_month(ended_at) as month, exists (select 1 from archive_ticks where matter_id = m.id) as archived
      from matters as m where ended_at is not null and id in (select id from drawn)),
    done as (select t.*, statistic_month(closed_at) as month from tasks as t where status = 'done' and matter_id in (select id from drawn)),
    every as (
      select 'received'::statistic_measure as measure, statistic_month(started_at) as month, process_id, unit_id, '' as person_id, '' as step, 0 as bucket, count(*) as count
        from matters where id in (select id from drawn) group by 1, 2, 3, 4
      union all select kind.measure::statistic_measure, month, process_id, unit_id, '', '', 0, count(*) from ended, lateral (values ('finished', true),
        ('on-time', overdue_from is null), ('late', overdue_from is not null), ('completed', status = 'completed'), ('rejected', status = 'rejected'),
        ('withdrawn', status = 'withdrawn'), ('returned', returns > 0), ('complete-at-once', corrections = 0), ('archived', archived)) as kind (measure, counts)
        where counts group by 1, 2, 3, 4
      union all select kind.measure::statistic_measure, statistic_month(r.at), r.process_id, under.unit, '', '', under.bucket, sum(kind.count)
        from ratings as r, lateral (values ('rated', 1), ('stars', r.stars)) as kind (measure, count), lateral (values ('', 0), (r.units[1], 1)) as under (unit, bucket)
        where matter_id in (select id from drawn) group by 1, 2, 3, 4, 7
      union all select kind.measure::statistic_measure, month, process_id, doer_unit, under.person, under.step, kind.bucket, count(*)
        from done, lateral (values ('done', 0::smallint, true), ('done-late', 0::smallint, closed_at > due_at), ('handling', statistic_bucket(work_minutes), true)) as kind (measure, bucket, counts),
          lateral (values ('', step), (acted_by, '')) as under (person, step)
        where counts group by 1, 2, 3, 4, 5, 6, 7)
  insert into statistic_counters (measure, month, process_id, unit_id, person_id, step, bucket, count)
  select measure, month, process_id, unit_id, person_id, step, bucket, sum(count) from every group by 1, 2, 3, 4, 5, 6, 7
  on conflict (measure, person_id, month, process_id, unit_id, step, bucket) do update set count = statistic_counters.count + excluded.count`;
