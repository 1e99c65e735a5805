/** The two paths that are compared, each carrying one seal-use application of an application and four decisions to its end. */
import { createHash, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { JsonObject } from '../../definitions/language/json.ts';
import { SAMPLE_FILES } from '../../scripts/demo/seed.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { acceptedUpdate, actUpdate, type MatterInput, WORKFLOW_TASK_TIMEOUT } from '../../workflows/contract.ts';
import type { Action } from '../../workflows/machine/words.ts';

/** Carries one application to its end. `decided` is told the milliseconds of each decision. */
export type Approval = (decided: (milliseconds: number) => void) => Promise<void>;

const form: JsonObject = {
  campus: 'south',
  phone: '8201',
  sealType: '行政印章',
  docTitle: '关于商请支持学生暑期实践的函',
  docKind: '公函',
  copies: 2,
  impressions: 1,
  reason: '赴合作单位开展学生暑期实践,需以学校名义发函',
  receiver: '某市科学技术局',
  signOff: '华川大学',
  involvesMoney: false,
  major: false,
  complete: true,
  files: [SAMPLE_FILES.pdf],
};

/** Who acts in turn, and what they do. */
const turns: { person: string; action: Action; output: JsonObject | null }[] = [
  { person: demoCast.computingHead, action: 'agree', output: null },
  { person: demoCast.officeDirector, action: 'agree', output: null },
  { person: demoCast.sealKeeper, action: 'complete', output: { copies: 2, impressions: 2, keptCopy: true } },
  { person: demoCast.lecturer, action: 'complete', output: { received: true } },
];

async function timed<T>(decided: (milliseconds: number) => void, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  decided(performance.now() - began);
  return result;
}

/** Through the API, over sockets that stay open. */
export async function overHttp(port: number): Promise<Approval> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (path: string, token: string | null, body: unknown) => post(agent, port, path, token, body);
  const tokens = new Map<string, string>();
  for (const person of new Set([demoCast.lecturer, ...turns.map((turn) => turn.person)])) {
    const { token } = await send('/api/session', null, { person });
    tokens.set(person, String(token));
  }
  return async (decided) => {
    const matter = await send('/api/matters', tokens.get(demoCast.lecturer) ?? '', { process: 'seal-use', form });
    // The contract's own field; the first task's id ends in 1, and one task follows another.
    const first = (matter.tasks as { id: string }[])[0]?.id ?? '';
    const stem = first.slice(0, first.lastIndexOf('-'));
    for (const [at, { person, action, output }] of turns.entries()) {
      const body = output === null ? { action } : { action, output };
      await timed(decided, () => send(`/api/tasks/${stem}-${at + 1}/actions`, tokens.get(person) ?? '', body));
    }
  };
}

/** One idempotent request; what was only taken on (202) is asked again under the same key, as a client would. */
async function post(
  agent: Agent,
  port: number,
  path: string,
  token: string | null,
  body: unknown,
): Promise<Record<string, unknown>> {
  const key = randomUUID();
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await postOnce(agent, port, path, token, body, key);
    if (answer !== null) return answer;
    await pause(500);
  }
  throw new Error(`${path} was not committed in time`);
}

function postOnce(
  agent: Agent,
  port: number,
  path: string,
  token: string | null,
  body: unknown,
  key: string,
): Promise<Record<string, unknown> | null> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          if (response.statusCode === 202) resolve(null);
          else if (response.statusCode !== 200 && response.statusCode !== 201)
            reject(new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 300)}`));
          else resolve(JSON.parse(text));
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** Straight to the bare workflow: the same number of updates, the same transactions. */
export function overBareWorkflow(client: Client, taskQueue: string): Approval {
  return async (decided) => {
    const id = createHash('sha256').update(randomUUID()).digest('hex').slice(0, 32);
    const matterId = `m-${id.slice(0, 20)}`;
    const envelope = (person: string) => ({ id: randomUUID(), by: { kind: 'person' as const, id: person }, bodyHash: null });
    const input: MatterInput = {
      matterId,
      state: null,
      start: { ...envelope(demoCast.lecturer), type: 'start', processId: 'seal-use', version: 1, form, attachments: [] },
    };
    const startWorkflowOperation = new WithStartWorkflowOperation('bareApproval', {
      workflowId: matterId,
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    });
    await client.workflow.executeUpdateWithStart(acceptedUpdate, { startWorkflowOperation, updateId: id });
    const handle = client.workflow.getHandle(matterId);
    for (const [at, { person, action, output }] of turns.entries()) {
      const command = {
        ...envelope(person),
        type: 'act' as const,
        task: `${matterId}-${at + 1}`,
        action,
        opinion: null,
        output,
        attachments: [],
        returnOrder: null,
      };
      await timed(decided, () => handle.executeUpdate(actUpdate, { args: [command], updateId: command.id }));
    }
  };
}
