/** What the journeys of `journeys.ts` travel with: the office over HTTP, and what may befall it from outside. */
import { setTimeout as pause } from 'node:timers/promises';
import type { MatterView, OfficeClient } from '../../scripts/demo/office-client.ts';
import type { WorkflowClock } from '../harness/time-skipping.ts';

/** What a journey works with. */
export interface Traveller {
  client: OfficeClient;
  /** The clock of a matter's workflow. */
  clockOf: (no: string) => Promise<WorkflowClock>;
  /** Applies with the example of the version before the newest one. */
  applyFormer: (id: string) => Promise<MatterView>;
  /** Changes something of the school's. `url` such as `/api/calendar`. */
  put: (person: string, url: string, body: Record<string, unknown>) => Promise<void>;
  /** Temporal loses the workflow of a matter. */
  lose: (no: string) => Promise<void>;
  /** Does something while no transition of a matter gets through, until the workflow has fallen back on its patient tries. */
  whileHeld: <T>(no: string, work: () => Promise<T>) => Promise<T>;
}

/** A path through a process; every run of its workflow is kept, and of those that it started. */
export interface Journey {
  process: string;
  path: string;
  travel: (traveller: Traveller) => Promise<MatterView>;
}

/** A matter with those that it started, as its view has them. */
interface LinkedView extends MatterView {
  links: { no: string | null; status: string }[];
}

interface Item {
  id: string;
  matter: string;
  actions: { action: string }[];
}

const ASK_AGAIN_MS = 50;
const PATIENCE_MS = 30_000;

/** Whether a matter has not ended. */
export function isOpen({ status }: MatterView): boolean {
  return status === 'open' || status === 'suspended';
}

/** Applies with the example of a process, changed. */
export async function applied({ client }: Traveller, id: string, changes: Record<string, unknown> = {}): Promise<MatterView> {
  const { example } = await client.guide(id);
  return client.apply(id, { ...example, form: { ...example.form, ...changes } });
}

/** The matter as its applicant sees it now. */
export function seen({ client }: Traveller, { applicant, no }: MatterView): Promise<MatterView> {
  return client.request<MatterView>(applicant.id, 'GET', `/api/matters/${no}`);
}

/** Does something with whatever task of a matter offers it to a person. @throws when none of theirs does. */
export async function does(
  { client }: Traveller,
  matter: MatterView,
  person: string,
  body: { action: string; [more: string]: unknown },
): Promise<MatterView> {
  for (const box of ['todo', 'read', 'done']) {
    const items = await client.all<Item>(person, `/api/tasks?box=${box}&limit=200`);
    const found = items.find((one) => one.matter === matter.no && one.actions.some(({ action }) => action === body.action));
    if (found !== undefined) return client.act(person, found.id, body);
  }
  throw new Error(`No task of ${matter.no} offers ${person} ${body.action}`);
}

/** Waits until a matter has ended or asks somebody again. What another workflow tells it can only be asked for. */
async function untilAsked(traveller: Traveller, matter: MatterView): Promise<MatterView> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(ASK_AGAIN_MS)) {
    const now = await seen(traveller, matter);
    if (now.tasks.length > 0 || !isOpen(now)) return now;
  }
  throw new Error(`${matter.no} asks nobody and hears nothing`);
}

/** The open matter that a matter has started and waits for. */
export async function startedBy(traveller: Traveller, matter: MatterView): Promise<MatterView> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(ASK_AGAIN_MS)) {
    // A matter's view has its links; the client of the demo does not ask for them.
    const { links } = (await seen(traveller, matter)) as LinkedView;
    const no = links.find((one) => one.status === 'open')?.no ?? null;
    if (no !== null) return seen(traveller, { ...matter, no });
  }
  throw new Error(`${matter.no} has started nothing`);
}

/** Carries a matter to its end, and those that it waits for. */
export async function toEnd(traveller: Traveller, matter: MatterView): Promise<MatterView> {
  let now = await traveller.client.carry(matter);
  while (isOpen(now)) {
    await traveller.client.carry(await startedBy(traveller, now));
    now = await traveller.client.carry(await untilAsked(traveller, now));
  }
  return now;
}

/** Sent back by the first who is asked. */
export async function returned(
  { client }: Traveller,
  matter: MatterView,
  to = 'applicant',
  next: 'replay' | 'back' = 'replay',
): Promise<MatterView> {
  const { person, task } = await client.turnOf(matter);
  // biome-ignore lint/suspicious/noThenProperty: the contract's word (design §6).
  return client.act(person, task.id, { action: 'return', to, then: next, opinion: '请补充说明后再报' });
}
