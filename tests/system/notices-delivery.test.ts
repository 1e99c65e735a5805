/** Goal: what somebody should hear of reaches them by the ways they want, when they want it, and never twice. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planDeliveries } from '../../activities/deliveries/plan.ts';
import { callWebhooks, LEASE_MS, sendMails } from '../../activities/deliveries/send.ts';
import { sweepNotices } from '../../activities/deliveries/sweep.ts';
import { intoDigests } from '../../activities/notices.ts';
import type { OfficeMeans } from '../../activities/office-day.ts';
import { type Told, tellPeople } from '../../db/notices.ts';
import { deliveries, digests, outbox } from '../../db/schema/index.ts';
import { createLogger } from '../../runtime/log.ts';
import { webhookAddressFault } from '../../workflows/machine/telling/webhook.ts';
import { type MailServer, startMailServer } from '../harness/mail-server.ts';
import { type PersonClient, type System, startSystem } from '../harness/system.ts';

const TEACHER = 'p-wang-fang';
const OTHER = 'p-chen-siqi';
/** Wednesday, ten in the morning in Shanghai. */
const WEDNESDAY = '2026-11-18T02:00:00.000Z';
/** Thursday, half past eight. */
const THURSDAY = '2026-11-19T00:30:00.000Z';

let system: System;
let mail: MailServer;
let means: OfficeMeans;
let administrator: PersonClient;
beforeAll(async () => {
  mail = await startMailServer();
  system = await startSystem('notices_delivery', {
    worker: false,
    env: {
      SMTP_URL: mail.url,
      MAIL_FROM: '批办 <oa@school.example>',
      PUBLIC_URL: 'https://oa.school.example',
      WEBHOOKS_INSIDE: 'true',
      NOTICE_TRIES: '4',
    },
  });
  const { db, cache } = system.api.context;
  means = { db, cache, log: createLogger(system.config, 'test'), delivery: system.config.notices };
  const world = await cache.now(db);
  const post = Object.values(world.directory.posts).find((one) => one.role === 'process-administrator');
  administrator = await system.as(post?.holders[0]?.person ?? '');
});
beforeEach(async () => {
  const { db } = system.api.context;
  for (const table of [deliveries, digests, outbox]) await db.delete(table);
  mail.letters.length = 0;
});
afterAll(async () => {
  await system?.stop();
  await mail?.kill();
});

async function tell(told: Partial<Told> & Pick<Told, 'kind'>): Promise<void> {
  const { db } = system.api.context;
  await db.transaction((tx) => tellPeople(tx, { people: [TEACHER], text: '请看', at: WEDNESDAY, ...told }));
}

/** Does everything that is due at an instant. */
async function work(now: string): Promise<void> {
  while (await planDeliveries(means, now));
  while (await sendMails(means, now));
  while (await callWebhooks(means, now));
}

const later = (now: string, ms: number) => new Date(Date.parse(now) + ms).toISOString();

