/**
 * `npm run bench:million [-- <N> …]`: how long the lists and statistics take among N open and N finished matters, by default ten
 * thousand, a hundred thousand and a million, each beside the plain query over all rows. Writes figures and query plans to
 * docs/million.md when the default sizes are measured.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Database } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import * as schema from '../../db/schema/index.ts';
import { newestDefinitions } from '../../definitions/catalog.ts';
import { seedDemo } from '../../scripts/demo/seed.ts';
import { requireSpace } from '../../scripts/servers/disk.ts';
import { startPostgres } from '../../scripts/servers/postgres.ts';
import { given } from '../../tests/support/machine.ts';
import { cpuSeconds, percentile } from '../measure.ts';
import { addPeople, type Fill, fill } from './fill.ts';
import { MEASURED, type Measured } from './queries.ts';

const DEFAULT_SIZES = [10_000, 100_000, 1_000_000];
const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? DEFAULT_SIZES : asked.sort((a, b) => a - b);
const CALLS = 200;
const WARM_UP = 20;
/** The plain query is slow: so many calls of it. */
const NAIVE_CALLS = 3;
/** Megabytes for each million of open matters with as many finished ones. */
const MEGABYTES = 9_000;

const say = (line: string) => console.error(line);

/** What one query took at one size, in milliseconds. */
interface Figure {
  p50: number;
  p99: number;
  /** Processor time a call, which a busy machine moves less: of the database, and of this side (building the query, reading rows). */
  cpu: { database: number; client: number };
  naive: number | null;
}

/** Runs one query again and again. */
async function measure(db: Database, backend: number, one: Measured): Promise<Figure> {
  const times: number[] = [];
  let [server, client] = [0, process.cpuUsage()];
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    if (call === WARM_UP) [server, client] = [cpuSeconds(backend), process.cpuUsage()];
    const began = performance.now();
    await one.run(db);
    if (call >= WARM_UP) times.push(performance.now() - began);
  }
  const ours = process.cpuUsage(client);
  const cpu = {
    database: ((cpuSeconds(backend) - server) * 1_000) / CALLS,
    client: (ours.user + ours.system) / 1_000 / CALLS,
  };
  const plain: number[] = [];
  for (let call = 0; one.naive !== undefined && call < NAIVE_CALLS; call += 1) {
    const began = performance.now();
    await db.execute(one.naive);
    plain.push(performance.now() - began);
  }
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpu,
    naive: plain.length === 0 ? null : percentile(plain, 0.5),
  };
}

/** The plan of each statement that a query sends. */
async function plansOf(sql: postgres.Sql, one: Measured): Promise<string> {
  const sent: { query: string; params: unknown[] }[] = [];
  const db = drizzle(sql, { schema, logger: { logQuery: (query, params) => sent.push({ query, params }) } });
  await one.run(db);
  const plans: string[] = [];
  for (const { query, params } of sent) {
    // As the driver takes them; drizzle has turned each into text, a number or a list.
    const rows = await sql.unsafe(
      `explain (analyze, costs off, summary on) ${query}`,
      params as postgres.ParameterOrJSON<never>[],
    );
    plans.push(rows.map((row) => String(row['QUERY PLAN'])).join('\n'));
  }
  return plans.join('\n\n');
}

/** Matters under way, one of each process: their states are what a to-do list reads. */
function templates(): Fill['processes'] {
  return newestDefinitions().flatMap((definition) => {
    try {
      const rehearsal = given(definition);
      rehearsal.startedBy();
      return [{ id: definition.id, version: definition.version, state: rehearsal.matter }];
    } catch {
      return [];
    }
  });
}

