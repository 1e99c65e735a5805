/** Goal: what has ended lies in the archive, whole and provable, and people say that it does (001: 纸质和电子同步归档). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNextPackage } from '../../activities/archive/make.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applyForSeal, clientOf } from '../harness/office.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';
import type { ContractMatter } from '../support/contract-client.ts';

let system: System;
let folder: string;
let ended: ContractMatter;
let archivist: PersonClient;

beforeAll(async () => {
  system = await startSystem('archive');
  folder = mkdtempSync(join(tmpdir(), 'piban-archive-test-'));
  const client = clientOf(system);
  ended = (await client.carryToEnd(await applyForSeal(client))).matter;
  archivist = await system.as(demoCast.archivist);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await system?.stop();
});

/** Makes every package that is due; the worker's chore may have been there before. */
async function makeAll(): Promise<void> {
  const { db, cache, log } = system.api.context;
  const now = new Date().toISOString();
  while (await makeNextPackage({ db, cache, log }, now)) continue;
}

describe('the package of a matter', () => {
  test('is made, verified by the same rules as anybody has, and ticked', async () => {
    await makeAll();
    const applicant = await system.as(ended.applicant.id);
    const { status, body } = await applicant.get(`/api/matters/${ended.no}/archive?format=json`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ no: ended.no, package: 'made', electronic: { by: null }, paper: null, retention: '3-years' });
  });
});
