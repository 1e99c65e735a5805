/** Goal: deny by default. Each kind of person sees exactly what they should, by every door, and SQL and memory agree on it. */

import { and, eq, inArray } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listMatters, matterById, visibleTo } from '../../db/matters.ts';
import { journal, matters } from '../../db/schema/index.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { isLate } from '../../workflows/machine/clock/overdue.ts';
import { isOverdue, mayView, opennessOf, viewerOf } from '../../workflows/machine/people/rights.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { type System, startSystem } from '../harness/system.ts';
import { store, type Walk, walked, walks } from '../harness/walked.ts';

let system: System;
const DAY_MS = 86_400_000;

beforeAll(async () => {
  system = await startSystem('rights');
});
afterAll(async () => {
  await system?.stop();
});

interface Shown {
  no: string;
  tasks: { id: string; assignees: { id: string }[]; actions: { action: string; output?: { example: unknown } }[] }[];
  items: {
    no?: string;
    matter: { no: string };
    task: { id: string; assignees: { id: string }[] };
    overdueHours: number;
    late: string;
  }[];
}

async function get(person: string, url: string): Promise<{ status: number; body: Shown }> {
  const answer = await (await system.as(person)).get(url);
  // Each test looks at the part of the answer that it is about.
  return { status: answer.status, body: answer.body as unknown as Shown };
}

async function example(process: string): Promise<{ person: string; form: Record<string, unknown> }> {
  const guide = await system.api.api.inject({ method: 'GET', url: `/api/guide/${process}` });
  return guide.json<{ example: { person: string; form: Record<string, unknown> } }>().example;
}

/** Starts an example; every matter of this file names a file of its applicant's. */
async function start(process: string, person?: string): Promise<Shown> {
  const { person: usual, form } = await example(process);
  const client = await system.as(person ?? usual);
  const answer = await client.post('/api/matters', { process, form });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as unknown as Shown;
}

/** The first assignee of the first open task agrees. @returns who that was, and the matter. */
async function agree(matter: Shown): Promise<{ person: string; matter: Shown }> {
  const task = matter.tasks[0];
  const person = task?.assignees[0]?.id ?? '';
  const answer = await (await system.as(person)).post(`/api/tasks/${task?.id}/actions`, { action: 'agree' });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return { person, matter: answer.body as unknown as Shown };
}

/** Answers as if so many days had passed for whoever reads; nothing else moves. */
async function daysLater<T>(days: number, look: () => Promise<T>): Promise<T> {
  const { context } = system.api;
  const { now } = context;
  context.now = () => new Date(Date.now() + days * DAY_MS).toISOString();
  try {
    return await look();
  } finally {
    context.now = now;
  }
}

const DOORS = ['', '/timeline', '/audit'] as const;

/** The statuses with which the doors to a matter answer a person, and whether lists and register name it. */
async function doorsOf(person: string, process: string, no: string) {
  const statuses: number[] = [];
  for (const door of DOORS) statuses.push((await get(person, `/api/matters/${no}${door}`)).status);
  const listed: boolean[] = [];
  const lists = [
    '/api/matters?box=mine',
    '/api/matters?box=involved',
    '/api/matters?box=supervised',
    `/api/registers/${process}`,
  ];
  for (const url of lists) {
    const { status, body } = await get(person, `${url}${url.includes('?') ? '&' : '?'}limit=200`);
    expect(status).toBe(200);
    listed.push(body.items.some((item) => item.no === no));
  }
  const [mine, involved, supervised, register] = listed;
  return { statuses, mine, involved, supervised, register };
}

const closed = { statuses: [404, 404, 404], mine: false, involved: false, supervised: false, register: false };
const open = { statuses: [200, 200, 200], register: true };

