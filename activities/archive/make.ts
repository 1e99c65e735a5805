/** The chore that makes archive packages: takes the next matter that has ended, makes its package, verifies it, and keeps it. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPackage, entryOf, failPackage, filesOfMatter, settlePackage } from '../../db/archive-packages.ts';
import { tickElectronic } from '../../db/archive-ticks.ts';
import { causesOf, codesOf } from '../../db/causes.ts';
import type { Database } from '../../db/client.ts';
import { ContentMissing, contentPieces, keepContent } from '../../db/contents.ts';
import { eventPortions } from '../../db/events.ts';
import { appendTo } from '../../db/journal.ts';
import { matterById } from '../../db/matters.ts';
import { findDefinition } from '../../definitions/catalog.ts';
import { ATTEMPTS_MAX, nextAttempt } from '../../workflows/machine/supervision/archive.ts';
import type { Chore } from '../chores.ts';
import type { OfficeMeans } from '../office-day.ts';
import { packageEntries } from './contents.ts';
import { verifyPackage } from './verify.ts';
import { PackageTooLarge, type WrittenZip, writePackage } from './zip.ts';

/** Most bytes of one package: about a dozen of the largest uploads; more is archived by hand. */
export const PACKAGE_BYTES_MAX = 256 * 1024 ** 2;

/** A code and English words; nothing of what people wrote. */
const FAULT_LENGTH_MAX = 500;

/** Makes packages until none is due. */
export const archiveChore: Chore = {
  name: 'archive',
  restMs: 2_000,
  run: (means, now) => makeNextPackage(means, now),
};

/** Makes the package that has waited longest, if one is due. @returns whether there was one. */
export async function makeNextPackage(means: OfficeMeans, now: string, bytesMax = PACKAGE_BYTES_MAX): Promise<boolean> {
  const { db, log } = means;
  const claimed = await claimPackage(db, now, (attempts) => nextAttempt(attempts, now), ATTEMPTS_MAX);
  if (claimed === null) return false;
  const { matterId, attempts } = claimed;
  const folder = await mkdtemp(join(tmpdir(), 'piban-archive-'));
  try {
    const path = join(folder, 'package.zip');
    const { no, written } = await writeMatter(means, matterId, path, bytesMax);
    await keep(db, { matterId, no, path, written, now });
    log.debug({ matter: no, bytes: written.size }, 'archive package made');
  } catch (error) {
    const fault = faultOf(error);
    log.warn({ err: error, matterId, attempts, fault }, 'archive package not made');
    await failPackage(db, matterId, fault);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

/** A package that its own verification found wrong, or a matter whose record cannot be archived. */
class Unarchivable extends Error {
  override name = 'Unarchivable';
}

/** Writes the package of a matter to a file and verifies it there. */
export async function writeMatter(
  { db, cache }: Pick<OfficeMeans, 'db' | 'cache'>,
  matterId: string,
  path: string,
  bytesMax = PACKAGE_BYTES_MAX,
): Promise<{ no: string; written: WrittenZip }> {
  const row = await matterById(db, matterId);
  const archived = await entryOf(db, matterId);
  if (row === null || archived === null)
    throw new Unarchivable('no-entry: the matter or its catalogue entry is missing; run rebuild');
  const definition = findDefinition(row.processId, row.version);
  if (definition === undefined) throw new Unarchivable(`no-definition: ${row.processId}@${row.version} is not in the catalog`);
  const entries = await packageEntries({
    events: () => eventPortions(db, matterId),
    content: (sha256) => contentPieces(db, sha256),
    definition,
    matter: row.state,
    entry: archived.entry,
    files: await filesOfMatter(db, matterId, row.parentId),
    world: await cache.now(db),
  });
  const written = await writePackage(path, entries, bytesMax);
  const { faults } = await verifyPackage(path);
  const [first] = faults;
  if (first !== undefined) throw new Unarchivable(`${first.kind}: ${first.path}: ${first.reason} (${faults.length} faults)`);
  return { no: row.no, written };
}

/** Keeps a verified package: content, queue, tick and journal together. */
async function keep(
  db: Database,
  made: { matterId: string; no: string; path: string; written: WrittenZip; now: string },
): Promise<void> {
  const { matterId, no, path, now } = made;
  const { sha256, size, manifest } = made.written;
  await db.transaction(async (tx) => {
    if (!(await settlePackage(tx, matterId, { sha256, size, madeAt: now }))) return;
    await keepContent(tx, sha256, createReadStream(path, { highWaterMark: 1 << 20 }));
    await tickElectronic(tx, matterId, now);
    // The journal's chain vouches for the package: who forges one from end to end can't forge this.
    await appendTo(tx, 'office', {
      at: now,
      person: null,
      action: 'archive-package',
      target: no,
      code: 'made',
      requestId: null,
      facts: { sha256, size, manifest },
    });
  });
}

function faultOf(error: unknown): string {
  if (error instanceof PackageTooLarge) return `too-large: ${error.message}`;
  if (error instanceof Unarchivable) return error.message.slice(0, FAULT_LENGTH_MAX);
  if (error instanceof ContentMissing) return `content-missing: ${error.message}`;
  // The messages of others may quote what people wrote; the log has them.
  const names = causesOf(error).map((cause) => cause.name);
  return `failed: ${[...names, ...codesOf(error)].join(' ')}`.slice(0, FAULT_LENGTH_MAX);
}
