/** Goal: the supervision ledger shows to each the rows that are theirs to see, finds Chinese text, and is made anew from the record. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTemporal, type TemporalClient } from '../../runtime/temporal.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { rebuild } from '../../scripts/rebuild/rebuild.ts';
import { viewerOf } from '../../workflows/machine/people/rights.ts';
import { maySeeRow } from '../../workflows/machine/supervision/rights.ts';
import { applyForSeal, clientOf, matterIn } from '../harness/office.ts';
import { type Answer, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

const { officeClerk: recorder, academicHead, computingHead, supervisor, lecturer, viceForAcademic } = demoCast;
const DAY_MS = 86_400_000;

interface Named {
  id: string;
  name: string;
}
interface Item {
  matter: { no: string; status: string };
  lead: Named | null;
  assist: Named[];
  responsible: Named | null;
  sourceRef: string | null;
  light: string;
  overdue: boolean;
  overdueFrom: string | null;
  dueAt: string;
  percent: number | null;
  progress: string | null;
  feedbackDueAt: string | null;
  topics: Named[];
  holders: { step: string; people: Named[] }[];
  watched: boolean;
}

let system: System;
let client: ContractClient;
let temporal: TemporalClient;
let superuser: postgres.Sql;
/** One follow-up that has ended, one that is being worked on, and a matter that nobody supervises. */
let ended: ContractMatter;
let underWay: ContractMatter;
let seal: ContractMatter;
let evidence: string;

async function list(person: string, query = ''): Promise<Item[]> {
  return client.all<Item>(person, `/api/supervision/ledger?limit=1${query}`);
}

const numbersOf = (items: readonly { matter: { no: string } }[]) => items.map((one) => one.matter.no);

async function ask(person: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown) {
  const answer: Answer = await (await system.as(person)).request(method, url, body);
  return answer;
}

/** What an answer holds, of the shape that the schema of its route fixes. */
function bodyOf<T>(answer: Answer): T {
  return answer.body as unknown as T;
}

/** Somebody looks some days later; nothing happens in between. */
async function daysLater<T>(days: number, look: () => Promise<T>): Promise<T> {
  const { context } = system.api;
  const before = context.now;
  context.now = () => new Date(Date.now() + days * DAY_MS).toISOString();
  try {
    return await look();
  } finally {
    context.now = before;
  }
}

async function followUp(title: string): Promise<ContractMatter> {
  const { example } = await client.guide('instruction-follow-up');
  evidence = String(example.form.scan);
  return client.apply('instruction-follow-up', { ...example, person: recorder, form: { ...example.form, title } });
}

/** Carries a follow-up on until the lead unit works on it. */
async function carryToWork(started: ContractMatter): Promise<ContractMatter> {
  let now = started;
  while (now.tasks.some((task) => task.step !== 'undertake')) {
    now = await client.step({ ...now, tasks: now.tasks.filter((task) => task.step !== 'undertake') });
  }
  return now;
}

beforeAll(async () => {
  system = await startSystem('ledger');
  client = clientOf(system);
  temporal = await connectTemporal(system.config);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/ledger';
  superuser = postgres(url.href, { max: 1, onnotice: () => undefined });
  ended = await carryToWork(await followUp('实验室危险化学品清查'));
  const report = { type: 'report', text: '已清查三个学院', percent: 60, attachments: [evidence] };
  expect((await ask(academicHead, 'POST', `/api/matters/${ended.no}/commands`, report)).status).toBe(200);
  ({ matter: ended } = await client.carryToEnd(await client.matter(recorder, ended.no)));
  underWay = await carryToWork(await followUp('改进本科生选课服务'));
  const news = { type: 'report', text: '方案已定', percent: 35, attachments: [evidence] };
  expect((await ask(academicHead, 'POST', `/api/matters/${underWay.no}/commands`, news)).status).toBe(200);
  seal = await applyForSeal(client);
}, 120_000);
afterAll(async () => {
  await superuser?.end();
  await temporal?.close();
  await system?.stop();
});

