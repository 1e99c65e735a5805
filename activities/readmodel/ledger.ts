/** The ledger's part of the read model: the row of a supervised matter, its progress, what search reads. */
import type { Transaction } from '../../db/client.ts';
import type { ReadModelInput } from '../readmodel.ts';

/** The statements that keep the ledger, the progress reports and the search of one transition. */
export function writeLedger(_tx: Transaction, _input: ReadModelInput): Promise<unknown>[] {
  return [];
}
