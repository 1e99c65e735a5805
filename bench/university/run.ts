/**
 * `npm run demo:month [matters] [folder]`: a demo university lives through a month and more on the real engine, in virtual time. Then
 * the bulletins 通报 of its months are made by the daily duty, published, and written as files, with the figures of the run.
 *
 * `matters` how many (default 40), `folder` where the files go (default `docs/samples`), `SEED` what the people do.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { bulletinsDuty } from '../../activities/bulletins.ts';
import { connectApi } from '../../api/build.ts';
import { migrate } from '../../db/migrate.ts';
import { loadConfig, loadStartConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../../runtime/temporal.ts';
import { randomFrom } from '../../scripts/demo/random.ts';
import { seedDemo } from '../../scripts/demo/seed.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { startPostgres } from '../../scripts/servers/postgres.ts';
import { makeScratch } from '../../scripts/servers/scratch.ts';
import { startTemporal } from '../../scripts/servers/temporal.ts';
import { installRuntime, startWorker } from '../../workers/worker.ts';
import { University } from './month.ts';

const MATTERS = Number(process.argv[2] ?? 40);
const FOLDER = process.argv[3] ?? join('docs', 'samples');
const SEED = Number(process.env.SEED ?? 20261122);
/** What is applied for, in this proportion. */
const MIX = (process.env.MIX ?? 'instruction-follow-up,key-work,instruction-follow-up,seal-use,vehicle-use').split(',');
/** Past the first working days of two months, so that the second bulletin is compared with the first; looked at every few days. */
const DAYS = 48;
const STRETCH = 3;
const SUBJECTS = [
  '实验室安全整改',
  '学生宿舍空调加装',
  '图书馆延长开放',
  '新生网上报到',
  '校园道路整修',
  '食堂明厨亮灶',
  '选课系统排队',
  '科研经费报销提速',
  '危房加固',
  '国际学生公寓',
];
const UNITS = ['u-academic', 'u-logistics', 'u-it', 'u-students', 'u-finance', 'u-research', 'u-computing', 'u-science'];

const say = (line: string) => console.error(line);
const stops: (() => Promise<void>)[] = [];
const scratch = await makeScratch('month');
const { dataDir } = scratch;

/** Everything that the month needs, in a folder that is thrown away. */
async function bringUp() {
  const start = loadStartConfig({ ...process.env, DATA_DIR: dataDir, TEMPORAL_ADDRESS: '', DATABASE_URL: '' });
  const postgres = await startPostgres({ dataDir, fast: true });
  stops.unshift(postgres.stop);
  const temporal = await startTemporal({ dataDir, cacheDir: start.cacheDir, testing: true, report: say });
  stops.unshift(temporal.stop);
  const config = loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    DATA_DIR: dataDir,
    TASK_QUEUE: 'university',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal',
    SESSION_SECRET: 'for a demonstration only, of no use elsewhere',
    SESSION_MINUTES: '1440',
    DEMO_SIGN_IN: 'true',
    REQUESTS_PER_MINUTE: '0',
  });
  const log = createLogger(config, 'month');
  installRuntime(log);
  const { client, connection, close } = await connectTemporal(config);
  stops.unshift(close);
  await ensureNamespace(connection, config);
  await ensureSearchAttributes(connection, config);
  await migrate(postgres.url);
  await seedDemo(postgres.url);
  const worker = await startWorker(config, log);
  stops.unshift(worker.stop);
  const api = await connectApi(config, log);
  stops.unshift(api.close);
  return { api, client, log };
}

/** One request as somebody. @returns its body as bytes. */
async function asked(
  api: Awaited<ReturnType<typeof connectApi>>,
  person: string,
  method: 'GET' | 'POST',
  url: string,
): Promise<Buffer> {
  const token = await api.context.sessions.issue(person);
  const response = await api.api.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': `${method} ${url}` },
  });
  if (response.statusCode >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${response.body.slice(0, 400)}`);
  return response.rawPayload;
}

/** Publishes what the daily duty has drafted, and writes it as files. */
async function publishDrafts(api: Awaited<ReturnType<typeof connectApi>>, log: Logger): Promise<void> {
  const done = await bulletinsDuty({ db: api.context.db, cache: api.context.cache, log }, api.context.now());
  const { supervisor, officeDirector } = demoCast;
  const list = await asked(api, supervisor, 'GET', '/api/supervision/bulletins?limit=200');
  // The schema of the route has checked it.
  const { items } = JSON.parse(list.toString()) as { items: { kind: string; month: string; status: string }[] };
  const drafts = items.filter((one) => one.status === 'draft');
  if (drafts.length > 0) say(`  the duty of the day: ${done}`);
  for (const { kind, month } of drafts) {
    const base = `/api/supervision/bulletins/${month}`;
    await asked(api, officeDirector, 'POST', `${base}/publish?kind=${kind}`);
    for (const format of ['html', 'docx', 'xlsx']) {
      const file = join(FOLDER, `bulletin-${kind}-${month}.${format}`);
      writeFileSync(file, await asked(api, supervisor, 'GET', `${base}?kind=${kind}&format=${format}`));
      say(`  ${file}`);
    }
  }
}

try {
  say('starting PostgreSQL, Temporal, a worker and the API …');
  const { api, client, log } = await bringUp();
  const random = randomFrom(SEED);
  const university = new University({ api, client, random, say });
  const began = performance.now();
  say(`${MATTERS} applications (seed ${SEED}) …`);
  for (let at = 0; at < MATTERS; at += 1) {
    const subject = `${SUBJECTS[at % SUBJECTS.length]}(${at + 1})`;
    const lead = UNITS[Math.floor(random() * UNITS.length)];
    await university.apply(MIX[at % MIX.length] ?? 'seal-use', (form) => ({
      ...('title' in form ? { title: subject } : {}),
      ...('task' in form ? { task: subject, goal: `年底前完成${subject}` } : {}),
      // Who answers for a key task is of the unit that leads it.
      ...('lead' in form && !('responsible' in form) ? { lead, assist: [] } : {}),
      ...('sourceNo' in form ? { sourceNo: `收文〔2026〕${at + 1}号` } : {}),
    }));
  }
  mkdirSync(FOLDER, { recursive: true });
  await university.pass(DAYS, STRETCH, () => publishDrafts(api, log));
  const seconds = (performance.now() - began) / 1000;
  const { all, ended } = university.count;
  console.log(
    `${all} matters, ${DAYS} days in ${seconds.toFixed(0)} s; ${ended} ended, ${university.refused} attempts were refused by the rules`,
  );
} finally {
  for (const stop of stops) await stop().catch((error: unknown) => say(String(error)));
  scratch.remove();
}