describe('a matter that nobody supervises', () => {
  let matter: Shown;
  beforeAll(async () => {
    matter = await start('seal-use');
  });

  test('is open to its applicant', async () => {
    const doors = await doorsOf(demoCast.lecturer, 'seal-use', matter.no);
    expect(doors).toEqual({ ...open, mine: true, involved: true, supervised: false });
  });

  test('is open to whoever must act on it, and to the head of its unit', async () => {
    const doors = await doorsOf(demoCast.computingHead, 'seal-use', matter.no);
    expect(doors).toEqual({ ...open, mine: false, involved: true, supervised: true });
  });

  test('is open to process administrators, who must be able to repair any', async () => {
    const doors = await doorsOf(demoCast.administrator, 'seal-use', matter.no);
    expect(doors).toEqual({ ...open, mine: false, involved: false, supervised: true });
  });

  test.each([
    ['a stranger', demoCast.otherLecturer],
    ['a student of the same unit', demoCast.student],
    ['a deputy of the same unit', demoCast.computingDeputy],
    ['the head of another unit', demoCast.hrHead],
    ['the leader in charge', demoCast.viceForResearch],
    ['a supervisor, while it is in time', demoCast.supervisor],
    ['the president, while it is in time', demoCast.president],
    ['whoever acts later', demoCast.officeDirector],
  ])('is closed to %s', async (_who, person) => {
    expect(await doorsOf(person, 'seal-use', matter.no)).toEqual(closed);
  });

  test('opens to supervisors when it is overdue, and to nobody else', async () => {
    await daysLater(60, async () => {
      for (const person of [demoCast.supervisor, demoCast.officeDirector, demoCast.president]) {
        expect((await doorsOf(person, 'seal-use', matter.no)).statuses, person).toEqual([200, 200, 200]);
      }
      for (const person of [demoCast.otherLecturer, demoCast.hrHead, demoCast.viceForResearch]) {
        expect(await doorsOf(person, 'seal-use', matter.no), person).toEqual(closed);
      }
    });
  });

  test('stays open to whoever handled it, after it has gone on', async () => {
    const applicant = demoCast.otherLecturer;
    const begun = await start('seal-use', applicant);
    const first = await agree(begun);
    const next = first.matter.tasks[0]?.assignees[0]?.id ?? '';
    expect(next).not.toBe(first.person);
    expect((await doorsOf(next, 'seal-use', begun.no)).statuses).toEqual([200, 200, 200]);
    const second = await agree(first.matter);
    expect(second.person).toBe(next);
    const doors = await doorsOf(next, 'seal-use', begun.no);
    expect(doors).toMatchObject({ statuses: [200, 200, 200], involved: true, register: true });
  });

  test('offers its actions to those who may act, and to nobody else who sees it', async () => {
    const begun = await start('seal-use');
    const actions = async (person: string) =>
      (await get(person, `/api/matters/${begun.no}`)).body.tasks.flatMap((task) => task.actions.map((one) => one.action));
    expect(await actions(demoCast.computingHead)).toContain('agree');
    expect(await actions(demoCast.lecturer)).toEqual([]);
    expect(await actions(demoCast.administrator)).toEqual([]);
    const task = begun.tasks[0]?.id;
    for (const [person, status] of [
      [demoCast.lecturer, 403],
      [demoCast.administrator, 403],
      [demoCast.otherLecturer, 404],
      [demoCast.supervisor, 404],
    ] as const) {
      const answer = await (await system.as(person)).post(`/api/tasks/${task}/actions`, { action: 'agree' });
      expect(answer.status, person).toBe(status);
    }
    expect(
      (await (await system.as(demoCast.administrator)).post(`/api/matters/${begun.no}/commands`, { type: 'withdraw' })).status,
    ).toBe(403);
  });

  test('stands in the to-do list of its assignees only', async () => {
    const begun = await start('seal-use');
    const inTodo = async (person: string) => {
      const { body } = await get(person, '/api/tasks?limit=200');
      return body.items.some((item) => (item as unknown as { id: string }).id === begun.tasks[0]?.id);
    };
    expect(await inTodo(demoCast.computingHead)).toBe(true);
    for (const person of [demoCast.lecturer, demoCast.administrator, demoCast.computingDeputy, demoCast.supervisor]) {
      expect(await inTodo(person), person).toBe(false);
    }
  });
});

