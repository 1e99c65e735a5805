/** Bulletins as people see them, and the drafts that they ask for. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type BulletinRow, bulletinHash, bulletinMaterial, bulletinOf } from '../db/bulletins.ts';
import type { Transaction } from '../db/client.ts';
import { appendTo } from '../db/journal.ts';
import { namesIn } from '../db/world.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import { type Bulletin, monthAfter, reckonBulletin, spanOf } from '../workflows/machine/supervision/bulletin.ts';
import {
  issueOf,
  issuerOf,
  mayEditBulletin,
  mayPublishBulletin,
  summaryOf,
} from '../workflows/machine/supervision/bulletin-words.ts';
import type { BulletinKind } from '../workflows/machine/words.ts';
import { type ApiContext, type Asker, askerOf } from './context.ts';
import type { BulletinDocument } from './documents/bulletin/parts.ts';
import { Problem } from './problem.ts';
import type { bulletinSchema } from './schemas/bulletins.ts';
import { deny } from './visible.ts';

/** Which bulletin a request is about. */
export interface Named {
  kind: BulletinKind;
  month: string;
}

/** A bulletin that the asker may see: drafts are for who may edit or publish them. @throws Problem 404 for any other. */
export async function visibleBulletin(
  context: ApiContext,
  request: FastifyRequest,
  { kind, month }: Named,
): Promise<BulletinRow> {
  const row = await bulletinOf(context.db, kind, month);
  const { viewer } = askerOf(request);
  if (row !== null && (row.status === 'published' || mayEditBulletin(viewer) || mayPublishBulletin(viewer))) return row;
  return deny(context, request, targetOf({ kind, month }), new Problem('not-found', '没有这一期通报,或尚未印发'));
}

/** How the journal names a bulletin. */
export function targetOf({ kind, month }: Named): string {
  return `${kind}/${month}`;
}

/** Notes in the journal what a person did with a bulletin, in the transaction that does it. */
export function noteOffice(
  tx: Transaction,
  request: FastifyRequest,
  action: 'draft-bulletin' | 'edit-bulletin' | 'publish-bulletin',
  row: BulletinRow,
  facts: JsonObject,
): Promise<void> {
  const { viewer, now } = askerOf(request);
  return appendTo(tx, 'office', {
    at: now,
    person: viewer.id,
    action,
    target: targetOf(row),
    code: 'done',
    requestId: request.id,
    facts: { revision: row.revision, ...facts },
  });
}

/** Reckons the figures of a month that has ended. @throws Problem 409 while it goes on: what comes after would be lost. */
export async function figuresNow(context: ApiContext, { world, now }: Asker, { kind, month }: Named): Promise<Bulletin> {
  const { calendar, directory } = world;
  const span = spanOf(calendar, month);
  if (now < span.to) throw new Problem('too-early', '该月尚未结束,次月起方可起草通报');
  const since = spanOf(calendar, monthAfter(month, -3)).from;
  const material = await bulletinMaterial(context.db, kind, month, { ...span, since });
  return reckonBulletin(kind, month, material, { calendar, now, nameOf: namesIn(directory), issuer: issuerOf(directory) });
}

/** Whether a published bulletin is no longer what was published: its hash no longer fits what it says. */
export function isTampered(row: BulletinRow): boolean {
  return row.status === 'published' && row.hash !== bulletinHash(row);
}

/** A bulletin as documents are made from it. */
export function documentOf(row: BulletinRow, { world }: Asker): BulletinDocument {
  const { figures, words, year, number, publishedAt } = row;
  const published = year === null || number === null || publishedAt === null ? null : { year, number, at: publishedAt };
  return { figures, words, published, calendar: world.calendar };
}

/** A bulletin as one person sees it. */
export function presentBulletin(row: BulletinRow, { viewer, world }: Asker): z.input<typeof bulletinSchema> {
  const { kind, month, status, year, number, words, figures, revision, draftedAt, editedBy, publishedBy, publishedAt, hash } =
    row;
  const nameOf = namesIn(world.directory);
  const draft = status === 'draft';
  return {
    kind,
    month,
    status,
    title: words.title,
    issue: year === null || number === null ? null : issueOf(kind, year, number),
    words,
    figures,
    summary: summaryOf(figures),
    revision,
    draftedAt,
    editedBy: editedBy === null ? null : nameOf(editedBy),
    publishedBy: publishedBy === null ? null : nameOf(publishedBy),
    publishedAt,
    hash,
    tampered: isTampered(row),
    may: { edit: draft && mayEditBulletin(viewer), publish: draft && mayPublishBulletin(viewer) },
  };
}
