/** Goal: whoever is urged in many matters on one day is told in one notice, and what comes after it waits for the digest. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

const { officeClerk: recorder, officeDeputyDirector: urger } = demoCast;

let system: System;
let client: ContractClient;
let superuser: postgres.Sql;

async function followUp(title: string): Promise<ContractMatter> {
  const { example } = await client.guide('instruction-follow-up');
  return client.apply('instruction-follow-up', { ...example, person: recorder, form: { ...example.form, title } });
}

async function urge(...matters: ContractMatter[]): Promise<void> {
  const office = await system.as(urger);
  const { status, body } = await office.post('/api/supervision/urge', { matters: matters.map((one) => one.no) });
  expect(status).toBe(200);
  const items = body.items as unknown as { status: number }[];
  expect(items.map((one) => one.status)).toEqual(matters.map(() => 200));
}

const noticesOf = (person: string) =>
  superuser`select matter_id, link, text, deliver_at > created_at as later from outbox where kind = 'urged' and person_id = ${person} order by id`;

beforeAll(async () => {
  system = await startSystem('ledger_urges');
  client = clientOf(system);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = '/ledger_urges';
  superuser = postgres(url.href, { max: 1, onnotice: () => undefined });
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await system?.stop();
});

describe('urges of one day', () => {
  let matters: ContractMatter[];
  let holder: string;

  test('in one matter make a notice that opens it', async () => {
    matters = [];
    for (const title of ['甲事项', '乙事项', '丙事项', '丁事项', '戊事项']) matters.push(await followUp(title));
    const first = matters[0];
    if (first === undefined) throw new Error('Matters were started');
    holder = first.tasks[0]?.assignees[0]?.id ?? '';
    await urge(first);
    const [row] = await superuser`select id from matters where no = ${first.no}`;
    expect(await noticesOf(holder)).toMatchObject([{ matter_id: row?.id, link: null, later: true }]);
  });

  test('in several at once are added to it, each once', async () => {
    await urge(...matters.slice(1, 4));
    const [notice, ...others] = await noticesOf(holder);
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ matter_id: null, link: '/tasks' });
    const lines = String(notice?.text).split('\n');
    expect(lines).toHaveLength(4);
    for (const title of ['甲', '乙', '丙', '丁']) expect(lines.filter((line) => line.includes(title))).toHaveLength(1);
  });

  test('that come after it was shown wait for the digest', async () => {
    await superuser`update outbox set deliver_at = created_at, delivered_at = now() where kind = 'urged'`;
    await urge(...matters.slice(4));
    expect(await noticesOf(holder)).toHaveLength(1);
    const digests = await superuser`select items from digests where person_id = ${holder}`;
    const items = digests.flatMap((row) => row.items as { kind: string; text: string }[]).filter((one) => one.kind === 'urged');
    expect(items).toHaveLength(1);
    expect(items[0]?.text).toContain('戊');
  });
});
