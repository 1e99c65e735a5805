/** The access log: refused attempts, reads of restricted matters, exports, prints. Temporal keeps no trace of a refused update. */
import type { Database } from './client.ts';
import { accessLog } from './schema/index.ts';

/** One entry; codes and ids only, nothing personal beyond who. */
export interface AccessEntry {
  at: string;
  person: string | null;
  action: string;
  target: string;
  code: string;
  requestId: string;
}

/** Writes an entry. */
export async function writeAccess(db: Database, { person, ...entry }: AccessEntry): Promise<void> {
  await db.insert(accessLog).values({ ...entry, personId: person });
}
