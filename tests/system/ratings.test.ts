/** Goal: a finished matter is rated once by its applicant; a low rating opens a complaint that none of those who handled it handles. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ratingCases } from '../../activities/ratings.ts';
import { caseStart, insertRating } from '../../db/ratings.ts';
import { commands, intents, journal, matters, ratings } from '../../db/schema/index.ts';
import { findDefinition } from '../../definitions/catalog.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { complaintForm } from '../../workflows/machine/supervision/ratings.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type Answer, type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

const { lecturer, otherLecturer, supervisor, computingHead, officeDirector, sealKeeper } = demoCast;

let system: System;
beforeAll(async () => {
  system = await startSystem('ratings');
});
afterAll(async () => {
  await system?.stop();
});

/** A seal-use application of the lecturer's, carried to its end. */
async function finished(): Promise<ContractMatter> {
  const client = clientOf(system);
  return (await client.carryToEnd(await applyForSeal(client))).matter;
}

async function rate(no: string, body: Record<string, unknown>, person: string = lecturer, key?: string): Promise<Answer> {
  return (await system.as(person)).post(`/api/matters/${no}/commands`, { type: 'rate', ...body }, key);
}

interface Rated {
  rating?: { stars: number; text: string | null; case: { no: string | null } | null };
}
const ratingIn = (answer: Answer) => (answer.body as unknown as Rated).rating;

async function ratingShown(person: string, no: string): Promise<Rated['rating']> {
  return ratingIn(await (await system.as(person)).get(`/api/matters/${no}`));
}

describe('a rating', () => {
  test('is shown with its matter to whoever gave it and to supervisors, and stands in both chains of records', async () => {
    const matter = await finished();
    const shown = (await (await system.as(lecturer)).get(`/api/matters/${matter.no}`)).body;
    expect(shown.commands).toContainEqual({ command: 'rate', allowed: true, why: null });
    const answer = await rate(matter.no, { stars: 5, manner: 5, timeliness: 4, text: '很快' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const offers = async () =>
      (
        (await (await system.as(lecturer)).get(`/api/matters/${matter.no}`)).body.commands as unknown as { command: string }[]
      ).map(({ command }) => command);
    expect(await offers()).not.toContain('rate');
    expect(ratingIn(answer)).toMatchObject({ stars: 5, manner: 5, timeliness: 4, completeness: null, text: '很快', case: null });
    expect(await ratingShown(lecturer, matter.no)).toMatchObject({ stars: 5 });
    expect(await ratingShown(sealKeeper, matter.no)).toBeUndefined();
    const { db } = system.api.context;
    const entries = await db.select().from(journal).where(eq(journal.target, matter.no));
    expect(entries).toMatchObject([{ chain: 'office', action: 'rate', personId: lecturer, facts: { stars: 5 } }]);
  });

  test('counts once: the same key again is the same rating, another one is refused', async () => {
    const { no } = await finished();
    const first = await rate(no, { stars: 4 }, lecturer, 'once');
    const again = await rate(no, { stars: 4 }, lecturer, 'once');
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(ratingIn(again)).toEqual(ratingIn(first));
    expect((await rate(no, { stars: 5 }, lecturer, 'once')).status).toBe(422);
    const second = await rate(no, { stars: 5 });
    expect(second).toMatchObject({ status: 409, body: { detail: '同一办件已评价', matter: { no, rating: { stars: 4 } } } });
  });

  test('given twice at once counts once', async () => {
    const { no } = await finished();
    const answers = await Promise.all([rate(no, { stars: 3 }), rate(no, { stars: 4 }), rate(no, { stars: 5 })]);
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409, 409]);
  });

  test('is refused before the end, by anybody but the applicant, and with stars that there are not', async () => {
    const client = clientOf(system);
    const open = await applyForSeal(client);
    expect(await rate(open.no, { stars: 5 })).toMatchObject({ status: 409, body: { detail: '未办结事项不能评价' } });
    const { no } = await finished();
    expect((await rate(no, { stars: 5 }, computingHead)).status).toBe(403);
    expect((await rate(no, { stars: 5 }, otherLecturer)).status).toBe(404);
    const bad = await rate(no, { stars: 6, manner: 0 });
    expect(bad.status).toBe(422);
    expect((bad.body.errors as unknown as { path: string }[]).map((one) => one.path)).toEqual(['/stars', '/manner']);
  });

  test('is refused when its time is over', async () => {
    const { no } = await finished();
    const { context } = system.api;
    const later = vi.spyOn(context, 'now').mockReturnValue(new Date(Date.now() + 50 * 86_400_000).toISOString());
    try {
      const answer = await rate(no, { stars: 5 });
      expect(answer).toMatchObject({ status: 409, body: { detail: '已超过评价期限:办结后30日内可以评价' } });
    } finally {
      later.mockRestore();
    }
  });
});