const cell = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function table(figures: ReadonlyMap<string, Figure[]>): string {
  const names = sizes.map((size) => size.toLocaleString('en'));
  const heads = [
    'query',
    ...names.map((name) => `${name}: p50 / p99 ms`),
    'flat: last p50 / first',
    'goal p99',
    'CPU ms a call at the last: database + client',
    'plain query at the last, ms',
    'ratio',
  ];
  const rows = MEASURED.map((one) => {
    const row = figures.get(one.name) ?? [];
    const [first, last] = [row[0], row.at(-1)];
    const naive = last?.naive ?? null;
    return [
      one.name,
      ...row.map(({ p50, p99 }) => `${cell(p50)} / ${cell(p99)}`),
      ((last?.p50 ?? 0) / (first?.p50 ?? 1)).toFixed(2),
      one.goal === undefined ? '' : `< ${one.goal}`,
      last === undefined ? '' : `${last.cpu.database.toFixed(2)} + ${last.cpu.client.toFixed(2)}`,
      naive === null ? '' : cell(naive),
      naive === null || last === undefined ? '' : `${(naive / last.p50).toFixed(0)}×`,
    ];
  });
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const dataDir = mkdtempSync(join(tmpdir(), 'piban-million-'));
requireSpace(dataDir, 500 + ((sizes.at(-1) ?? 0) / 1_000_000) * MEGABYTES, 'the bench of a million matters');
const server = await startPostgres({ dataDir, fast: true });
const sql = postgres(server.url, {
  max: 1,
  onnotice: () => undefined,
  connection: { statement_timeout: 0, TimeZone: 'UTC', jit: 'off' },
});
/** Leaves nothing behind, when it is stopped too. */
async function clear(): Promise<void> {
  await sql.end({ timeout: 1 });
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void clear().finally(() => process.exit(1)));
try {
  await migrate(server.url);
  await seedDemo(server.url);
  const db = drizzle(sql, { schema });
  const means: Fill = { sql, processes: templates(), say };
  say(`processes: ${means.processes.map((one) => `${one.id} ${JSON.stringify(one.state).length} bytes of state`).join(', ')}`);
  await addPeople(means);
  const [session] = await sql`select pg_backend_pid() as pid`;
  const figures = new Map<string, Figure[]>();
  let reached = 0;
  for (const size of sizes) {
    say(`filling to ${size.toLocaleString('en')} open and as many finished matters`);
    await fill(means, reached, size);
    reached = size;
    if (size === sizes[0] && size <= 10_000) {
      const wrong =
        await sql`select 1 from (select * from statistic_counters where count <> 0 except select * from statistics_counted) as other`;
      say(`counters that differ from what the tables say: ${wrong.length}`);
    }
    for (const one of MEASURED) {
      const figure = await measure(db, Number(session?.pid), one);
      figures.set(one.name, [...(figures.get(one.name) ?? []), figure]);
      say(
        `  ${one.name}: p50 ${cell(figure.p50)} p99 ${cell(figure.p99)} ms, CPU ${figure.cpu.database.toFixed(2)} + ${figure.cpu.client.toFixed(2)}, plain ${figure.naive === null ? '-' : cell(figure.naive)} ms`,
      );
    }
  }
  const [counts] =
    await sql`select pg_size_pretty(pg_database_size(current_database())) as size, (select count(*) from tasks) as tasks,
    (select count(*) from statistic_counters) as counters, (select count(*) from task_people where closed_at is null and person_id = 'p-bench-busy') as busy,
    (select count(*) from tasks where status = 'open' and overdue_from < '2026-06-15T02:00:00Z') as overdue`;
  say(JSON.stringify(counts));
  const result = table(figures);
  console.log(result);
  const plans: string[] = [];
  for (const one of MEASURED) plans.push(`## ${one.name}\n\n\`\`\`\n${await plansOf(sql, one)}\n\`\`\``);
  const page = `# Lists and statistics among a million open and a million finished matters

Written by \`npm run bench:million\`: the functions that the API calls, ${CALLS} calls each after ${WARM_UP} to warm up, over one connection, on a shared
machine of two cores with a load of ${loadavg()[1]?.toFixed(1)}; the plain query is what one would write first, over all rows, the middle of ${NAIVE_CALLS} calls. The last size holds
${counts?.tasks} tasks, ${counts?.overdue} of them overdue, ${counts?.busy} open ones with the busiest person, ${counts?.counters} counters, in ${counts?.size}.
States are those of matters just applied for; finished matters have an empty one, to save disk. PostgreSQL ${await version(sql)} as it is installed, but
forced to write nothing through, which no reading hangs on.

${result}

Flowable 7 on this kind of machine took 260 ms for the overdue page, 415 ms for the to-do list and 2 s for a statistic, tenfold with the rows.

# Query plans at the last size

${plans.join('\n\n')}
`;
  const file = new URL(
    asked.length === 0 ? '../../docs/million.md' : `file://${join(tmpdir(), 'piban-million.md')}`,
    import.meta.url,
  );
  writeFileSync(fileURLToPath(file), page);
  say(`written: ${fileURLToPath(file)}`);
} finally {
  await clear();
}

async function version(session: postgres.Sql): Promise<string> {
  const [row] = await session`show server_version`;
  return String(row?.server_version);
}
