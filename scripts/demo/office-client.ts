/** The people of a school at work over HTTP: applying, and doing what their tasks offer. Knows the outside contract only. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** One HTTP answer; `retryAfter` in seconds, null without one. */
export interface HttpAnswer {
  status: number;
  body: unknown;
  retryAfter: number | null;
}
/** Sends one request. */
export type Send = (method: 'GET' | 'POST', url: string, headers: Record<string, string>, body: unknown) => Promise<HttpAnswer>;

/** What is applied for, and by whom. */
export interface Application {
  person: string;
  form: Record<string, unknown>;
  attachments: string[];
}
/** A process's guide, with an example made just now. */
export interface GuideView {
  id: string;
  name: string;
  example: Application;
}
/** One thing that can be done with a task. */
export interface ActionView {
  action: string;
  opinion: 'required' | 'optional' | 'none';
  output?: { example: Record<string, unknown> };
}
/** A task. `actions` are those of whoever asks, so they may be empty inside a matter that somebody else shows. */
export interface TaskView {
  id: string;
  step: string;
  name: string;
  assignees: { id: string; name: string }[];
  actions: ActionView[];
}
/** A matter. */
export interface MatterView {
  no: string;
  process: string;
  title: string;
  status: string;
  applicant: { id: string };
  tasks: TaskView[];
}
/** An open task with the person who may act on it and what they may do. */
export interface Turn {
  person: string;
  task: TaskView;
}

/** An answer that is no success. */
export class HttpProblem extends Error {
  readonly status: number;
  constructor(what: string, { status, body }: HttpAnswer) {
    super(`${what}: ${status} ${JSON.stringify(body)}`);
    this.status = status;
  }
}

/** How often a request is repeated with its own key while the answer is "not yet". */
const TRIES_MAX = 30;
const CARRY_ON = ['agree', 'complete', 'read'];

/** A client that is everybody. */
export class OfficeClient {
  readonly #send: Send;
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** @throws HttpProblem on any answer but 200 and 201; 202, 429 and 503 are waited out. */
  async request<T>(person: string | null, method: 'GET' | 'POST', url: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    if (person !== null) headers.authorization = `Bearer ${await this.#tokenOf(person)}`;
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#send(method, url, headers, body);
      // The contract fixes the shape.
      if (answer.status === 200 || answer.status === 201) return answer.body as T;
      if (![202, 429, 503].includes(answer.status) || tries === TRIES_MAX) {
        throw new HttpProblem(`${method} ${url} as ${person ?? 'nobody'}`, answer);
      }
      await pause((answer.retryAfter ?? 1) * 1000);
    }
  }

  #tokenOf(person: string): Promise<string> {
    const known = this.#tokens.get(person);
    if (known !== undefined) return known;
    const token = this.request<{ token: string }>(null, 'POST', '/api/session', { person }).then((one) => one.token);
    this.#tokens.set(person, token);
    return token;
  }

  /** Every item of a list, page by page. */
  async all<T>(person: string | null, url: string): Promise<T[]> {
    const found: T[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: string = cursor === '' ? url : `${url}${url.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor: string | null } = await this.request(person, 'GET', next);
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }

  /** Ids of all processes, in the order of the guide. */
  async processes(): Promise<string[]> {
    return (await this.all<{ id: string }>(null, '/api/guide')).map((one) => one.id);
  }

  /** The guide of one process. */
  guide(id: string): Promise<GuideView> {
    return this.request<GuideView>(null, 'GET', `/api/guide/${id}`);
  }

  /** Applies. */
  apply(id: string, { person, form, attachments }: Application): Promise<MatterView> {
    return this.request<MatterView>(person, 'POST', '/api/matters', { process: id, form, attachments });
  }

  /** A command on a matter as a whole. */
  command(person: string, no: string, body: Record<string, unknown>): Promise<MatterView> {
    return this.request<MatterView>(person, 'POST', `/api/matters/${no}/commands`, body);
  }

  /** Acts on a task. */
  act(person: string, task: string, body: Record<string, unknown>): Promise<MatterView> {
    return this.request<MatterView>(person, 'POST', `/api/tasks/${task}/actions`, body);
  }

  /** An open task of a matter, as its first assignee sees it. @throws when the matter asks nobody. */
  async turnOf(matter: MatterView, step?: string): Promise<Turn> {
    const open = matter.tasks.find((task) => step === undefined || task.step === step);
    const person = open?.assignees[0]?.id;
    if (open === undefined || person === undefined) throw new Error(`${matter.no} is ${matter.status} and asks nobody`);
    const { tasks } = await this.request<MatterView>(person, 'GET', `/api/matters/${matter.no}`);
    const task = tasks.find((one) => one.id === open.id);
    if (task === undefined) throw new Error(`${open.name} of ${matter.no} is not there for ${person}`);
    return { person, task };
  }

  /** Does what carries a task on: agrees, completes with the example output, or has read. */
  async carryOn(matter: MatterView, step?: string): Promise<MatterView> {
    const { person, task } = await this.turnOf(matter, step);
    const action = task.actions.find((one) => CARRY_ON.includes(one.action));
    if (action === undefined) throw new Error(`${task.name} of ${matter.no} offers nothing that carries it on`);
    return this.act(person, task.id, {
      action: action.action,
      ...(action.opinion === 'required' ? { opinion: '同意' } : {}),
      ...(action.output === undefined ? {} : { output: action.output.example }),
    });
  }

  /** Carries a matter on until it has ended, or a step is open, or a number of turns has been taken. */
  async carry(matter: MatterView, { until, turns = 200 }: { until?: string; turns?: number } = {}): Promise<MatterView> {
    let now = matter;
    for (let turn = 0; turn < turns && now.tasks.length > 0 && !now.tasks.some((task) => task.step === until); turn += 1) {
      now = await this.carryOn(now);
    }
    return now;
  }
}

/** Sends to a running Piban. @param base such as `http://127.0.0.1:8080`. */
export function sendTo(base: string): Send {
  return async (method, url, headers, body) => {
    const answer = await fetch(`${base}${url}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const retryAfter = answer.headers.get('retry-after');
    return {
      status: answer.status,
      body: text === '' ? null : JSON.parse(text),
      retryAfter: retryAfter === null ? null : Number(retryAfter),
    };
  };
}