/** A gateway that answers as a test says, and keeps what it was sent. */
async function startGateway(answers: number[]) {
  const calls: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    calls.push({ headers: request.headers, body });
    response.writeHead(answers.length > 1 ? (answers.shift() ?? 200) : (answers[0] ?? 200), { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const where = server.address();
  if (where === null || typeof where === 'string') throw new Error('The gateway has no port');
  return {
    calls,
    url: `http://127.0.0.1:${where.port}/notice`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function addWebhook(url: string): Promise<{ id: string; secret: string; remove: () => Promise<void> }> {
  const { status, body } = await administrator.post('/api/webhooks', { name: '短信网关', url, kinds: ['urged', 'commented'] });
  expect(status, JSON.stringify(body)).toBe(201);
  const id = String(body.id);
  return {
    id,
    secret: String(body.secret),
    remove: async () => {
      await administrator.request('DELETE', `/api/webhooks/${id}`);
    },
  };
}

describe('e-mail', () => {
  test('what presses comes at once, and what can wait in one letter at the next opening of the office', async () => {
    await tell({ kind: 'urged', text: '孟岚催办:关于教室的申请' });
    await tell({ kind: 'matter-ended', text: '关于教室的申请:已办结', link: '/bulletins/2026-10' });
    await tell({ kind: 'commented', text: '留言:关于教室的申请' });
    await work(WEDNESDAY);
    expect(mail.letters.map(({ to, subject }) => [to, subject])).toEqual([
      ['wang-fang@demo.example', '[批办] 催办:孟岚催办:关于教室的申请'],
    ]);
    await work(later(THURSDAY, -1));
    expect(mail.letters).toHaveLength(1);
    await work(THURSDAY);
    expect(mail.letters).toHaveLength(2);
    expect(mail.letters[1]).toMatchObject({ to: 'wang-fang@demo.example', subject: '[批办] 2026-11-19 办件提醒(2项)' });
    expect(mail.letters[1]?.text).toContain('https://oa.school.example/bulletins/2026-10');
    expect(mail.letters[1]?.text).toMatch(/【办件办结】1项\n1\. 关于教室的申请:已办结[\s\S]*【留言】1项/);
    await work(later(THURSDAY, 3_600_000));
    expect(mail.letters).toHaveLength(2);
  });

  test('reminders of the day stand in the console from then on, and what comes too late for the letter gets one of its own', async () => {
    const { db } = system.api.context;
    const { calendar } = await means.cache.now(db);
    const remind = (text: string) => {
      const item = { matterId: 'm', sequence: 1, kind: 'report-due', taskId: null, text };
      return db.transaction((tx) => intoDigests(tx, calendar, WEDNESDAY, new Map([[TEACHER, [item]]])));
    };
    await remind('请报送进展一');
    await work(THURSDAY);
    await remind('请报送进展二');
    await work(later(THURSDAY, 60_000));
    expect(mail.letters.map(({ text }) => /请报送进展./.exec(text)?.[0])).toEqual(['请报送进展一', '请报送进展二']);
    expect(new Set(mail.letters.map((one) => one.messageId)).size).toBe(2);
    const rows = await db.select().from(outbox).orderBy(outbox.id);
    expect(rows.map((row) => [row.text, row.kind])).toEqual([
      ['请报送进展一', 'report-due'],
      ['请报送进展二', 'report-due'],
    ]);
  });

  test('everybody chooses for themselves, but what the school counts on being seen stays', async () => {
    const teacher = await system.as(OTHER);
    const wishes = (settings: unknown) => teacher.request('PUT', '/api/notices/settings', { settings });
    const refused = await wishes([
      { kind: 'urged', channel: 'console', wish: 'off' },
      { kind: 'commented', channel: 'webhook', wish: 'digest' },
    ]);
    expect([refused.status, (refused.body.errors as unknown as { path: string }[]).map((one) => one.path)]).toEqual([
      422,
      ['/settings/0/wish', '/settings/1/wish'],
    ]);
    const taken = await wishes([
      { kind: 'commented', channel: 'email', wish: 'at-once' },
      { kind: 'matter-ended', channel: 'email', wish: 'off' },
      { kind: 'matter-ended', channel: 'console', wish: 'off' },
    ]);
    expect([taken.status, taken.body.email]).toEqual([200, 'chen-siqi@demo.example']);
    await tell({ kind: 'commented', people: [OTHER] });
    await tell({ kind: 'matter-ended', people: [OTHER] });
    await work(WEDNESDAY);
    await work(THURSDAY);
    expect(mail.letters.map((one) => one.subject)).toEqual(['[批办] 留言:请看']);
    const { body } = await teacher.get('/api/notices');
    expect([body.count, (body.items as unknown as { kind: string }[]).map((one) => one.kind)]).toEqual([1, ['commented']]);
    await wishes([]);
  });

  test('a letter that nobody takes is tried a few times and laid with the dead letters, until somebody sends it again', async () => {
    mail.refused.add('wang-fang@demo.example');
    await tell({ kind: 'urged' });
    let now = WEDNESDAY;
    for (let tries = 0; tries < 6; tries += 1, now = later(now, 300_000)) await work(now);
    const dead = await administrator.get('/api/notices/deliveries?status=dead');
    expect(dead.body.items).toMatchObject([{ channel: 'email', status: 'dead', attempts: 3, fault: 'smtp EENVELOPE 550' }]);
    expect(JSON.stringify(dead.body)).not.toContain('@');
    mail.refused.clear();
    const id = (dead.body.items as unknown as { id: number }[])[0]?.id;
    const again = await administrator.post(`/api/notices/deliveries/${id}/retry`, {});
    expect([again.status, again.body.status]).toEqual([200, 'waiting']);
    await work(new Date().toISOString());
    expect(mail.letters).toHaveLength(1);
    expect((await administrator.post(`/api/notices/deliveries/${id}/retry`, {})).status).toBe(409);
    expect((await (await system.as(TEACHER)).get('/api/notices/deliveries')).status).toBe(403);
  });
});

describe('webhooks', () => {
  test('a gateway that fails twice is called a third time, under the same number and properly signed', async () => {
    const gateway = await startGateway([500, 429, 200]);
    const hook = await addWebhook(gateway.url);
    await tell({ kind: 'urged', text: '催办:教室' });
    await tell({ kind: 'commented', text: '不急' });
    let now = WEDNESDAY;
    for (let tries = 0; tries < 5; tries += 1, now = later(now, 60_000)) await work(now);
    expect(gateway.calls).toHaveLength(3);
    expect(new Set(gateway.calls.map((one) => one.headers['piban-delivery'])).size).toBe(1);
    for (const { headers, body } of gateway.calls) {
      const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['piban-signature'])) ?? [];
      expect(signature).toBe(createHmac('sha256', hook.secret).update(`${seconds}.${body}`).digest('hex'));
    }
    expect(JSON.parse(gateway.calls[2]?.body ?? '')).toMatchObject({
      kind: 'urged',
      person: { id: TEACHER, name: '王芳' },
      text: '催办:教室',
      link: 'https://oa.school.example',
    });
    await hook.remove();
    await gateway.stop();
  });

  test.each([
    ['a server that is down', 503, 4],
    ['a refusal', 404, 3],
    ['a redirect, which is not followed', 302, 3],
  ])('%s ends with the dead letters', async (_what, answer, tries) => {
    const gateway = await startGateway([answer]);
    const hook = await addWebhook(gateway.url);
    await tell({ kind: 'urged' });
    let now = WEDNESDAY;
    for (let turn = 0; turn < 8; turn += 1, now = later(now, 300_000)) await work(now);
    expect(gateway.calls).toHaveLength(tries);
    const dead = await administrator.get(`/api/notices/deliveries?status=dead&webhook=${hook.id}`);
    expect(dead.body.items).toMatchObject([{ channel: 'webhook', attempts: tries, fault: `webhook HTTP ${answer}` }]);
    await hook.remove();
    await gateway.stop();
  });

  test('an address is looked at when it is entered and when it is called', async () => {
    for (const url of ['http://gateway.example/', 'ftp://localhost/', 'https://user:secret@gateway.example/', 'gateway']) {
      const { status } = await administrator.post('/api/webhooks', { name: 'x', url, kinds: ['urged'] });
      expect(status, url).toBe(422);
    }
    const own = ['http://localhost:8080/', 'https://127.0.0.1/', 'https://10.2.3.4/', 'https://[::1]/', 'https://[fd00::1]/'];
    for (const url of own) {
      expect(webhookAddressFault(url, true), url).toBeNull();
      expect(webhookAddressFault(url, false), url).toContain('不能是本机或内网地址');
    }
    // The config is read when an address is entered: a school that keeps webhooks outside refuses its own machine there and then.
    const { notices } = system.api.context.config;
    Object.assign(notices, { webhooksInside: false });
    const refused = await administrator.post('/api/webhooks', { name: 'x', url: 'http://127.0.0.1:9/', kinds: ['urged'] });
    Object.assign(notices, { webhooksInside: true });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/url', message: expect.stringContaining('内网') }] },
    });
    const gateway = await startGateway([200]);
    const hook = await addWebhook(gateway.url.replace('127.0.0.1', 'localhost'));
    await tell({ kind: 'urged' });
    await planDeliveries(means, WEDNESDAY);
    const outside = { ...means, delivery: { ...system.config.notices, webhooksInside: false } };
    await callWebhooks(outside, WEDNESDAY);
    const { body } = await administrator.get('/api/notices/deliveries?status=waiting&channel=webhook');
    expect(body.items).toMatchObject([{ fault: 'webhook address-forbidden' }]);
    expect(gateway.calls).toEqual([]);
    await hook.remove();
    await gateway.stop();
  });

  test('the test button sends a sample, and another secret signs from then on', async () => {
    const gateway = await startGateway([200]);
    const hook = await addWebhook(gateway.url);
    const changed = await administrator.post(`/api/webhooks/${hook.id}/secret`, {});
    expect(changed.body.secret).not.toBe(hook.secret);
    expect((await administrator.post(`/api/webhooks/${hook.id}/test`, {})).status).toBe(202);
    await work(new Date().toISOString());
    expect(JSON.parse(gateway.calls[0]?.body ?? '')).toMatchObject({
      sample: true,
      kind: 'office',
      person: { id: administrator.person },
    });
    const listed = await administrator.get('/api/webhooks');
    expect(JSON.stringify(listed.body)).not.toMatch(/secret/);
    await hook.remove();
    await gateway.stop();
  });
});

