/** A workflow that differs from ours by one timer, to prove that a replay of kept histories catches a change. */
import { sleep } from '@temporalio/workflow';
import type { MatterInput, MatterResult } from '../../../workflows/contract.ts';
import officeProcess from '../../../workflows/office-process.ts';

// A default export is how a bundle names the workflow of every type.
export default async function mutant(input: MatterInput): Promise<MatterResult> {
  await sleep('1 minute');
  return officeProcess(input);
}
