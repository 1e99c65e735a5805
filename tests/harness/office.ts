/** People at work on a system under test: applying, and doing what their tasks ask. */
import { ContractClient, type ContractMatter, type ContractTask } from '../support/contract-client.ts';
import type { Answer, PersonClient, System } from './system.ts';

/** A client of a system that knows only the contract. */
export function clientOf(system: System): ContractClient {
  return new ContractClient(async (method, url, headers, body) => {
    const response = await system.api.api.inject({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  });
}

/** Applies for the use of a seal with the guide's example. */
export async function applyForSeal(client: ContractClient, changes: Record<string, unknown> = {}): Promise<ContractMatter> {
  const { example } = await client.guide('seal-use');
  return client.apply('seal-use', { ...example, form: { ...example.form, ...changes } });
}

/** A decision about to be sent: who decides, where to, and what. */
export interface Decision {
  holder: PersonClient;
  task: string;
  url: string;
  body: Record<string, unknown>;
}

/** What the first open task of a matter asks of its first assignee, or of another of them. */
export async function nextDecision(system: System, matter: ContractMatter, seat = 0): Promise<Decision> {
  const open = matter.tasks[0];
  const person = open?.assignees[seat]?.id;
  if (open === undefined || person === undefined) throw new Error(`${matter.no} asks nobody in seat ${seat}`);
  const holder = await system.as(person);
  const { body } = await holder.get('/api/tasks?limit=100');
  // The contract fixes the shape; a list that differs fails below.
  const task = (body as unknown as { items: ContractTask[] }).items.find((one) => one.id === open.id);
  const action = task?.actions.find((one) => one.action === 'agree' || one.action === 'complete');
  if (action === undefined) throw new Error(`${open.name} of ${matter.no} offers ${person} nothing that carries it on`);
  return {
    holder,
    task: open.id,
    url: `/api/tasks/${open.id}/actions`,
    body: {
      action: action.action,
      ...(action.opinion === 'required' ? { opinion: '同意' } : {}),
      ...(action.output === undefined ? {} : { output: action.output.example }),
    },
  };
}

/** Sends a decision. */
export function send({ holder, url, body }: Decision, key?: string): Promise<Answer> {
  return holder.post(url, body, key);
}

/** The matter in an answer. */
export function matterIn(answer: Answer): ContractMatter {
  // The contract fixes the shape; whoever asks has looked at the status.
  return answer.body as unknown as ContractMatter;
}

/** Asks until the answer is no longer "taken on", as a client with the same key does. */
export async function settled(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask();
    if (answer.status !== 202 || tries >= 20) return answer;
  }
}
