/** Goal: transitions that meet in the database come one after another: a try that was given up decides nothing, like applications see each other. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTransact } from '../../activities/transact.ts';
import { connectDatabase } from '../../db/client.ts';
import { WorldCache } from '../../db/world.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { TransactAnswer } from '../../workflows/contract.ts';
import type { StartMatter } from '../../workflows/machine/commands.ts';
import { freshDatabase, type TestDatabase } from '../harness/database.ts';
import { findLinked, people } from '../harness/linked/processes.ts';

let database: TestDatabase;
let connected: ReturnType<typeof connectDatabase>;
let transact: ReturnType<typeof createTransact>;

/** Of one party only one matter at a time. */
function oneForEach(definition: ProcessDefinition): ProcessDefinition {
  const similar = {
    kind: 'similar',
    as: 'same',
    processId: definition.id,
    field: 'party',
    since: '2026-01-01T00:00:00.000Z',
  } as const;
  return {
    ...definition,
    reads: (form) => [{ ...similar, value: String(form.party) }],
    checks: ({ facts }) =>
      facts.same?.kind === 'similar' && facts.same.count > 0 ? [{ path: '/form/party', message: '该单位已有办件' }] : [],
  };
}

const found = findLinked('test-seal', 1);
if (found === undefined) throw new Error('The test has lost its process');
const limited = oneForEach(found);

beforeAll(async () => {
  database = await freshDatabase('transitions_at_once');
  connected = connectDatabase(database.url, { connections: 8 });
  transact = createTransact(connected.db, new WorldCache(), {
    definitions: [limited],
    find: () => limited,
    schemas: () => ({ form: () => [], outputs: {} }),
  });
});
afterAll(async () => {
  await connected?.close();
  await database?.drop();
});

function start(id: string, party: string): StartMatter {
  return {
    type: 'start',
    id: `start-${id}`,
    by: { kind: 'person', id: people.applicant },
    bodyHash: null,
    processId: limited.id,
    version: limited.version,
    form: { party },
    attachments: [],
  };
}

function apply(id: string, party: string, withinMs?: number): Promise<TransactAnswer> {
  const limit = withinMs === undefined ? {} : { withinMs };
  return transact({ matterId: id, since: 0, command: start(id, party), now: new Date().toISOString(), ...limit });
}

test('of like applications at the same moment one is accepted, and the others see it', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => apply(`m-same-${at}`, '甲公司')));
  expect(answers.map((answer) => answer.kind).sort()).toEqual(['committed', ...Array.from({ length: 5 }, () => 'refused')]);
  expect((await apply('m-other', '乙公司')).kind).toBe('committed');
});

test('a try that waited for its turn until it was given up decides nothing; the one in its place does', async () => {
  const sql = postgres(database.url, { max: 1 });
  let late: Promise<unknown> = Promise.resolve();
  // Somebody holds the matter for longer than the try may take.
  await sql.begin(async (holder) => {
    await holder`select pg_advisory_xact_lock(hashtextextended(${'m-late'}, 0))`;
    late = apply('m-late', '丙公司', 50).then(
      (answer) => answer.kind,
      (error: unknown) => (error instanceof Error ? error.message : 'unknown'),
    );
    await holder`select pg_sleep(0.2)`;
  });
  expect(await late).toMatch(/came too late/);
  expect(await sql`select 1 from events where matter_id = 'm-late'`).toHaveLength(0);
  expect((await apply('m-late', '丙公司')).kind).toBe('committed');
  await sql.end();
});
