/**
 * Goal: people hear what a new version changes, before and after it takes over, and a matter that runs can be moved to it, over HTTP.
 * Method: the catalog has no version that is still to come, so the list that the system in this process reads is changed for a while;
 * everything else is as it runs.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definitions } from '../../definitions/catalog.ts';
import { formCatalog, formsOf } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { ProcessForms } from '../../definitions/language/forms.ts';
import { vehicleUse } from '../../definitions/processes/vehicle-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type Answer, type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
let client: ContractClient;
let administrator: PersonClient;

beforeAll(async () => {
  system = await startSystem('versions');
  client = clientOf(system);
  administrator = await system.as(demoCast.administrator);
});
afterAll(async () => {
  await system?.stop();
});

// Read-only for everybody but this test, which puts back what it takes.
const list = definitions as ProcessDefinition[];
const forms = formCatalog as Record<string, ProcessForms>;

/** Does something while the newest version of vehicle-use has not been published. */
async function beforeTheNewest<T>(work: () => Promise<T>): Promise<T> {
  const at = list.indexOf(vehicleUse);
  list.splice(at, 1);
  try {
    return await work();
  } finally {
    list.splice(at, 0, vehicleUse);
  }
}

/** Does something while another version of vehicle-use is announced. */
async function withAnnounced<T>(version: ProcessDefinition, work: () => Promise<T>): Promise<T> {
  const key = `${version.id}@${version.version}`;
  forms[key] = formsOf(vehicleUse);
  list.push(version);
  try {
    return await work();
  } finally {
    list.pop();
    delete forms[key];
  }
}

/** What anybody may read, without signing in. */
async function open(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await system.api.api.inject({ method: 'GET', url });
  return { status: response.statusCode, body: response.json() };
}

describe('the guide', () => {
  test('tells what one version does otherwise than another, part by part, in Chinese', async () => {
    const { status, body } = await open('/api/guide/vehicle-use/changes?from=1&to=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ process: 'vehicle-use', from: 1, to: 2 });
    const parts = body.parts as { section: string; sentences: string[] }[];
    expect(parts.length).toBeGreaterThan(0);
    for (const { sentences } of parts) for (const sentence of sentences) expect(sentence).toMatch(/\p{Script=Han}/u);
    expect((await open('/api/guide/vehicle-use/changes?from=2&to=2')).body.parts).toEqual([]);
  });

  test.each([
    ['/api/guide/vehicle-use/changes?from=1&to=9', 404],
    ['/api/guide/no-such-process/changes?from=1&to=2', 404],
    ['/api/guide/vehicle-use/changes?from=1', 422],
    ['/api/guide/vehicle-use/changes?from=zero&to=2', 422],
  ])('%s is answered %i', async (url, expected) => {
    expect((await open(url)).status).toBe(expected);
  });

  test('announces the next version with its first day and what it changes; the one in force stays the guide', async () => {
    expect((await open('/api/guide/vehicle-use')).body.upcoming).toBeNull();
    const next = { ...vehicleUse, version: 3, effectiveFrom: '2099-01-01', contact: '后勤服务大厅12号窗口' };
    const { body } = await withAnnounced(next, () => open('/api/guide/vehicle-use'));
    expect(body).toMatchObject({
      version: 2,
      contact: vehicleUse.contact,
      upcoming: { version: 3, effectiveFrom: '2099-01-01' },
    });
    const { changes } = body.upcoming as { changes: string[] };
    expect(changes.some((sentence) => sentence.includes('后勤服务大厅12号窗口'))).toBe(true);
  });
});

describe('a matter on the version before', () => {
  let matter: ContractMatter;
  const move = (who: PersonClient, version: number, key?: string): Promise<Answer> =>
    who.post(`/api/matters/${matter.no}/interventions`, { kind: 'move', version, reason: '统一按新办法办理' }, key);
  const dryRun = (who: PersonClient, version: number): Promise<Answer> =>
    who.post(`/api/matters/${matter.no}/move/preview`, { version });

  beforeAll(async () => {
    matter = await beforeTheNewest(async () => client.apply('vehicle-use', (await client.guide('vehicle-use')).example));
  });

  test('was taken on by that version, and is shown as such', async () => {
    const { body } = await (await system.as(matter.applicant.id)).get(`/api/matters/${matter.no}`);
    expect(body.version).toBe(1);
  });

  test('is looked through before, by administrators only, and nothing has changed then', async () => {
    expect(await dryRun(administrator, 2)).toMatchObject({ status: 200, body: { faults: [] } });
    expect((await dryRun(administrator, 9)).body.faults).toMatchObject([{ path: '/version' }]);
    expect((await dryRun(await system.as(matter.applicant.id), 2)).status).toBe(403);
    expect((await move(await system.as(matter.applicant.id), 2)).status).toBe(403);
    expect((await administrator.get(`/api/matters/${matter.no}`)).body.version).toBe(1);
  });

  test('is moved once, keeps whose turn it is, says so once, and comes to its end on the new version', async () => {
    const before = matter.tasks.map((task) => task.id);
    const answer = await move(administrator, 2, 'move-it');
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    // The contract fixes the shape.
    const moved = answer.body as unknown as ContractMatter & {
      version: number;
      interventions: { kind: string; about: string }[];
    };
    expect(moved.version).toBe(2);
    expect(moved.tasks.map((task) => task.id)).toEqual(before);
    expect(moved.interventions).toMatchObject([{ kind: 'move', about: '由第1版迁移至第2版' }]);
    expect((await move(administrator, 2, 'move-it')).status).toBe(200);
    expect((await move(administrator, 2)).status).toBe(422);
    const timeline = await client.timeline(matter.applicant.id, matter.no);
    expect(timeline.filter((one) => one.text.includes('迁移'))).toHaveLength(1);
    const ended = await client.carryToEnd(moved);
    expect(ended.matter.status).toBe('completed');
  });
});
