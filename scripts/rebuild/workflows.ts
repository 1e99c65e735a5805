/** Holding an open matter's workflow against its record, and starting it again from its events where Temporal has lost it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { stateFromRecord } from '../../activities/rebuild.ts';
import type { Database } from '../../db/client.ts';
import { actSignal, fromEvents, startOptions, stateQuery } from '../../workflows/contract.ts';
import type { Matter } from '../../workflows/machine/state.ts';

/**
 * What was found: the same as the record; lost, and started again; another state than the record's, and started again in its
 * place; ahead of the record, which has therefore lost events; or no answer, so that nothing can be said.
 */
export type WorkflowFinding =
  | { kind: 'same' | 'lost' | 'different' | 'unanswered' }
  | { kind: 'ahead' /** Sequence that the workflow knows. */; knows: number /** Last sequence of the record. */; has: number };

/** What a comparison needs. */
export interface Comparison {
  client: Client;
  db: Database;
  taskQueue: string;
  /** False when no worker runs that could answer: only what Temporal itself knows is asked then. */
  worker: boolean;
}

/** How long a workflow may take to answer, and how often one that is behind is asked again, with what pause. */
const QUERY_MS = 10_000;
const CATCH_UP = { tries: 40, pauseMs: 250 } as const;

/** Compares one open matter with its workflow. @param matter as the record has it. */
export async function compareWorkflow(using: Comparison, matter: Matter): Promise<WorkflowFinding> {
  const { client, taskQueue } = using;
  const start = (instead: boolean) =>
    client.workflow.start(matter.processId, {
      ...startOptions(fromEvents(matter.id), matter.processId, taskQueue),
      workflowIdConflictPolicy: instead ? 'TERMINATE_EXISTING' : 'USE_EXISTING',
    });
  if (!(await runs(client, matter.id))) {
    await start(false);
    return { kind: 'lost' };
  }
  if (!using.worker) return { kind: 'unanswered' };
  const finding = await compareState(using, matter);
  if (finding.kind === 'different') await start(true);
  return finding;
}

async function runs(client: Client, matterId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(matterId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function compareState({ client, db }: Comparison, matter: Matter): Promise<WorkflowFinding> {
  const handle = client.workflow.getHandle(matter.id);
  for (let tries = 0; tries < CATCH_UP.tries; tries += 1) {
    const live = await client.withDeadline(Date.now() + QUERY_MS, () => handle.query(stateQuery)).catch(() => undefined);
    if (live === undefined) return { kind: 'unanswered' };
    const sequence = live?.sequence ?? 0;
    const record = await stateFromRecord(db, matter.id);
    if (sequence > record.sequence) return { kind: 'ahead', knows: sequence, has: record.sequence };
    const then = sequence === record.sequence ? record : await stateFromRecord(db, matter.id, sequence);
    // What travelled as JSON is compared with what would have.
    if (live !== null && !isDeepStrictEqual(live, JSON.parse(JSON.stringify(then)))) return { kind: 'different' };
    if (sequence === record.sequence) return { kind: 'same' };
    // Behind, as after a lost answer: a look at the clock brings it every event that it does not know.
    const id = `catch-up:${matter.id}:${randomUUID()}`;
    if (tries === 0) await handle.signal(actSignal, { type: 'tick', id, by: { kind: 'clock' }, bodyHash: null });
    await pause(CATCH_UP.pauseMs);
  }
  return { kind: 'unanswered' };
}
