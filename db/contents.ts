/** The bytes of files, kept once per SHA-256, in pieces: a package may be larger than anybody wants to hold in memory. */
import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from './client.ts';
import { fileContents } from './schema/index.ts';

/** Bytes read or written at once. */
const PIECE = 1 << 20;

/** Between taking up a content that is known already and naming it, no sweep may throw it away. */
export const CONTENTS_LOCK = sql`hashtextextended('file contents', 0)`;

/** A content that is named and not there. */
export class ContentMissing extends Error {
  override name = 'ContentMissing';
  constructor(sha256: string) {
    super(`The content ${sha256} of a file is missing: restore it from a backup`);
  }
}

/**
 * A content, piece by piece.
 * @throws ContentMissing when it is not there, which nothing in the platform brings about.
 */
export async function* contentPieces(db: Database, sha256: string): AsyncGenerator<Buffer> {
  for (let from = 1; ; from += PIECE) {
    const [row] = await db
      .select({ piece: sql<Buffer>`substring(${fileContents.content} from ${from}::int for ${PIECE}::int)` })
      .from(fileContents)
      .where(eq(fileContents.sha256, sha256));
    if (row === undefined) throw new ContentMissing(sha256);
    if (row.piece.length > 0) yield row.piece;
    if (row.piece.length < PIECE) return;
  }
}

/**
 * Keeps a content within a transaction that names it; the same content is kept once.
 * @param pieces its bytes in order; put together by the database.
 */
export async function keepContent(tx: Transaction, sha256: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${CONTENTS_LOCK})`);
  const [known] = await tx.select({ sha256: fileContents.sha256 }).from(fileContents).where(eq(fileContents.sha256, sha256));
  if (known !== undefined) return;
  await tx.execute(sql`create temporary table content_pieces (place integer primary key, piece bytea not null) on commit drop`);
  let place = 0;
  for await (const piece of pieces) {
    place += 1;
    await tx.execute(sql`insert into content_pieces values (${place}::int, ${Buffer.from(piece)}::bytea)`);
  }
  await tx.execute(sql`insert into file_contents (sha256, content)
    select ${sha256}, coalesce(string_agg(piece, ''::bytea order by place), ''::bytea) from content_pieces
    on conflict do nothing`);
}
