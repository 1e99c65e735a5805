/**
 * Sends what is planned, each at least once. A delivery is taken by moving its next try ahead, so that no transaction is open while
 * somebody else's server thinks, the try of a worker that is killed comes again, and what kills workers is not tried for ever.
 */
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { settingsOf } from '../../db/notices.ts';
import { type DigestItem, deliveries, digests, matters, outbox, tasks, webhooks } from '../../db/schema/index.ts';
import type { OuterWorld } from '../../db/world.ts';
import type { NoticeChannel, NoticeKind } from '../../workflows/machine/words.ts';
import type { OfficeMeans } from '../office-day.ts';
import { digestOf, linkOf, type Message, messageOf, type Setting, type Subject } from './compose.ts';
import { createMailer, digestMessageId, type Mailer, noticeMessageId } from './mail.ts';
import { type DeliveryMeans, type Outcome, verdictOn } from './means.ts';
import { wantsMail } from './plan.ts';
import { callWebhook } from './webhook.ts';

/** Deliveries sent at once. */
const BATCH = 20;
/** Longer than any try takes; whoever has not said by then how it went was killed. */
export const LEASE_MS = 30_000;

type Delivery = typeof deliveries.$inferSelect;

/** What a try is made with. */
interface Trying {
  db: Database;
  means: DeliveryMeans;
  world: OuterWorld;
  now: string;
}

/** Nothing is left to be told: the notice was swept, its person has left, the webhook is gone. */
const MOOT: Outcome = { kind: 'failed', fault: 'nothing-to-send', lasting: true };

/** Sends a batch of e-mails. @returns whether there may be more at once. */
export async function sendMails({ db, cache, delivery: means }: OfficeMeans, now: string): Promise<boolean> {
  if (means?.mail === undefined) return false;
  const taken = await take(db, 'email', now);
  if (taken.length === 0) return false;
  const { mail } = means;
  const mailer = createMailer(mail);
  const trying = { db, means, world: await cache.now(db), now };
  try {
    await Promise.all(taken.map(async (one) => settle(trying, one, await mailOne(trying, one, mailer, mail.from))));
  } finally {
    mailer.close();
  }
  return taken.length === BATCH;
}

/** Makes a batch of calls to webhooks. @returns whether there may be more at once. */
export async function callWebhooks({ db, cache, delivery: means }: OfficeMeans, now: string): Promise<boolean> {
  if (means === undefined) return false;
  const taken = await take(db, 'webhook', now);
  if (taken.length === 0) return false;
  const trying = { db, means, world: await cache.now(db), now };
  await Promise.all(taken.map(async (one) => settle(trying, one, await callOne(trying, one))));
  return taken.length === BATCH;
}

async function take(db: Database, channel: NoticeChannel, now: string): Promise<Delivery[]> {
  const due = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.channel, channel), eq(deliveries.status, 'waiting'), lte(deliveries.nextAttemptAt, now)))
    .orderBy(asc(deliveries.nextAttemptAt))
    .limit(BATCH)
    .for('update', { skipLocked: true });
  return db
    .update(deliveries)
    .set({ attempts: sql`${deliveries.attempts} + 1`, nextAttemptAt: later(now, LEASE_MS) })
    .where(inArray(deliveries.id, due))
    .returning();
}

function later(now: string, ms: number): string {
  return new Date(Date.parse(now) + ms).toISOString();
}

/** Writes down how a try went. Only what is still that very try: another may have come meanwhile. */
async function settle({ db, means, now }: Trying, { id, attempts }: Delivery, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'sent') {
    await db.update(deliveries).set({ status: 'sent', sentAt: now, fault: null }).where(eq(deliveries.id, id));
    return;
  }
  const verdict = outcome === MOOT ? ({ status: 'dead' } as const) : verdictOn(outcome, attempts, means, Math.random());
  const next = verdict.status === 'dead' ? {} : { nextAttemptAt: later(now, verdict.waitMs) };
  await db
    .update(deliveries)
    .set({ status: verdict.status, fault: outcome.fault, ...next })
    .where(and(eq(deliveries.id, id), eq(deliveries.attempts, attempts), eq(deliveries.status, 'waiting')));
}

async function mailOne(trying: Trying, delivery: Delivery, mailer: Mailer, from: string): Promise<Outcome> {
  const { world } = trying;
  const { personId, noticeId, digestDay } = delivery;
  const person = world.directory.people[personId];
  const to = person?.active === true ? (person.email ?? '') : '';
  const message = noticeId === null ? await digestMail(trying, delivery) : await noticeMail(trying, noticeId);
  if (to === '' || message === null) return MOOT;
  const messageId =
    noticeId === null
      ? digestMessageId(personId, digestDay ?? '', delivery.digestFrom ?? 0, from)
      : noticeMessageId(noticeId, from);
  return mailer.send({ ...message, to, messageId });
}

