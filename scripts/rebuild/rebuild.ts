/** The whole rebuild: record, read model, workflows. */
import type { Client } from '@temporalio/client';
import { Rebuild, type Rebuilt } from '../../activities/rebuild.ts';
import { connectDatabase } from '../../db/client.ts';
import { workerAlive } from '../../db/heartbeat.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { compareWorkflow, type WorkflowFinding } from './workflows.ts';

/** A rebuild in figures. */
export interface RebuildSummary {
  matters: number;
  events: number;
  /** Matters whose read model was made anew. */
  rebuilt: number;
  /** Of these, matters of which a table or the workflow did not say what the record says. */
  different: number;
  /** Rows put right, and counters of numbers. */
  rows: number;
  /** Open matters whose workflow was started again from its events. */
  restarted: number;
  /** Open matters whose workflow gave no answer, mostly because no worker runs. */
  unanswered: number;
  /** Matters whose record is not whole. Their read model was left as it is. */
  broken: { matter: string; sequence: number; reason: string }[];
}

/** What a rebuild works on. */
export interface RebuildOptions {
  databaseUrl: string;
  client: Client;
  taskQueue: string;
  /** Says how far it is; called often. */
  report: (line: string) => void;
}

/** Open matters compared with their workflows at once. */
const AT_ONCE = 8;
/** No statement of a rebuild takes longer. */
const STATEMENT_TIMEOUT_MS = 300_000;

/** Rebuilds everything. Safe beside a running system, and to run again. */
export async function rebuild({ databaseUrl, client, taskQueue, report }: RebuildOptions): Promise<RebuildSummary> {
  const session = connectDatabase(databaseUrl, { connections: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const readers = connectDatabase(databaseUrl, { connections: AT_ONCE });
  try {
    const { whole, broken, wrong, rows, total } = await rebuildReadModel(await Rebuild.on(session.db), report);
    const open = whole.filter((matter) => matter.phase === 'open');
    const worker = await workerAlive(readers.db, taskQueue);
    if (!worker && open.length > 0)
      report(`No worker of task queue ${taskQueue} runs: workflows are looked for, but not compared`);
    const findings = await compareAll(open, report, (matter) =>
      compareWorkflow({ client, db: readers.db, taskQueue, worker }, matter),
    );
    const found = (...kinds: WorkflowFinding['kind'][]) => findings.filter(({ finding }) => kinds.includes(finding.kind));
    for (const { matter, finding } of findings) {
      if (finding.kind !== 'ahead') continue;
      const reason = `the workflow knows the events up to ${finding.knows}, the record ends at ${finding.has}`;
      broken.push({ matter: matter.id, sequence: finding.has + 1, reason });
    }
    const different = new Set([...wrong, ...found('different').map(({ matter }) => matter.id)]);
    return {
      matters: total,
      events: whole.reduce((sum, matter) => sum + matter.sequence, 0),
      rebuilt: whole.length,
      different: different.size,
      rows,
      restarted: found('lost', 'different').length,
      unanswered: found('unanswered').length,
      broken,
    };
  } finally {
    await session.close();
    await readers.close();
  }
}

interface ReadModelResult {
  whole: Matter[];
  broken: RebuildSummary['broken'];
  /** Ids of matters whose rows were not as the record says. */
  wrong: string[];
  rows: number;
  total: number;
}

async function rebuildReadModel(work: Rebuild, report: (line: string) => void): Promise<ReadModelResult> {
  const ids = await work.matterIds();
  const done: Rebuilt[] = [];
  const again: string[] = [];
  const say = () => report(`Read model: ${done.length} of ${ids.length} matters`);
  for (const id of ids) {
    const rebuilt = await work.matter(id);
    if (rebuilt === null) again.push(id);
    else done.push(rebuilt);
    say();
  }
  for (const id of again) {
    const rebuilt = await work.matter(id);
    if (rebuilt === null)
      throw new Error(`The read model of matter ${id} can't be made: two matters hold the same number or booking`);
    done.push(rebuilt);
    say();
  }
  const result: ReadModelResult = { whole: [], broken: [], wrong: [...again], rows: 0, total: ids.length };
  for (const one of done) {
    if (one.kind === 'broken') {
      result.broken.push({ matter: one.matterId, sequence: one.sequence, reason: one.reason });
      continue;
    }
    result.whole.push(one.matter);
    result.rows += one.rows;
    if (one.rows > 0) result.wrong.push(one.matter.id);
  }
  result.rows += (await work.unheardOf()) + (await work.counters(result.whole.map((matter) => matter.no)));
  return result;
}

async function compareAll(
  open: readonly Matter[],
  report: (line: string) => void,
  compare: (matter: Matter) => Promise<WorkflowFinding>,
): Promise<{ matter: Matter; finding: WorkflowFinding }[]> {
  const findings: { matter: Matter; finding: WorkflowFinding }[] = [];
  const waiting = [...open];
  const next = async () => {
    for (let matter = waiting.shift(); matter !== undefined; matter = waiting.shift()) {
      findings.push({ matter, finding: await compare(matter) });
      report(`Workflows: ${findings.length} of ${open.length} open matters`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return findings;
}