describe('a low rating', () => {
  test('opens a complaint of the same applicant, and nobody who handled the matter is asked in it', async () => {
    const { no } = await finished();
    const answer = await rate(no, { stars: 2, text: '让我跑了三趟' });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const caseNo = ratingIn(answer)?.case?.no ?? '';
    expect(caseNo).toMatch(/^FWTS-\d{4}-\d{4}$/);
    const client = clientOf(system);
    const opened = await client.matter(lecturer, caseNo);
    expect(opened).toMatchObject({ process: 'service-complaint', status: 'open', applicant: { id: lecturer } });
    const { form } = opened as unknown as { form: { people: string[]; matterNo: string; stars: number; content: string } };
    expect(form).toMatchObject({ matterNo: no, stars: 2, content: '让我跑了三趟' });
    expect([...form.people].sort()).toEqual([computingHead, officeDirector, sealKeeper].sort());
    const { matter: ended, path } = await client.carryToEnd(opened);
    expect(ended.status).toBe('completed');
    expect(path[0]).toBe('triage');
    const handled = (ended as unknown as { decisions: { decisions: { who: { id: string } }[] }[] }).decisions
      .flatMap((one) => one.decisions)
      .map((one) => one.who.id);
    expect(handled.length).toBeGreaterThan(4);
    expect(handled.filter((person) => form.people.includes(person))).toEqual([]);
  });

  test('opens a complaint that those complained about see nowhere, though they be supervisors and it be long overdue', async () => {
    const { no } = await finished();
    const caseNo = ratingIn(await rate(no, { stars: 1, text: '无人接听' }))?.case?.no ?? '';
    const { context } = system.api;
    const before = context.now;
    context.now = () => new Date(Date.now() + 90 * 86_400_000).toISOString();
    try {
      const seenBy = async (person: string) => {
        const client = await system.as(person);
        const lists = [
          '/api/matters?box=supervised&limit=200',
          '/api/supervision/overdue?limit=200',
          '/api/registers/service-complaint',
        ];
        const answers = await Promise.all(lists.map((url) => client.get(url)));
        return {
          matter: (await client.get(`/api/matters/${caseNo}`)).status,
          lists: answers.map((one) => JSON.stringify(one.body).includes(caseNo)),
        };
      };
      expect(await seenBy(officeDirector)).toEqual({ matter: 404, lists: [false, false, false] });
      const { db } = context;
      await db
        .update(matters)
        .set({ keptOut: [supervisor] })
        .where(eq(matters.no, caseNo));
      const client = await system.as(supervisor);
      const told = JSON.stringify((await client.get('/api/ratings?limit=200')).body);
      expect([told.includes('无人接听'), told.includes(caseNo)]).toEqual([false, false]);
      expect(await ratingShown(supervisor, no)).toBeUndefined();
      await client.get(`/api/matters/${caseNo}`);
      expect((await client.get(`/api/audit/access?target=${caseNo}`)).body.items).toEqual([]);
      await db
        .update(matters)
        .set({ keptOut: [officeDirector] })
        .where(eq(matters.no, caseNo));
      expect(await seenBy(supervisor)).toEqual({ matter: 200, lists: [true, true, true] });
    } finally {
      context.now = before;
    }
  });

  test('opens it from what an API that was killed between the rating and the start left behind', async () => {
    const { no } = await finished();
    const { db, cache } = system.api.context;
    const [row] = await db.query.matters.findMany({ where: (table, { eq: is }) => is(table.no, no) });
    if (row === undefined) throw new Error(`No matter ${no}`);
    const definition = findDefinition('service-complaint', 1);
    if (definition === undefined) throw new Error('The process is not in the catalog');
    const form = complaintForm(row.state, { stars: 1, text: null }, () => 'u-office');
    const opens = caseStart(row.id, { definition, applicant: lecturer, form });
    const given = { stars: 1, manner: null, timeliness: null, completeness: null, text: null };
    const { id: matterId, processId, sequence } = row;
    const at = new Date().toISOString();
    const written = { matterId, no, processId, sequence, units: [], personId: lecturer, at, requestId: null, opens };
    expect(await insertRating(db, { ...given, ...written, commandId: `killed-${no}`, bodyHash: 'x' })).toBe(true);
    // The sweeper of another API process finds what was left, and the chore numbers it.
    await vi.waitFor(
      async () => {
        await ratingCases.run({ db, cache, log: system.api.context.log }, new Date().toISOString());
        expect((await ratingShown(lecturer, no))?.case?.no).toMatch(/^FWTS-/);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  test('whose start was refused is asked for again after an hour', async () => {
    const { no } = await finished();
    const answer = await rate(no, { stars: 5 });
    expect(answer.status).toBe(200);
    const { db, cache, log } = system.api.context;
    const [row] = await db.select().from(ratings).where(eq(ratings.no, no));
    const caseId = `m-refused-${no.toLowerCase()}`;
    await db.update(ratings).set({ caseId, stars: 1 }).where(eq(ratings.no, no));
    const inTwoHours = new Date(Date.now() + 2 * 3_600_000).toISOString();
    await ratingCases.run({ db, cache, log }, new Date().toISOString());
    const startsOf = () => db.select().from(intents).where(eq(intents.personId, lecturer));
    const before = (await startsOf()).length;
    await ratingCases.run({ db, cache, log }, inTwoHours);
    expect((await startsOf()).length).toBe(before + 1);
    expect(row?.matterId).toBeDefined();
    await db.update(ratings).set({ caseId: null, stars: 5 }).where(eq(ratings.no, no));
  });
});

describe('the list of ratings', () => {
  interface Item {
    no: string;
    stars: number;
    units: { id: string }[];
    by: { id: string };
  }
  const listed = async (query: string): Promise<Item[]> => {
    const answer = await (await system.as(supervisor)).get(`/api/ratings${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return (answer.body as unknown as { items: Item[] }).items;
  };

  test('is for supervisors, by unit, process and time, page by page', async () => {
    expect((await (await system.as(lecturer)).get('/api/ratings')).status).toBe(403);
    const all = await listed('');
    expect(all.length).toBeGreaterThan(4);
    expect(await listed('?unit=u-office&process=seal-use&stars=2')).toMatchObject([{ stars: 2, by: { id: lecturer } }]);
    expect(await listed('?unit=u-law')).toEqual([]);
    expect(await listed('?to=2020-01-01')).toEqual([]);
    const client = clientOf(system);
    const paged = await client.all<Item>(supervisor, '/api/ratings?limit=2');
    expect(paged.map((one) => one.no)).toEqual(all.map((one) => one.no));
  });
});

test('every rating has its command in the record', async () => {
  const { db } = system.api.context;
  const given = await db.select().from(commands).where(eq(commands.type, 'rate'));
  expect(new Set(given.map((one) => one.matterId)).size).toBe(given.length);
  expect(given.length).toBe((await db.select().from(ratings)).length);
});