test('a try that never told how it went comes again, and one that was told is over', async () => {
  const { db } = system.api.context;
  await tell({ kind: 'urged' });
  await planDeliveries(means, WEDNESDAY);
  await db.update(deliveries).set({ attempts: 1, nextAttemptAt: later(WEDNESDAY, LEASE_MS) });
  await work(later(WEDNESDAY, LEASE_MS - 1));
  expect(mail.letters).toHaveLength(0);
  await work(later(WEDNESDAY, LEASE_MS));
  await work(later(WEDNESDAY, 10 * LEASE_MS));
  expect(mail.letters).toHaveLength(1);
});

test('notices go when they have served, those still on their way stay', async () => {
  const { db } = system.api.context;
  await tell({ kind: 'urged', text: '已送达' });
  await work(WEDNESDAY);
  mail.refused.add('chen-siqi@demo.example');
  await tell({ kind: 'urged', text: '未送达', people: [OTHER] });
  await work(WEDNESDAY);
  mail.refused.clear();
  const soon = later(WEDNESDAY, 179 * 86_400_000);
  await sweepNotices(means, soon);
  expect(await db.$count(outbox)).toBe(2);
  await sweepNotices(means, later(WEDNESDAY, 181 * 86_400_000));
  expect((await db.select().from(outbox)).map((row) => row.text)).toEqual(['未送达']);
  expect(await db.$count(deliveries, eq(deliveries.status, 'sent'))).toBe(0);
});
