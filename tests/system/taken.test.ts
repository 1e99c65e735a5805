/** Goal: of two trips that want the same vehicle at the same time one has it, and the other is told until when and what is free. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, nextDecision, send } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';
import type { ContractClient, ContractMatter } from '../support/contract-client.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('taken');
});
afterAll(async () => {
  await system?.stop();
});

async function toDispatch(client: ContractClient, matter: ContractMatter): Promise<ContractMatter> {
  let now = matter;
  while (now.tasks[0]?.step !== 'dispatch') now = await client.step(now);
  return now;
}

test('a vehicle that somebody else was quicker to take is named, with what is free instead', async () => {
  const client = clientOf(system);
  const { example } = await client.guide('vehicle-use');
  const first = await toDispatch(client, await client.apply('vehicle-use', example));
  const second = await toDispatch(client, await client.apply('vehicle-use', example));
  // Both are offered the same vehicle, which is still free.
  const decisions = [await nextDecision(system, first, 0), await nextDecision(system, second, 0)] as const;
  expect((await send(decisions[0])).status).toBe(200);
  const refused = await send(decisions[1]);
  expect(refused.status).toBe(409);
  expect(JSON.stringify(refused.body)).toMatch(/1号轿车已约至\d{4}-\d\d-\d\d \d\d:\d\d,该时段可用:[^;"]*2号轿车/);
});
