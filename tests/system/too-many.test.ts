/** Goal: nobody takes everybody’s time, whatever they claim to be. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectApi } from '../../api/build.ts';
import { createLogger } from '../../runtime/log.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { type System, startSystem, testConfig } from '../harness/system.ts';

let system: System;

beforeAll(async () => {
  system = await startSystem('too_many', { worker: false });
});
afterAll(async () => {
  await system?.stop();
});

describe('too many requests', () => {
  test('of one person are held up with the time to wait, and nobody else’s', async () => {
    const config = testConfig(system.database.url, system.config.taskQueue, { REQUESTS_PER_MINUTE: '3' });
    const busy = await connectApi(config, createLogger(config, 'test'));
    const ask = async (person: string) => {
      const authorization = `Bearer ${await busy.context.sessions.issue(person)}`;
      return busy.api.inject({ method: 'GET', url: '/api/drafts', headers: { authorization } });
    };
    const answers = [];
    for (let turn = 0; turn < 4; turn += 1) answers.push(await ask(demoCast.lecturer));
    expect(answers.map((one) => one.statusCode)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(demoCast.otherLecturer)).statusCode).toBe(200);
    await busy.close();
  });

  test('of one address are held up whatever each claims to be, also where nobody need be signed in', async () => {
    const config = testConfig(system.database.url, system.config.taskQueue, { REQUESTS_PER_MINUTE: '3' });
    const busy = await connectApi(config, createLogger(config, 'test'));
    const ask = (url: string, authorization: string, remoteAddress: string) =>
      busy.api.inject({ method: 'GET', url, headers: { authorization }, remoteAddress });
    const wrong = [];
    for (let turn = 0; turn < 4; turn += 1) wrong.push((await ask('/api/drafts', `Bearer guess-${turn}`, '10.0.0.1')).statusCode);
    expect(wrong).toEqual([401, 401, 401, 429]);
    const open = [];
    for (let turn = 0; turn < 4; turn += 1) open.push((await ask('/api/guide', `Bearer ${turn}`, '10.0.0.2')).statusCode);
    expect(open).toEqual([200, 200, 200, 429]);
    // Who is known is counted for themselves, wherever they come from.
    const known = `Bearer ${await busy.context.sessions.issue(demoCast.lecturer)}`;
    expect((await ask('/api/drafts', known, '10.0.0.1')).statusCode).toBe(200);
    await busy.close();
  });
});