describe('an instruction that is followed up', () => {
  test('is open to supervisors from its first day, and closed to others', async () => {
    const matter = await start('instruction-follow-up');
    for (const person of [demoCast.supervisor, demoCast.officeDirector, demoCast.president, demoCast.partySecretary]) {
      expect((await doorsOf(person, 'instruction-follow-up', matter.no)).statuses, person).toEqual([200, 200, 200]);
    }
    for (const person of [demoCast.lecturer, demoCast.hrHead, demoCast.viceForFinance, demoCast.sealKeeper]) {
      expect(await doorsOf(person, 'instruction-follow-up', matter.no), person).toEqual(closed);
    }
  });
});

describe('the overdue list', () => {
  let computing: Shown;
  let languages: Shown;
  beforeAll(async () => {
    computing = await start('seal-use', demoCast.lecturer);
    languages = await start('seal-use', demoCast.otherLecturer);
  });
  const overdue = (person: string, query = '') =>
    daysLater(60, async () => {
      const { status, body } = await get(person, `/api/supervision/overdue?limit=200${query}`);
      return { status, nos: status === 200 ? [...new Set(body.items.map((item) => item.matter.no))] : [] };
    });

  test('is refused to whoever follows nothing, and the attempt is noted', async () => {
    for (const person of [demoCast.lecturer, demoCast.computingDeputy, demoCast.viceForResearch, demoCast.sealKeeper]) {
      expect((await overdue(person)).status, person).toBe(403);
    }
    const noted = await system.api.context.db
      .select()
      .from(journal)
      .where(and(eq(journal.personId, demoCast.sealKeeper), eq(journal.target, 'overdue')));
    expect(noted.map((one) => one.code)).toEqual(['forbidden']);
  });

  test('shows a unit’s head what their unit applied for, and no more', async () => {
    const { nos } = await overdue(demoCast.computingHead);
    expect(nos).toContain(computing.no);
    expect(nos).not.toContain(languages.no);
    expect((await overdue(demoCast.hrHead)).nos).toEqual([]);
  });

  test('shows a unit’s head what lies with their unit too, and whether the task or its matter is late', async () => {
    const { form } = await example('seal-use');
    const proof = { ...form, docKind: '证明', proofOf: '出国(境)' };
    const answer = await (await system.as(demoCast.lecturer)).post('/api/matters', { process: 'seal-use', form: proof });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    // The contract fixes the shape.
    const { matter } = await agree(answer.body as unknown as Shown);
    const holders = matter.tasks.flatMap((task) => task.assignees.map((one) => one.id));
    expect(holders).toContain(demoCast.hrHead);
    expect((await overdue(demoCast.hrHead)).nos).toEqual([matter.no]);
    const { body } = await daysLater(60, () => get(demoCast.hrHead, '/api/supervision/overdue'));
    expect(body.items.map((item) => [item.task.assignees[0]?.id, item.late])).toEqual([[demoCast.hrHead, 'task']]);
  });

  test('shows supervisors all, and each filter its part', async () => {
    for (const person of [demoCast.supervisor, demoCast.administrator, demoCast.president]) {
      expect((await overdue(person)).nos, person).toEqual(expect.arrayContaining([computing.no, languages.no]));
    }
    const byUnit = await overdue(demoCast.supervisor, '&unit=u-languages');
    expect(byUnit.nos).toContain(languages.no);
    expect(byUnit.nos).not.toContain(computing.no);
    const byPerson = await overdue(demoCast.supervisor, `&person=${demoCast.computingHead}`);
    expect(byPerson.nos).toContain(computing.no);
    expect(byPerson.nos).not.toContain(languages.no);
    expect((await overdue(demoCast.supervisor, '&process=vehicle-use')).nos).toEqual([]);
    expect((await overdue(demoCast.supervisor, '&process=seal-use')).nos).toContain(computing.no);
  });

  test('tells how late each is, the latest first, and names nothing that is in time', async () => {
    const now = await get(demoCast.supervisor, '/api/supervision/overdue');
    expect(now.body.items).toEqual([]);
    const { body } = await daysLater(60, () => get(demoCast.supervisor, '/api/supervision/overdue?limit=200'));
    const hours = body.items.map((item) => item.overdueHours);
    expect(hours.length).toBeGreaterThan(1);
    expect(hours).toEqual([...hours].sort((a, b) => b - a));
    for (const one of hours) expect(one).toBeGreaterThan(24);
  });

  test('is paged without losing or repeating a task', async () => {
    await daysLater(60, async () => {
      const whole = await get(demoCast.supervisor, '/api/supervision/overdue?limit=200');
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await get(
          demoCast.supervisor,
          `/api/supervision/overdue?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        seen.push(...page.body.items.map((item) => item.task.id));
        cursor = (page.body as unknown as { nextCursor: string | null }).nextCursor;
      }
      expect(seen).toEqual(whole.body.items.map((item) => item.task.id));
    });
  });
});

describe('over generated matters', () => {
  test('memory and SQL let every person see the same ones, at any time', async () => {
    const { db, cache } = system.api.context;
    const { directory, calendar } = await cache.now(db);
    let serial = 0;
    let compared = 0;
    const check = async (generated: Walk[]): Promise<void> => {
      const stored: { definition: ProcessDefinition; matter: Matter }[] = [];
      for (const walk of generated) {
        const found = walked(walk);
        serial += 1;
        if (found !== null) stored.push({ definition: found.definition, matter: await store(system.api.context, serial, found) });
      }
      const ids = stored.map((one) => one.matter.id);
      if (ids.length === 0) return;
      for (const now of ['2026-03-02T02:00:00.000Z', '2026-03-20T02:00:00.000Z', '2026-09-01T02:00:00.000Z']) {
        const people = Object.keys(directory.people);
        await Promise.all(
          people.map(async (person) => {
            const viewer = viewerOf(directory, calendar, person, now);
            if (viewer === null) return;
            const rows = await db
              .select({ id: matters.id })
              .from(matters)
              .where(and(inArray(matters.id, ids), visibleTo(viewer, now)));
            const inMemory = stored.filter(({ definition, matter }) => {
              return mayView(viewer, matter, opennessOf(definition, matter), now);
            });
            const expected = inMemory.map((one) => one.matter.id).sort();
            expect(rows.map((row) => row.id).sort(), `${person} at ${now}`).toEqual(expected);
            compared += 1;
          }),
        );
      }
    };
    await fc.assert(fc.asyncProperty(walks, check), { numRuns: 5, endOnFailure: true });
    expect(compared).toBeGreaterThan(500);
  });

  test('a list of what is overdue holds exactly what says that it is', async () => {
    const { db, cache } = system.api.context;
    const { directory, calendar } = await cache.now(db);
    for (const now of ['2026-03-20T02:00:00.000Z', '2026-09-01T02:00:00.000Z']) {
      const viewer = viewerOf(directory, calendar, demoCast.administrator, now);
      if (viewer === null) throw new Error('The administrator is gone');
      const list = (overdue: boolean | undefined) => listMatters(db, viewer, { box: 'supervised', overdue, limit: 1_000 }, now);
      const [all, late, inTime] = await Promise.all([list(undefined), list(true), list(false)]);
      const rest = all.filter((row) => row.id.startsWith('g'));
      expect(late.map((row) => row.id).sort()).toEqual(
        all
          .filter((row) => isLate(row, now))
          .map((row) => row.id)
          .sort(),
      );
      expect(late.length + inTime.length).toBe(all.length);
      for (const { id } of rest.filter((row) => row.endedAt === null && isLate(row, now))) {
        const row = await matterById(db, id);
        expect(row !== null && isOverdue(row.state, now), id).toBe(true);
      }
    }
  });
});
