/** One matter whose time is skipped: its people act, its months go by, and it is looked at through its record. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Gateway } from '../../../api/gateway.ts';
import type { Database } from '../../../db/client.ts';
import { allEventRows, eventOf } from '../../../db/events.ts';
import { matterById } from '../../../db/matters.ts';
import type { Command } from '../../../workflows/machine/commands.ts';
import type { EventOf, EventType, MatterEvent } from '../../../workflows/machine/events.ts';
import type { Matter } from '../../../workflows/machine/state.ts';
import type { Action } from '../../../workflows/machine/words.ts';
import { WorkflowClock } from '../time-skipping.ts';
import { monthProcess, people } from './processes.ts';

/** What a matter is played with. */
export interface Stage {
  client: Client;
  gateway: Gateway;
  db: Database;
}

type Bare<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

/** A matter of the month's process. */
export class MonthMatter {
  readonly id = randomUUID();
  readonly clock: WorkflowClock;
  readonly #stage: Stage;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.clock = new WorkflowClock(stage.client, this.id);
  }

  /** Applies. */
  static async started(stage: Stage, name: string): Promise<MonthMatter> {
    const matter = new MonthMatter(stage);
    const { id: processId, version } = monthProcess;
    await matter.give(people.applicant, { type: 'start', processId, version, form: { name }, attachments: [] });
    return matter;
  }

  /** The state as it stands in the record. */
  async state(): Promise<Matter> {
    const row = await matterById(this.#stage.db, this.id);
    if (row === null) throw new Error(`Matter ${this.id} was not recorded`);
    return row.state;
  }

  /** Its events. */
  async events(): Promise<MatterEvent[]> {
    return (await allEventRows(this.#stage.db, this.id)).map(eventOf);
  }

  /** Its events of one kind. */
  async of<T extends EventType>(type: T): Promise<EventOf<T>[]> {
    return (await this.events()).filter((event): event is EventOf<T> => event.type === type);
  }

  /** Somebody acts on their only open task. Throws when it is refused. */
  async act(person: string, action: Action): Promise<void> {
    const tasks = Object.values((await this.state()).tasks);
    const task = tasks.find((one) => one.assignees.some((who) => who.id === person));
    if (task === undefined) throw new Error(`${person} has nothing to do; open: ${tasks.map((one) => one.visit).join()}`);
    await this.give(person, {
      type: 'act',
      task: task.id,
      action,
      opinion: '意见',
      output: action === 'complete' ? { name: '完成' } : null,
      attachments: [],
      returnOrder: action === 'return' ? { to: 'applicant', next: 'replay' } : null,
    });
  }

  /** Any command as a person. Throws when it is not committed. */
  async give(person: string, body: Bare<Command>): Promise<void> {
    const id = randomUUID();
    const outcome = await this.#stage.gateway.submit(
      this.id,
      { ...body, id, by: { kind: 'person', id: person }, bodyHash: id },
      person,
    );
    if (outcome.kind !== 'committed') throw new Error(`${person} ${body.type}: ${JSON.stringify(outcome)}`);
  }

  /** Carries the matter on until a step is open, each acting at once. */
  async carryTo(step: 'third' | 'work' | 'sign'): Promise<void> {
    await this.act(people.reviewer, 'agree');
    if (step === 'third') return;
    await this.act(people.outside, 'complete');
    if (step === 'sign') await this.act(people.worker, 'complete');
  }
}
