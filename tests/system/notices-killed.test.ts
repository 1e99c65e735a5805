/** Goal: a worker that is killed and a mail server that goes away lose no notice and show none twice. */
import { isNotNull, isNull, ne } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellPeople } from '../../db/notices.ts';
import { deliveries, outbox } from '../../db/schema/index.ts';
import { type MailServer, startMailServer } from '../harness/mail-server.ts';
import { type System, startSystem } from '../harness/system.ts';
import { startWorkerProcess } from '../harness/worker-process.ts';

const NOTICES = 400;
const failed = isNotNull(deliveries.fault);
const unsent = ne(deliveries.status, 'sent');

let system: System;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  system = await startSystem('notices_killed', {
    worker: false,
    env: {
      SMTP_URL: mail.url,
      MAIL_FROM: 'oa@school.example',
      NOTICE_RETRY_SECONDS: '1',
      NOTICE_TRIES: '100',
      PUBLIC_URL: 'https://oa.school.example',
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await mail?.kill();
});

async function taken(count: number): Promise<void> {
  await expect.poll(() => mail.letters.length, { timeout: 100_000, interval: 10 }).toBeGreaterThanOrEqual(count);
}

test('every notice arrives, under one Message-ID each', { timeout: 400_000 }, async () => {
  const { db, cache } = system.api.context;
  const { directory } = await cache.now(db);
  const people = Object.values(directory.people).filter((one) => one.active);
  const tell = (from: number, to: number) =>
    db.transaction(async (tx) => {
      for (let i = from; i < to; i += 1) {
        const person = people[i % people.length]?.id ?? '';
        await tellPeople(tx, { kind: 'urged', people: [person], text: `催办${i}`, at: new Date().toISOString() });
      }
    });
  await tell(0, NOTICES / 2);
  const first = await startWorkerProcess(system.config);
  await taken(60);
  await first.kill();
  const second = await startWorkerProcess(system.config);
  await taken(100);
  await mail.kill();
  await tell(NOTICES / 2, NOTICES);
  await expect.poll(() => db.$count(deliveries, failed), { timeout: 60_000 }).toBeGreaterThan(20);
  await second.kill();
  await mail.revive();
  const third = await startWorkerProcess(system.config);
  await expect.poll(() => db.$count(outbox, isNull(outbox.deliveredAt)), { timeout: 60_000 }).toBe(0);
  await expect.poll(() => db.$count(deliveries, unsent), { timeout: 100_000, interval: 200 }).toBe(0);
  await third.stop();

  const ids = mail.letters.map((one) => one.messageId);
  const told = await db.select({ id: outbox.id, text: outbox.text, person: outbox.personId }).from(outbox);
  const box = new Map(mail.letters.map((one) => [one.messageId, one]));
  expect(told).toHaveLength(NOTICES);
  for (const { id, text, person } of told) {
    const letter = box.get(`<notice-${id}@school.example>`);
    expect([letter?.to, letter?.text.split('\n')[0]]).toEqual([directory.people[person]?.email, text]);
  }
  expect(box.size).toBe(NOTICES);
  const tries = await db.select({ attempts: deliveries.attempts }).from(deliveries);
  const sum = tries.reduce((all, one) => all + one.attempts, 0);
  console.log(
    `${NOTICES} notices, two workers and the mail server killed: ${ids.length} letters taken, ${box.size} shown, ${ids.length - box.size} doubles, ${sum} tries`,
  );
});