describe('the ledger', () => {
  test('shows a supervisor every supervised matter, what goes on before what has ended', async () => {
    const items = await list(supervisor);
    expect(numbersOf(items)).toEqual([underWay.no, ended.no]);
    expect(items[0]).toMatchObject({ light: 'green', overdue: false, percent: 35, progress: '方案已定' });
    expect(items[0]?.holders.flatMap((one) => one.people.map(({ id }) => id))).toContain(academicHead);
    expect(items[0]?.feedbackDueAt).not.toBeNull();
    expect(items[1]).toMatchObject({ matter: { status: 'completed' }, percent: 100, progress: '已清查三个学院', holders: [] });
  });

  test('counts what it lists, and takes filters together', async () => {
    const count = async (query: string) =>
      bodyOf<{ count: number }>(await ask(supervisor, 'GET', `/api/supervision/ledger?count=true${query}`)).count;
    expect(await count('')).toBe(2);
    expect(await count('&status=unfinished')).toBe(1);
    expect(await count('&status=completed')).toBe(1);
    expect(await count('&light=red')).toBe(0);
    expect(await count('&source=mailbox')).toBe(0);
    expect(await count('&to=2020-01-01')).toBe(0);
    const lead = (await list(supervisor))[0]?.lead?.id;
    expect(await count(`&unit=${lead}&status=unfinished`)).toBe(1);
  });

  test('tells every fault of a question at once', async () => {
    const answer = await ask(supervisor, 'GET', '/api/supervision/ledger?unit=u-nowhere&leader=p-nobody&topic=none');
    expect(answer.status).toBe(422);
    const { errors } = bodyOf<{ errors: { path: string }[] }>(answer);
    expect(errors.map((one) => one.path)).toEqual(['/unit', '/leader', '/topic']);
    expect((await ask(supervisor, 'GET', '/api/supervision/ledger?cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsIngiXQ')).status).toBe(
      422,
    );
  });

  test.each([
    ['its title', '选课服务', true],
    ['its number', '', true],
    ['two words of it apart', '选课 本科生', true],
    ['one character', '课', true],
    ['another width', '选课服务　', true],
    ['what it does not hold', '选课系统故障处理', false],
    ['words of which one is missing', '选课 绿化', false],
  ])('finds a matter by %s', async (_what, text, found) => {
    const q = text === '' ? underWay.no.toLowerCase() : text;
    expect(numbersOf(await list(supervisor, `&q=${encodeURIComponent(q)}`))).toEqual(found ? [underWay.no] : []);
  });

  test('finds matters by the unit that leads, who applied and who answers for it', async () => {
    const [row] = await list(supervisor);
    expect(row?.responsible?.name).toBeDefined();
    for (const q of [row?.lead?.name, '李晓雨', row?.responsible?.name].map((one) => one ?? '')) {
      expect(numbersOf(await list(supervisor, `&q=${encodeURIComponent(q)}`)), q).toEqual([underWay.no, ended.no]);
    }
  });

  test('finds a matter by the number of what it rests on', async () => {
    const [row] = await list(supervisor);
    const q = encodeURIComponent(row?.sourceRef ?? '');
    expect(numbersOf(await list(supervisor, `&q=${q}`))).toEqual([underWay.no]);
  });

  test('of a matter that nobody supervises has no row', async () => {
    expect((await ask(supervisor, 'GET', `/api/supervision/ledger/${seal.no}`)).status).toBe(404);
  });

  test('of one matter shows its reports with their evidence', async () => {
    const answer = await ask(supervisor, 'GET', `/api/supervision/ledger/${ended.no}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body).toMatchObject({
      reports: {
        items: [{ person: { id: academicHead }, percent: 60, text: '已清查三个学院', evidence: [{ id: evidence }] }],
        nextCursor: null,
      },
    });
    expect(bodyOf<{ evidence: Named[] }>(answer).evidence.map((one) => one.id)).toContain(evidence);
    const alone = await ask(supervisor, 'GET', `/api/supervision/ledger/${ended.no}/reports`);
    expect(alone.body.items).toEqual(bodyOf<{ reports: { items: unknown } }>(answer).reports.items);
  });

  test('turns red once the work is late, and sums say so', async () => {
    const late = await daysLater(60, () => list(supervisor));
    expect(late[0]).toMatchObject({ light: 'red', overdue: true });
    expect(late[1]).toMatchObject({ overdue: false });
    for (const by of ['unit', 'leader', 'source', 'topic']) {
      const { body } = await daysLater(60, () => ask(supervisor, 'GET', `/api/supervision/ledger/summary?by=${by}`));
      const [sum, ...others] = bodyOf<{ items: Record<string, number>[] }>({ body } as Answer).items;
      expect(others, by).toEqual([]);
      expect(sum, by).toMatchObject({ total: 2, open: 1, overdue: 1, yellow: 0, orange: 0, finished: 1, late: 0 });
    }
  });

  test('filters by light as it shows it, on any day', async () => {
    const seen = new Set<string>();
    for (let days = 0; days <= 60; days += 3) {
      await daysLater(days, async () => {
        const [row] = await list(supervisor, '&status=unfinished');
        for (const light of ['green', 'yellow', 'orange', 'red']) {
          const found = await list(supervisor, `&status=unfinished&light=${light}`);
          expect(found.length, `${light} after ${days} days`).toBe(row?.light === light ? 1 : 0);
        }
        const overdue = await list(supervisor, '&status=unfinished&overdue=true');
        expect(overdue.length).toBe(row?.overdue === true ? 1 : 0);
        seen.add(row?.light ?? '');
      });
    }
    expect(seen).toContain('red');
  });
});

describe('who sees a row', () => {
  test('in the views of those who work on it and not of others', async () => {
    expect(numbersOf(await list(academicHead, '&view=todo'))).toEqual([underWay.no]);
    expect(await list(computingHead, '&view=todo')).toEqual([]);
    expect(await list(lecturer)).toEqual([]);
    expect((await ask(lecturer, 'GET', `/api/supervision/ledger/${underWay.no}`)).status).toBe(404);
    // Whose instruction it is.
    expect(numbersOf(await list(viceForAcademic))).toEqual([underWay.no, ended.no]);
  });

  test('among those to assist, not those to do, of the head of an assisting unit that has a task in it', async () => {
    const assisting = 'p-cui-yong';
    const [{ id } = { id: '' }] = await superuser<{ id: string }[]>`select id from matters where no = ${underWay.no}`;
    await superuser`insert into matter_people (matter_id, person_id, participation, started_at)
      values (${id}, ${assisting}, 'assignee', now())`;
    expect(numbersOf(await list(assisting, '&view=assist'))).toEqual([underWay.no]);
    expect(await list(assisting, '&view=todo')).toEqual([]);
    await superuser`delete from matter_people where matter_id = ${id} and person_id = ${assisting} and participation = 'assignee'`;
  });

  test('is the same in memory and in SQL for every person of the school', async () => {
    const { db, cache } = system.api.context;
    const { directory, calendar } = await cache.now(db);
    const rows =
      await superuser`select l.*, m.unit_id, (select array_agg(person_id) from matter_people p where p.matter_id = l.matter_id) as people
      from ledger l join matters m on m.id = l.matter_id order by l.ended_at is not null`;
    const seen = { all: 0, none: 0 };
    for (const person of Object.keys(directory.people)) {
      const viewer = viewerOf(directory, calendar, person, system.api.context.now());
      if (viewer === null) continue;
      const expected = rows
        .filter((row) =>
          maySeeRow(viewer, {
            leadUnit: row.lead_unit,
            assistUnits: row.assist_units,
            responsible: row.responsible,
            leader: row.leader,
            unit: row.unit_id,
            people: row.people,
          }),
        )
        .map((row) => row.no);
      const found = numbersOf(await list(person));
      // Who stands in for somebody may see more, and never less.
      if (expected.length > 0) expect(found, person).toEqual(expected);
      seen[expected.length > 0 ? 'all' : 'none'] += 1;
    }
    expect(seen.all).toBeGreaterThan(3);
    expect(seen.none).toBeGreaterThan(3);
  });

  test('in the list of those watched as long as they watch it', async () => {
    const url = `/api/matters/${underWay.no}/watch`;
    expect((await ask(lecturer, 'PUT', url)).status).toBe(404);
    expect((await ask(supervisor, 'PUT', url)).status).toBe(204);
    expect((await ask(supervisor, 'PUT', url)).status).toBe(204);
    expect(await list(supervisor, '&view=watched')).toMatchObject([{ matter: { no: underWay.no }, watched: true }]);
    expect((await ask(supervisor, 'DELETE', url)).status).toBe(204);
    expect(await list(supervisor, '&view=watched')).toEqual([]);
    const noted =
      await superuser`select action from journal where chain = 'office' and target = ${underWay.no} order by sequence`;
    expect(noted.map((row) => row.action)).toEqual(['watch-begun', 'watch-ended']);
  });
});

describe('a topic', () => {
  let id: string;
  const topics = '/api/supervision/topics';

  test('is set up by those who oversee, each with its own supervisor', async () => {
    const body = { name: '安全专项', supervisor, basis: '校长办公会第3次会议', startedOn: '2026-03-02', inspectEveryMonths: 2 };
    expect((await ask(lecturer, 'POST', topics, body)).status).toBe(403);
    const stranger = await ask(supervisor, 'POST', topics, { ...body, supervisor: 'p-nobody' });
    expect(stranger.body).toMatchObject({ errors: [{ path: '/supervisor' }] });
    const post = () => system.as(supervisor).then((one) => one.post(topics, body, 'the same'));
    const made = await post();
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body).toMatchObject({
      name: '安全专项',
      supervisor: { id: supervisor },
      matters: 0,
      nextInspectionOn: '2026-05-06',
    });
    expect((await post()).body).toEqual(made.body);
    id = String(made.body.id);
    expect(await client.all(supervisor, `${topics}?open=true`)).toHaveLength(1);
    expect(await client.all(lecturer, topics)).toEqual([]);
  });

  test('holds supervised matters only, and names each that is none', async () => {
    const wrong = await ask(supervisor, 'PUT', `${topics}/${id}/matters`, { matters: [underWay.no, seal.no, 'X-1'] });
    expect(wrong.status).toBe(422);
    expect(bodyOf<{ errors: { path: string }[] }>(wrong).errors.map((one) => one.path)).toEqual(['/matters/1', '/matters/2']);
    const put = () => ask(supervisor, 'PUT', `${topics}/${id}/matters`, { matters: [underWay.no, ended.no] });
    expect(await put()).toMatchObject({ status: 200, body: { matters: 2, finished: 1 } });
    expect(await put()).toMatchObject({ status: 200, body: { matters: 2 } });
    expect(numbersOf(await list(supervisor, `&topic=${id}`))).toEqual([underWay.no, ended.no]);
    expect((await list(supervisor))[0]?.topics).toEqual([{ id, name: '安全专项' }]);
  });

  test('shows how far its items are ready to be looked at again', async () => {
    const { status, body } = await ask(supervisor, 'GET', `${topics}/${id}?limit=1`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ readiness: { items: 2, withEvidence: 2 }, items: [{ matter: { no: underWay.no } }] });
    expect(bodyOf<{ items: { evidence: Named[] }[] }>({ body } as Answer).items[0]?.evidence.map((one) => one.id)).toContain(
      evidence,
    );
    expect(body.nextCursor).not.toBeNull();
  });

  test('loses a matter that is taken out', async () => {
    expect((await ask(supervisor, 'DELETE', `${topics}/${id}/matters/${ended.no}`)).status).toBe(204);
    expect((await ask(supervisor, 'DELETE', `${topics}/${id}/matters/${ended.no}`)).status).toBe(404);
    expect(numbersOf(await list(supervisor, `&topic=${id}`))).toEqual([underWay.no]);
  });

  test('that was closed is not changed any more, and every change stands in the journal', async () => {
    const change = (body: unknown) => ask(supervisor, 'PATCH', `${topics}/${id}`, body);
    expect((await change({ name: '安全隐患专项' })).body).toMatchObject({ name: '安全隐患专项', basis: '校长办公会第3次会议' });
    expect((await change({ closed: true })).body.closedOn).not.toBeNull();
    expect((await change({ name: '另一专项' })).status).toBe(409);
    expect((await ask(supervisor, 'PUT', `${topics}/${id}/matters`, { matters: [ended.no] })).status).toBe(409);
    const noted = await superuser`select action from journal where chain = 'office' and target = ${id} order by sequence`;
    expect(noted.map((row) => row.action)).toEqual([
      'topic-opened',
      'topic-matters-added',
      'topic-matters-added',
      'topic-matter-removed',
      'topic-changed',
      'topic-closed',
    ]);
  });
});

describe('urging in many matters', () => {
  const body = () => ({ matters: [underWay.no, ended.no, 'PSDB-1999-0001'], text: '请抓紧' });
  const statusesOf = (answer: Answer) => bodyOf<{ items: { status: number }[] }>(answer).items.map((one) => one.status);

  test('is for those who oversee', async () => {
    expect((await ask(academicHead, 'POST', '/api/supervision/urge', body())).status).toBe(403);
  });

  test('gives each matter its own result, and keeps the machine’s rest between two', async () => {
    const office = await system.as(supervisor);
    const first = await office.post('/api/supervision/urge', body(), 'once');
    expect(statusesOf(first), JSON.stringify(first.body)).toEqual([200, 409, 404]);
    expect(statusesOf(await office.post('/api/supervision/urge', body(), 'once'))).toEqual([200, 409, 404]);
    expect(statusesOf(await office.post('/api/supervision/urge', body(), 'again'))).toEqual([409, 409, 404]);
  });

  test('stands in the log once a unit and day, for overseers and the head of the unit', async () => {
    const { body: log } = await ask(supervisor, 'GET', '/api/supervision/urges?unit=u-academic');
    expect(log.items).toMatchObject([
      {
        unit: { id: 'u-academic' },
        matters: 1,
        urges: [{ no: underWay.no, person: { id: academicHead }, by: { id: supervisor }, text: '请抓紧' }],
      },
    ]);
    expect((await ask(academicHead, 'GET', '/api/supervision/urges')).body.items).toEqual(log.items);
    expect((await ask(computingHead, 'GET', '/api/supervision/urges')).body.items).toEqual([]);
    expect((await ask(lecturer, 'GET', '/api/supervision/urges')).status).toBe(403);
    const { body: row } = await ask(supervisor, 'GET', `/api/supervision/ledger/${underWay.no}`);
    expect(bodyOf<{ urges: unknown[] }>({ body: row } as Answer).urges.length).toBeGreaterThan(0);
  });
});

describe('what is overdue', () => {
  interface Late {
    source: string;
    items: { id: string; matter: { no: string; overdue: boolean; status: string } }[];
  }

  test('is answered alike by the tables and by Temporal', async () => {
    await daysLater(90, async () => {
      const late = async (query: string) =>
        bodyOf<Late>(await ask(supervisor, 'GET', `/api/supervision/overdue?limit=200${query}`));
      const tables = await late('');
      const byLimit = tables.items
        .filter(({ matter }) => matter.overdue && matter.status === 'open')
        .map(({ matter }) => matter.no);
      const ids = await superuser`select id from matters where no = any(${byLimit}) order by id`;
      expect(tables.source).toBe('tables');
      expect(ids.length).toBeGreaterThanOrEqual(2);
      // Temporal's list follows its workflows by a moment.
      await expect
        .poll(async () => (await late('&via=temporal')).items.map((one) => one.id).sort(), { timeout: 20_000 })
        .toEqual(ids.map((row) => row.id));
      const first = await late('&via=temporal');
      expect(first.source).toBe('temporal');
      expect(first.items[0]).toMatchObject({ status: 'open', dueAt: expect.stringMatching(/Z$/) });
      const page = await client.all<{ id: string }>(supervisor, '/api/supervision/overdue?via=temporal&limit=1');
      expect(page.map((one) => one.id).sort()).toEqual(ids.map((row) => row.id));
      // The head of a unit is answered for what that unit applied for.
      const own = bodyOf<Late>(await ask(computingHead, 'GET', '/api/supervision/overdue?via=temporal'));
      expect(own.items.map((one) => one.id)).toEqual(
        (await superuser`select id from matters where no = ${seal.no}`).map((row) => row.id),
      );
    });
    expect((await ask(lecturer, 'GET', '/api/supervision/overdue?via=temporal')).status).toBe(403);
    expect((await ask(supervisor, 'GET', `/api/supervision/overdue?via=temporal&person=${academicHead}`)).status).toBe(422);
  });
});

describe('the rows of supervision', () => {
  const TABLES = ['ledger', 'progress_reports', 'urges', 'matter_search'];
  const dump = async () =>
    Object.fromEntries(
      await Promise.all(
        TABLES.map(async (table) => {
          const rows = await superuser.unsafe(`select to_jsonb(t)::text as row from ${table} t order by 1`);
          return [table, rows.map((row) => String(row.row))] as const;
        }),
      ),
    );
  const run = () =>
    rebuild({
      databaseUrl: system.database.url,
      client: temporal.client,
      taskQueue: system.config.taskQueue,
      report: () => undefined,
    });

  test('come back from the record as they were', async () => {
    const before = await dump();
    for (const table of TABLES) expect(before[table]?.length, table).toBeGreaterThan(0);
    expect(await run()).toMatchObject({ different: 0, rows: 0, broken: [] });
    for (const table of TABLES) await superuser.unsafe(`delete from ${table}`);
    expect(await run()).toMatchObject({ broken: [] });
    expect(await dump()).toEqual(before);
  });

  test('follow a matter that comes to its end', async () => {
    const { matter } = await client.carryToEnd(matterIn(await (await system.as(recorder)).get(`/api/matters/${underWay.no}`)));
    expect(matter.status).toBe('completed');
    expect(await list(supervisor, '&status=unfinished')).toEqual([]);
    const { body } = await ask(supervisor, 'GET', `/api/supervision/ledger/${underWay.no}`);
    expect(body).toMatchObject({ percent: 100, overdue: false, holders: [] });
    expect(await run()).toMatchObject({ different: 0, rows: 0, broken: [] });
  });
});