function settingFor({ means, world }: Trying): Setting {
  return { publicUrl: means.publicUrl, calendar: world.calendar };
}

async function noticeMail(trying: Trying, id: number): Promise<Message | null> {
  const found = await noticeOf(trying.db, id);
  return found === null ? null : messageOf(found.about, settingFor(trying));
}

/** A notice with its matter and date as they stand now. */
async function noticeOf(db: Database, id: number): Promise<{ about: Subject; at: string } | null> {
  const [row] = await db
    .select({ notice: outbox, matter: headOf, task: taskOf })
    .from(outbox)
    .leftJoin(matters, eq(matters.id, outbox.matterId))
    .leftJoin(tasks, eq(tasks.id, outbox.taskId))
    .where(eq(outbox.id, id));
  if (row === undefined) return null;
  const { kind, text, link, createdAt } = row.notice;
  return { about: { kind, text, link, ...standing(row.matter, row.task) }, at: createdAt };
}

const headOf = { no: matters.no, title: matters.title, dueAt: matters.dueAt, endedAt: matters.endedAt };
const taskOf = { dueAt: tasks.dueAt, status: tasks.status };

function standing(
  matter: { no: string; title: string; dueAt: string; endedAt: string | null } | null,
  task: { dueAt: string; status: string } | null,
): Pick<Subject, 'matter' | 'dueAt'> {
  if (matter === null) return { matter: null, dueAt: null };
  const whole = matter.endedAt === null ? matter.dueAt : null;
  const open = task !== null && (task.status === 'open' || task.status === 'waiting');
  return { matter: { no: matter.no, title: matter.title }, dueAt: open ? task.dueAt : task === null ? whole : null };
}

async function digestMail(trying: Trying, { personId, digestDay, digestFrom, digestTo }: Delivery): Promise<Message | null> {
  const { db } = trying;
  if (digestDay === null) return null;
  const [row] = await db
    .select({ items: digests.items })
    .from(digests)
    .where(and(eq(digests.personId, personId), eq(digests.day, digestDay)));
  const wishes = (await settingsOf(db, [personId])).map(({ kind, channel, wish }) => ({ kind, channel, wish }));
  const items = (row?.items ?? []).slice(digestFrom ?? 0, digestTo ?? undefined).filter((item) => wantsMail(wishes, item));
  if (items.length === 0) return null;
  return digestOf(await subjectsOf(db, items), digestDay, settingFor(trying));
}

async function subjectsOf(db: Database, items: readonly DigestItem[]): Promise<Subject[]> {
  const idsOf = (id: (item: DigestItem) => string | null) => items.map(id).filter((one) => one !== null);
  const [heads, dues] = await Promise.all([
    db
      .select({ id: matters.id, ...headOf })
      .from(matters)
      .where(
        inArray(
          matters.id,
          idsOf((item) => item.matterId),
        ),
      ),
    db
      .select({ id: tasks.id, ...taskOf })
      .from(tasks)
      .where(
        inArray(
          tasks.id,
          idsOf((item) => item.taskId),
        ),
      ),
  ]);
  return items.map(({ kind, text, link = null, matterId, taskId }) => ({
    // Kinds are written by the machine alone.
    kind: kind as NoticeKind,
    text,
    link,
    ...standing(heads.find((one) => one.id === matterId) ?? null, dues.find((one) => one.id === taskId) ?? null),
  }));
}

async function callOne(trying: Trying, { id, personId, noticeId, webhookId }: Delivery): Promise<Outcome> {
  const { db, means, world, now } = trying;
  const [hook] = await db
    .select()
    .from(webhooks)
    .where(eq(webhooks.id, webhookId ?? ''));
  if (hook === undefined) return MOOT;
  const found = noticeId === null ? SAMPLE : await noticeOf(db, noticeId);
  if (found === null) return MOOT;
  const { about, at } = found;
  const person = world.directory.people[personId];
  const body = JSON.stringify({
    delivery: id,
    sample: noticeId === null,
    kind: about.kind,
    person: { id: personId, name: person?.name ?? '', phone: person?.phone ?? '' },
    text: about.text,
    matter: about.matter,
    dueAt: about.dueAt,
    link: linkOf(about, means.publicUrl),
    at: at ?? now,
  });
  return callWebhook({ url: hook.url, secret: hook.secret, delivery: id, body, now }, means.webhooksInside);
}

/** What the administrator's test button sends. */
const SAMPLE: { about: Subject; at: string | null } = {
  about: { kind: 'office', text: '这是一条测试消息,收到即说明接口可用。', matter: null, dueAt: null, link: null },
  at: null,
};
