/**
 * A client that knows only the outside contract: it reads the guide, applies with the example it finds there, and then does
 * whatever the tasks' own actions offer until the matter ends. It takes nothing from the platform's code but a way to send HTTP.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** One HTTP answer. */
export interface HttpAnswer {
  status: number;
  body: unknown;
}
/** Sends one request. */
export type Send = (method: 'GET' | 'POST', url: string, headers: Record<string, string>, body?: unknown) => Promise<HttpAnswer>;

/** What the contract says of the things that this client touches. */
export interface Guide {
  id: string;
  name: string;
  steps: { id: string; name: string; who: string; limit: string }[];
  materials: { name: string; required: boolean }[];
  form: Record<string, unknown>;
  example: { person: string; form: Record<string, unknown>; attachments: string[] };
}
export interface TaskAction {
  action: string;
  opinion: 'required' | 'optional' | 'none';
  output?: { schema: unknown; example: unknown };
}
export interface ContractTask {
  id: string;
  step: string;
  name: string;
  assignees: { id: string; name: string }[];
  dueAt: string;
  /** True while others, whom its holder asked, act before it. */
  waiting?: boolean;
  actions: TaskAction[];
}
export interface ContractMatter {
  no: string;
  process: string;
  title: string;
  status: string;
  applicant: { id: string };
  tasks: ContractTask[];
  /** Matters that this one started; no list tells them. */
  links?: { no: string | null; status: string }[];
  outcome: { code: string; text: string; at: string } | null;
}
export interface AuditEntry {
  sequence: number;
  at: string;
  actor: Record<string, unknown>;
  command: string;
  type: string;
  facts: Record<string, unknown>;
  matterId: string;
  previousHash: string;
  hash: string;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** More turns than this mean that a matter goes round in circles. */
const TURNS_MAX = 200;

/** How long a matter may wait for another one to tell it something, and how often a client asks. */
const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 50;

function isOpen({ status }: ContractMatter): boolean {
  return status === 'open' || status === 'suspended';
}

/** The client. One for a system; it signs in as whoever must act. */
export class ContractClient {
  readonly #send: Send;
  readonly #tokens = new Map<string, string>();

  constructor(send: Send) {
    this.#send = send;
  }

  async #request<T>(person: string | null, method: 'GET' | 'POST', url: string, wanted: number, body?: unknown): Promise<T> {
    const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    if (person !== null) headers.authorization = `Bearer ${await this.#tokenOf(person)}`;
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#send(method, url, headers, body);
      // Taken on but not yet committed: the same key asks again.
      if (answer.status === 202 && tries < 20) continue;
      if (answer.status !== wanted) {
        throw new Error(`${method} ${url} as ${person}: ${answer.status} instead of ${wanted}\n${JSON.stringify(answer.body)}`);
      }
      // The contract fixes the shape; what differs from it fails in the test that looks at it.
      return answer.body as T;
    }
  }

  async #tokenOf(person: string): Promise<string> {
    const known = this.#tokens.get(person);
    if (known !== undefined) return known;
    const { token } = await this.#request<{ token: string }>(null, 'POST', '/api/session', 201, { person });
    this.#tokens.set(person, token);
    return token;
  }

  /** Every item of a list, page by page. */
  async all<T>(person: string | null, url: string): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? url : `${url}${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.#request<Page<T>>(person, 'GET', next, 200);
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }

  /** The guide of every process. */
  guides(): Promise<Guide[]> {
    return this.all<Guide>(null, '/api/guide');
  }

  /** The guide of one process, with an example made just now. */
  guide(id: string): Promise<Guide> {
    return this.#request<Guide>(null, 'GET', `/api/guide/${id}`, 200);
  }

  /** The path ahead. */
  async preview(person: string, process: string, form: unknown): Promise<{ step: string; assignees: { id: string }[] }[]> {
    const body = { process, form };
    const answer = await this.#request<{ steps: { step: string; assignees: { id: string }[] }[] }>(
      person,
      'POST',
      '/api/matters/preview',
      200,
      body,
    );
    return answer.steps;
  }

  /** Applies with an example. */
  apply(process: string, { person, form, attachments }: Guide['example']): Promise<ContractMatter> {
    return this.#request<ContractMatter>(person, 'POST', '/api/matters', 201, { process, form, attachments });
  }

  /** The live view. */
  matter(person: string, no: string): Promise<ContractMatter> {
    return this.#request<ContractMatter>(person, 'GET', `/api/matters/${no}`, 200);
  }

  /**
   * Does what the first open task offers its first assignee; where nobody is asked, carries to their ends the matters that this one
   * waits for. @returns the matter after it.
   */
  async step(matter: ContractMatter): Promise<ContractMatter> {
    const open = matter.tasks.find((one) => one.waiting !== true);
    if (open === undefined) return this.#seeToLinks(matter);
    const person = open.assignees[0]?.id;
    if (person === undefined) throw new Error(`${open.name} of ${matter.no} asks nobody`);
    const boxes = [...(await this.all<ContractTask>(person, '/api/tasks?box=todo')), ...(await this.#toRead(person))];
    const task = boxes.find((one) => one.id === open.id);
    if (task === undefined) throw new Error(`${open.id} of ${matter.no} is in no list of ${person}`);
    const action = ['agree', 'complete', 'read'].map((word) => task.actions.find((one) => one.action === word)).find(Boolean);
    if (action === undefined) throw new Error(`${task.name} of ${matter.no} offers nothing that carries it on`);
    return this.#request<ContractMatter>(person, 'POST', `/api/tasks/${task.id}/actions`, 200, {
      action: action.action,
      ...(action.opinion === 'required' ? { opinion: '同意' } : {}),
      ...(action.output === undefined ? {} : { output: action.output.example }),
    });
  }

  async #seeToLinks(matter: ContractMatter): Promise<ContractMatter> {
    const { applicant, no } = matter;
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const now = await this.matter(applicant.id, no);
      if (now.tasks.length > 0 || !isOpen(now)) return now;
      for (const link of now.links ?? []) {
        if (link.no !== null && link.status === 'open') await this.carryToEnd(await this.matter(applicant.id, link.no));
      }
      // What became of them is told by another workflow; asking again is all that a client can do.
      await pause(ASK_AGAIN_MS);
    }
    throw new Error(`${no} is ${matter.status} and asks nobody`);
  }

  #toRead(person: string): Promise<ContractTask[]> {
    return this.all<ContractTask>(person, '/api/tasks?box=read');
  }

  /** Carries a matter to its end. @returns it as it ended, and the steps gone through. */
  async carryToEnd(started: ContractMatter): Promise<{ matter: ContractMatter; path: string[] }> {
    const path: string[] = [];
    let matter = started;
    for (let turn = 0; isOpen(matter); turn += 1) {
      if (turn >= TURNS_MAX) throw new Error(`${matter.no} did not end after ${TURNS_MAX} turns: ${path.join(' → ')}`);
      const [open] = matter.tasks;
      if (open !== undefined) path.push(open.step);
      matter = await this.step(matter);
    }
    return { matter, path };
  }

  /** The hash-chained record. */
  audit(person: string, no: string): Promise<AuditEntry[]> {
    return this.all<AuditEntry>(person, `/api/matters/${no}/audit?limit=7`);
  }

  /** The history for people. */
  timeline(person: string, no: string): Promise<{ sequence: number; text: string; who: string | null }[]> {
    return this.all(person, `/api/matters/${no}/timeline?limit=7`);
  }

  /** The rows of a register. */
  register(person: string, process: string): Promise<Record<string, unknown>[]> {
    return this.all(person, `/api/registers/${process}`);
  }
}
