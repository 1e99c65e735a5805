/**
 * Goal: whoever can switch the guards off and write what they like into the database is found out, and the verifier says which
 * matter, which event and what was done to it. What only looks unusual is no fault.
 */
import { spawn } from 'node:child_process';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeRoot, RootHash } from '../../db/audit.ts';
import { insertDraft, publishDraft } from '../../db/bulletins.ts';
import { chainRows, eventRows } from '../../db/events.ts';
import { appendTo } from '../../db/journal.ts';
import { insertRating } from '../../db/ratings.ts';
import { newestDefinitions } from '../../definitions/catalog.ts';
import { isBroken, type VerifySummary, verify } from '../../scripts/audit/verify.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { reckonBulletin } from '../../workflows/machine/supervision/bulletin.ts';
import { firstWords } from '../../workflows/machine/supervision/bulletin-words.ts';
import { clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

let system: System;
/** Whoever can switch the guards off. */
let superuser: postgres.Sql;
/** A finished matter, and its id. */
let ended: ContractMatter;
let endedId: string;
/** A matter on its way. */
let open: ContractMatter;
let openId: string;
/** The roots as they were said to the log. */
let first: string;
let second: string;

const TABLES = ['events', 'matters', 'journal', 'audit_roots', 'audit_heads', 'commands', 'numbers'];
/** What stands beside the record, for which the journal vouches. */
TABLES.push('bulletins', 'ratings', 'inspection_items', 'accountabilities', 'archive_packages', 'archive_ticks');

beforeAll(async () => {
  system = await startSystem('audit');
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/audit';
  superuser = postgres(url.href, { max: 1, onnotice: () => undefined });
  const client = clientOf(system);
  for (const { id } of (await client.guides()).slice(0, 3)) {
    ({ matter: ended } = await client.carryToEnd(await client.apply(id, (await client.guide(id)).example)));
  }
  open = await client.step(await client.apply('seal-use', (await client.guide('seal-use')).example));
  const idOf = async (no: string) => (await superuser`select id from matters where no = ${no}`)[0]?.id as string;
  [endedId, openId] = [await idOf(ended.no), await idOf(open.no)];
  // Somebody tries what they may not, so that the access log has entries.
  for (let tries = 0; tries < 4; tries += 1) await (await system.as('p-li-xiaoyu')).get(`/api/matters/NONE-${tries}`);
  const { db } = system.api.context;
  first = (await makeRoot(db, '2026-03-02', new Date().toISOString())).root.root;
  open = await client.step(open);
  second = (await makeRoot(db, '2026-03-03', new Date().toISOString())).root.root;
  open = await client.step(open);
  await superuser`set session_replication_role = replica`;
  for (const table of TABLES) await superuser.unsafe(`create table kept_${table} as table ${table}`);
});

afterEach(async () => {
  // At once: whoever makes a package meanwhile writes it with its entry, before or after.
  await superuser.unsafe(
    TABLES.map((table) => `truncate ${table}; insert into ${table} select * from kept_${table};`).join('\n'),
  );
});

afterAll(async () => {
  await superuser?.end();
  await system?.stop();
});

const run = (more: { matter?: string; knownRoots?: string[] } = {}): Promise<VerifySummary> =>
  verify({
    databaseUrl: system.database.url,
    prefixes: newestDefinitions().map((definition) => definition.numberPrefix),
    report: () => undefined,
    ...more,
  });

/** What was found, in short. */
const found = async (more?: Parameters<typeof run>[0]) =>
  (await run(more)).findings.map(
    ({ kind, where, sequence }) => `${kind}: ${where}${sequence === null ? '' : ` event ${sequence}`}`,
  );

const lengthOf = async (id: string): Promise<number> =>
  (await superuser`select max(sequence) as last from events where matter_id = ${id}`)[0]?.last;

/** Writes a matter's chain anew from an event on, sound in itself. */
async function rewriteChain(id: string, from: number, change: (event: MatterEvent) => MatterEvent): Promise<void> {
  const rows = await eventRows(system.api.context.db, id, 'oldest', null, 10_000);
  const head = rows[from - 1]!.previousHash;
  const anew = chainRows(
    id,
    head,
    rows.slice(from - 1).map(({ event }) => change(event)),
  );
  for (const row of anew.rows) {
    await superuser`update events set facts = ${superuser.json(row.facts as never)}, previous_hash = ${row.previousHash}, hash = ${row.hash}
      where matter_id = ${id} and sequence = ${row.sequence}`;
  }
  await superuser`update matters set last_hash = ${anew.head} where id = ${id}`;
}

/** Writes rows as only somebody with the database in their hands can. */
async function insertEvents(rows: ReturnType<typeof chainRows>['rows']): Promise<void> {
  for (const row of rows) {
    await superuser`insert into events (matter_id, sequence, at, type, actor_kind, actor_id, command_id, facts, previous_hash, hash)
      values (${row.matterId}, ${row.sequence}, ${row.at}, ${row.type}, ${row.actorKind}, ${row.actorId ?? null},
      ${row.commandId}, ${superuser.json(row.facts as never)}, ${row.previousHash}, ${row.hash})`;
  }
}

const withOpinion = (event: MatterEvent): MatterEvent =>
  ({ ...event, facts: { ...event.facts, opinion: '从未写过的意见' } }) as unknown as MatterEvent;

describe('an untouched database', () => {
  test('is sound, and figures say how much was looked at', async () => {
    const summary = await run({ knownRoots: [first, second] });
    expect(summary.findings).toEqual([]);
    expect(isBroken(summary)).toBe(false);
    const [counts] =
      await superuser`select (select count(*)::int from events) as events, (select count(*)::int from matters) as matters,
      (select count(*)::int from journal) as entries`;
    expect(summary).toMatchObject({ ...counts, roots: 2, newestRoot: second, more: 0 });
    console.log(`${summary.events} events in ${summary.seconds.toFixed(2)} s`);
  });

  test('has roots over what grew only', async () => {
    const rows =
      await superuser`select number, heads, (select count(*)::int from matters) as matters from audit_roots order by number`;
    expect(rows[0]!.heads).toBeGreaterThanOrEqual(rows[0]!.matters);
    // The matter that went on is in the second, the one that had ended is not.
    const second = await superuser`select chain, sequence, (select max(sequence) from audit_heads as earlier
      where earlier.chain = audit_heads.chain and root = 1) as before from audit_heads where root = 2`;
    expect(second.map((head) => head.chain)).toContain(openId);
    expect(second.map((head) => head.chain)).not.toContain(endedId);
    for (const { sequence, before } of second) expect(sequence).toBeGreaterThan(before ?? 0);
    expect(second).toHaveLength(rows[1]!.heads);
    const heads = await superuser`select chain, no, sequence, hash from audit_heads where root = 1 order by chain collate "C"`;
    const anew = new RootHash('', 1, '2026-03-02');
    for (const head of heads) anew.add(head as never);
    expect(anew.end().root).toBe(first);
  });

  test('gets one root a day, however often and by however many it is asked for', async () => {
    const { db } = system.api.context;
    const now = new Date().toISOString();
    const made = await Promise.all([1, 2, 3].map(() => makeRoot(db, '2026-03-04', now)));
    expect(made.filter((one) => one.made)).toHaveLength(1);
    expect(new Set(made.map((one) => one.root.root)).size).toBe(1);
    expect(await makeRoot(db, '2026-03-01', now)).toMatchObject({ made: false, root: { day: '2026-03-04' } });
    expect(await found()).toEqual([]);
  });

  test('is verified for one matter alone', async () => {
    const summary = await run({ matter: open.no });
    expect(summary).toMatchObject({ matters: 1, events: await lengthOf(openId), findings: [] });
    await expect(run({ matter: 'YYSQ-1999-0001' })).rejects.toThrow('There is no matter YYSQ-1999-0001');
  });
});

describe('what the journal vouches for', () => {
  /** A bulletin, a rating, a finding, a step of accountability, a tick and a package, each with its entry. */
  async function writeBeside(): Promise<void> {
    const AT = new Date().toISOString();
    const entry = { at: AT, person: 'p-li-xiaoyu', code: 'done', requestId: null };
    const { db, cache } = system.api.context;
    const { calendar } = await cache.now(db);
    const no = ended.no;
    const material = { items: [], reported: [], missed: {}, granted: {}, queued: [], published: [] };
    const figures = reckonBulletin('supervision', '2026-02', material, { calendar, now: AT, nameOf: (id) => id, issuer: '' });
    await db.transaction(async (tx) => {
      await insertDraft(tx, figures, firstWords(figures));
      const which = { kind: 'supervision', month: '2026-02', revision: null } as const;
      const row = await publishDraft(tx, which, { person: entry.person, at: AT, year: 2026 });
      const publication = { ...entry, action: 'publish-bulletin', target: 'supervision/2026-02' };
      await appendTo(tx, 'office', { ...publication, facts: { hash: row?.hash ?? null } });
    });
    const rated = { matterId: endedId, no, processId: 'seal-use', units: [], personId: entry.person, at: AT, stars: 1 };
    const rest = { manner: null, timeliness: null, completeness: null, text: null, sequence: 1, requestId: null, opens: null };
    await insertRating(db, { ...rated, ...rest, commandId: 'rate-1', bodyHash: 'x' });
    await superuser`insert into inspection_items (inspection_id, matter_id, no, result, evidence, checked_by, failures_on_end)
      values ('i-1', ${endedId}, ${no}, 'failed', '[]', ${entry.person}, 1)`;
    await superuser`insert into accountabilities (inspection_id, matter_id, unit_id, person_id, measure, text, decided_by, decided_at)
      values ('i-1', ${endedId}, 'u-1', 'p-1', 'interview', '约谈', ${entry.person}, ${AT})`;
    await superuser`delete from archive_packages where matter_id = ${endedId}`;
    await superuser`insert into archive_packages (matter_id, status, attempts, next_attempt_at, sha256, size, made_at)
      values (${endedId}, 'made', 1, ${AT}, 'abc', 7, ${AT})`;
    await superuser`insert into archive_ticks (matter_id, form, ticked_by, ticked_at, place) values (${endedId}, 'paper', 'p-1', ${AT}, 'A1')`;
    const entries = [
      { ...entry, action: 'record-finding', target: no, facts: { inspection: 'i-1', result: 'failed' } },
      { ...entry, action: 'hold-accountable', target: no, facts: { inspection: 'i-1', measure: 'interview', person: 'p-1' } },
      { ...entry, action: 'archive-package', target: no, facts: { sha256: 'abc', size: 7 } },
      { ...entry, action: 'archive-tick', target: no, code: 'paper', facts: { place: 'A1' } },
    ];
    for (const one of entries) await db.transaction((tx) => appendTo(tx, 'office', one));
  }

  test('is sound as it was written', async () => {
    await writeBeside();
    expect((await run()).findings).toEqual([]);
  });

  test('and was changed is named, with both sayings', async () => {
    await writeBeside();
    await superuser`update bulletins set words = words || '{"title": "从未印发的标题"}'`;
    await superuser`update ratings set stars = 5`;
    await superuser`update inspection_items set result = 'passed'`;
    await superuser`update accountabilities set measure = 'reminder'`;
    await superuser`update archive_ticks set place = 'B2' where form = 'paper'`;
    await superuser`update archive_packages set sha256 = 'def' where matter_id = ${endedId}`;
    expect(await found()).toEqual([
      'changed: bulletins supervision/2026-02',
      `changed: ratings ${ended.no}`,
      `changed: inspection_items i-1/${ended.no}`,
      `changed: accountabilities i-1/${ended.no}`,
      `changed: archive_ticks ${ended.no}/paper`,
      `changed: archive_packages ${ended.no}`,
    ]);
    const texts = (await run()).findings.map((one) => one.text);
    expect(texts[1]).toBe('the row says 5 stars of p-li-xiaoyu, the journal 1 stars of p-li-xiaoyu');
    expect(texts[2]).toBe('the row says passed, the journal failed');
  });

  test('is not saved by a hash that was made to fit', async () => {
    await writeBeside();
    await superuser`update bulletins set hash = 'made to fit'`;
    expect(new Set(await found())).toEqual(new Set(['changed: bulletins supervision/2026-02']));
    expect((await run()).findings.at(-1)?.text).toContain('the journal hash');
  });

  test('and was taken out or put in is missing or added', async () => {
    await writeBeside();
    await superuser`delete from bulletins`;
    await superuser`update ratings set matter_id = 'm-other', no = 'OTHER'`;
    expect((await found()).toSorted()).toEqual([
      'added: ratings OTHER',
      'missing: bulletins supervision/2026-02',
      `missing: ratings ${ended.no}`,
    ]);
  });
});

describe('the guards', () => {
  test('let not even the owner of the tables change, take out or empty what is final', async () => {
    const owner = postgres(system.database.url, { max: 1, onnotice: () => undefined });
    try {
      for (const table of ['events', 'journal', 'audit_roots', 'audit_heads']) {
        await expect(
          owner.unsafe(`update ${table} set hash = 'x'`.replace('audit_roots set hash', 'audit_roots set root')),
        ).rejects.toThrow(/never changed/);
        await expect(owner.unsafe(`delete from ${table}`)).rejects.toThrow(/never changed/);
        await expect(owner.unsafe(`truncate ${table}`)).rejects.toThrow(/never changed/);
      }
    } finally {
      await owner.end();
    }
  });
});

describe('an event', () => {
  test.each([
    ['facts', `facts = facts || '{"opinion": "同意"}'`],
    ['time', `at = at - interval '1 day'`],
    ['author', `actor_id = 'p-nobody', actor_kind = 'person'`],
    ['command', `command_id = 'c-forged'`],
    ['type', `type = 'Commented'`],
    ['hash', `hash = repeat('0', 64)`],
  ])('whose %s was changed is found and named', async (_what, change) => {
    await superuser.unsafe(`update events set ${change} where matter_id = '${endedId}' and sequence = 3`);
    const summary = await run();
    expect(summary.findings[0]).toMatchObject({ kind: 'changed', where: `matter ${ended.no}`, sequence: 3 });
    expect(summary.findings.every((one) => one.where === `matter ${ended.no}`)).toBe(true);
    expect(isBroken(summary)).toBe(true);
  });

  test('that was changed and hashed anew is found by the next', async () => {
    const [row] = await eventRows(system.api.context.db, endedId, 'oldest', 2, 1);
    const [forged] = chainRows(endedId, row!.previousHash, [withOpinion(row!.event)]).rows;
    await superuser`update events set facts = ${superuser.json(forged!.facts as never)}, hash = ${forged!.hash}
      where matter_id = ${endedId} and sequence = 3`;
    expect(await found()).toEqual([`rewritten: matter ${ended.no} event 3`]);
  });

  test('that was taken out of the middle is missing there', async () => {
    await superuser`delete from events where matter_id = ${endedId} and sequence in (4, 5)`;
    expect(await found()).toEqual([`missing: matter ${ended.no} event 4`]);
  });

  test('that was cut off at the end is missing, also when the matter’s row was made to fit', async () => {
    const last = await lengthOf(endedId);
    await superuser`delete from events where matter_id = ${endedId} and sequence = ${last}`;
    expect(await found()).toEqual([`missing: matter ${ended.no} event ${last}`]);
    await superuser`update matters set sequence = ${last - 1},
      last_hash = (select hash from events where matter_id = ${endedId} and sequence = ${last - 1}) where id = ${endedId}`;
    const [fault] = (await run()).findings;
    expect(fault).toMatchObject({ kind: 'missing', where: `matter ${ended.no}`, sequence: last });
    expect(fault?.text).toContain('root 1 of 2026-03-02 covers');
  });

  test('that was added at the end is found, though it is chained as it should be', async () => {
    const last = (await eventRows(system.api.context.db, endedId, 'newest', null, 1))[0]!;
    const added = { ...last.event, sequence: last.event.sequence + 1, command: 'c-forged' };
    await insertEvents(chainRows(endedId, last.hash, [added]).rows);
    // Its date lies before roots that do not know it, besides.
    const place = `matter ${ended.no} event ${added.sequence}`;
    expect(await found()).toEqual([`added: ${place}`, `late: ${place}`]);
  });
});

describe('a matter', () => {
  test('all of whose events were taken out is missing', async () => {
    await superuser`delete from events where matter_id = ${endedId}`;
    expect(await found()).toEqual([`missing: matter ${ended.no}`]);
  });

  test('that was taken out of every table is missing still, by its root and by its number', async () => {
    await superuser`delete from events where matter_id = ${endedId}`;
    await superuser`delete from matters where id = ${endedId}`;
    await superuser`delete from commands where matter_id = ${endedId}`;
    expect(await found()).toEqual([`missing: matter ${ended.no}`]);
    await superuser`delete from audit_heads where chain = ${endedId}`;
    expect(await found()).toEqual(['root: root 1 of 2026-03-02', 'root: root 1 of 2026-03-02', `missing: matter ${ended.no}`]);
  });

  test('that no root and no start knows was added', async () => {
    const rows = await eventRows(system.api.context.db, endedId, 'oldest', null, 100);
    const copied = chainRows(
      'm-forged',
      '',
      rows.map(({ event }) => event),
    );
    await insertEvents(copied.rows);
    expect(await found()).toEqual(['added: matter with id m-forged event 1', 'late: matter with id m-forged event 1']);
  });

  test('whose row alone is gone is named by the root', async () => {
    await superuser`delete from matters where id = ${endedId}`;
    expect(await found()).toContain(`missing: matter ${ended.no} event 1`);
    expect(await found({ matter: ended.no })).toEqual([`missing: matter ${ended.no} event 1`]);
  });

  test('whose chain was written anew as a whole no longer fits its root', async () => {
    await rewriteChain(endedId, 3, withOpinion);
    const summary = await run();
    const last = await lengthOf(endedId);
    expect(summary.findings).toMatchObject([{ kind: 'rewritten', where: `matter ${ended.no}`, sequence: last }]);
    expect(summary.findings[0]!.text).toContain('root 1 of 2026-03-02 covers another event');
  });

  test('that went on since is found by the root before too', async () => {
    await rewriteChain(openId, 1, withOpinion);
    const [fault] = (await run({ matter: open.no })).findings;
    expect(fault).toMatchObject({ kind: 'rewritten', where: `matter ${open.no}` });
    expect(fault!.sequence).toBeLessThan(await lengthOf(openId));
  });

  test('dated back behind many roots is to be looked at, and no fault', async () => {
    const { db } = system.api.context;
    for (let day = 4; day < 8; day += 1) await makeRoot(db, `2026-03-0${day}`, new Date().toISOString());
    await superuser`delete from audit_heads where chain = ${endedId}`;
    await superuser`update audit_roots set heads = heads - 1 where number = 1`;
    const summary = await run({ matter: ended.no });
    expect(summary.findings).toMatchObject([{ kind: 'late', where: `matter ${ended.no}`, sequence: 1 }]);
    expect(isBroken(summary)).toBe(false);
  });
});

describe('the roots', () => {
  /** Makes every root anew from what stands in the record, as a forger would. */
  async function forgeRoots(): Promise<void> {
    let previous = '';
    for (const number of [1, 2]) {
      await superuser`update audit_heads set hash = (select hash from events where matter_id = chain and events.sequence = audit_heads.sequence)
        where root = ${number} and chain not like 'journal:%'`;
      const heads =
        await superuser`select chain, no, sequence, hash from audit_heads where root = ${number} order by chain collate "C"`;
      const made = new RootHash(previous, number, `2026-03-0${number + 1}`);
      for (const head of heads) made.add(head as never);
      const { root } = made.end();
      await superuser`update audit_roots set root = ${root}, previous_root = ${previous} where number = ${number}`;
      previous = root;
    }
  }

  test('made anew to fit a forged record are found only by those that were written down', async () => {
    await rewriteChain(endedId, 3, withOpinion);
    await forgeRoots();
    expect(await found()).toEqual([]);
    expect(await found({ knownRoots: [first] })).toEqual([`root: root ${first}`]);
    expect(await found({ knownRoots: [second] })).toEqual([`root: root ${second}`]);
  });

  test.each([
    ['head of which was changed', `update audit_heads set hash = repeat('0', 64) where root = 2`, 'root: root 2 of 2026-03-03'],
    ['hash of which was changed', `update audit_roots set root = repeat('0', 64) where number = 2`, 'root: root 2 of 2026-03-03'],
    ['day of which was changed', `update audit_roots set day = '2026-03-09' where number = 2`, 'root: root 2 of 2026-03-09'],
    ['first of which was taken out', 'delete from audit_roots where number = 1', 'root: root 2 of 2026-03-03'],
    [
      'heads of which were added to',
      `insert into audit_heads values ('m-forged', 'YYSQ-2026-9999', 1, '0', 2)`,
      'root: root 2 of 2026-03-03',
    ],
  ])('a %s are named', async (_what, tamper, finding) => {
    await superuser.unsafe(tamper);
    expect(await found()).toContain(finding);
  });
});

describe('the journal', () => {
  test.each([
    [
      'changed',
      `update journal set target = 'another' where chain = 'access' and sequence = 2`,
      'changed: journal access event 2',
    ],
    ['missing', `delete from journal where chain = 'access' and sequence = 2`, 'missing: journal access event 2'],
    ['missing', `delete from journal where chain = 'access' and sequence >= 3`, 'missing: journal access event 3'],
  ])('of which an entry was %s says which', async (_kind, tamper, finding) => {
    await superuser.unsafe(tamper);
    expect(await found()).toEqual([finding]);
  });
});

describe('npm run audit:verify', () => {
  const command = (...args: string[]) =>
    new Promise<{ code: number | null; said: string; out: string }>((resolve) => {
      const env = { ...process.env, DATABASE_URL: system.database.url };
      const child = spawn('node', ['--import', 'tsx', 'scripts/audit-verify.ts', ...args], { env });
      let [said, out] = ['', ''];
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      child.on('close', (code) => resolve({ code, said, out }));
    });

  test('says that a sound record is sound', async () => {
    const { code, said, out } = await command('--root', first, '--root', second.toUpperCase());
    expect(said).toContain('The record is sound');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ roots: 2, newestRoot: second, findings: [] });
  });

  test('names matter, event and what is wrong, and ends with 1', async () => {
    await superuser`update events set facts = facts || '{"opinion": "同意"}' where matter_id = ${endedId} and sequence = 3`;
    const { code, said } = await command();
    expect(said).toMatch(
      new RegExp(`CHANGED: matter ${ended.no}, event 3 \\(\\w+\\): what stands in the row is not what was written`),
    );
    expect(said).toContain('The record is BROKEN');
    expect(code).toBe(1);
  });

  test('ends with 2 when it could not look', async () => {
    expect((await command('--matter', 'NONE-1')).code).toBe(2);
    expect((await command('--no-such-option')).code).toBe(2);
  });
});
