/** A month of a school at work in virtual time: matters that its people carry on at their own pace, some of them too slow. */
import type { Client } from '@temporalio/client';
import type { RunningApi } from '../../api/build.ts';
import { HttpProblem, type MatterView, OfficeClient, type Send } from '../../scripts/demo/office-client.ts';
import { WorkflowClock } from '../../tests/harness/time-skipping.ts';

const DAY_MS = 86_400_000;

/** One matter under way. */
interface Course {
  id: string;
  matter: MatterView;
  clock: WorkflowClock;
  /** What was last reported of it. */
  percent: number;
}

/** What a month is played with. */
export interface Stage {
  api: RunningApi;
  client: Client;
  /** Numbers from 0 to 1, the same for the same seed. */
  random: () => number;
  say: (line: string) => void;
}

/** How likely it is that somebody turns to a task on a day; a few people are slow, and what lies with them becomes late. */
const DILIGENCE = { quick: 0.75, slow: 0.12, slowPeople: 0.2 };
/** How likely it is that who works on something for weeks reports its progress when a look is taken. */
const REPORTING = 0.45;
/** Steps that take weeks: nobody finishes them on the first day. */
const LONG_STEPS = new Set(['undertake', 'assist', 'work', 'progress']);

/** Sends to an API in this process, without a socket. */
export function sendTo(api: RunningApi): Send {
  return async (method, url, headers, body) => {
    const response = await api.api.inject({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const after = response.headers['retry-after'];
    return {
      status: response.statusCode,
      body: response.body === '' ? null : response.json(),
      retryAfter: after === undefined ? null : Number(after),
    };
  };
}

/** The school. Its time is that of all its matters. */
export class University {
  readonly #stage: Stage;
  readonly #client: OfficeClient;
  readonly #slow = new Map<string, boolean>();
  readonly #courses: Course[] = [];
  #aheadMs = 0;
  /** What people were refused: plans that the rules had none of. */
  refused = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#client = new OfficeClient(sendTo(stage.api));
    stage.api.context.now = () => this.now;
  }

  /** The school's time, UTC. */
  get now(): string {
    return new Date(Date.now() + this.#aheadMs).toISOString();
  }

  /** How many matters there are, and how many of them have ended. */
  get count(): { all: number; ended: number } {
    return { all: this.#courses.length, ended: this.#courses.filter((one) => one.matter.tasks.length === 0).length };
  }

  /** Somebody applies as the guide's example shows, with other words. */
  async apply(processId: string, changes: (form: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const { example } = await this.#client.guide(processId);
    try {
      const matter = await this.#client.apply(processId, { ...example, form: { ...example.form, ...changes(example.form) } });
      const { items } = await this.#client.request<{ items: { matterId: string }[] }>(
        example.person,
        'GET',
        `/api/matters/${matter.no}/audit?limit=1`,
      );
      const id = items[0]?.matterId ?? '';
      this.#courses.push({ id, matter, clock: new WorkflowClock(this.#stage.client, id), percent: 0 });
    } catch (error) {
      this.#note(error);
    }
  }

  /**
   * Lets days pass; after each stretch people turn to what lies with them.
   * @param stretch days between two looks.
   * @param look what else is done on each of these days.
   */
  async pass(days: number, stretch: number, look: () => Promise<void>): Promise<void> {
    for (let gone = 0; gone < days; gone += stretch) {
      this.#aheadMs += Math.min(stretch, days - gone) * DAY_MS;
      await this.#inLanes((course) => course.clock.forwardTo(this.now));
      await this.#inLanes((course) => this.#look(course));
      await look();
      const { all, ended } = this.count;
      this.#stage.say(`  ${this.now.slice(0, 10)}: ${ended} of ${all} matters have ended`);
    }
  }

  async #inLanes(work: (course: Course) => Promise<void>): Promise<void> {
    const left = this.#courses.filter((one) => one.matter.tasks.length > 0).values();
    const lane = async () => {
      for (const course of left) await work(course);
    };
    await Promise.all(Array.from({ length: 4 }, lane));
  }

  /** What a matter's people do on a day. */
  async #look(course: Course): Promise<void> {
    for (let turns = 0; turns < 6; turns += 1) {
      course.matter = await this.#client.request<MatterView>(
        course.matter.applicant.id,
        'GET',
        `/api/matters/${course.matter.no}`,
      );
      const task = course.matter.tasks[0];
      if (task === undefined) return;
      const person = task.assignees[0]?.id ?? '';
      const long = LONG_STEPS.has(task.step);
      if (long && this.#stage.random() < REPORTING) await this.#report(course, person);
      const chance = this.#isSlow(person) ? DILIGENCE.slow : DILIGENCE.quick;
      if (this.#stage.random() > (long ? chance / 4 : chance)) return;
      try {
        course.matter = await this.#client.carryOn(course.matter, task.step);
      } catch (error) {
        this.#note(error);
        return;
      }
    }
  }

  #isSlow(person: string): boolean {
    const known = this.#slow.get(person);
    if (known !== undefined) return known;
    const slow = this.#stage.random() < DILIGENCE.slowPeople;
    this.#slow.set(person, slow);
    return slow;
  }

  /** Progress never goes back. */
  async #report(course: Course, person: string): Promise<void> {
    const percent = Math.min(95, course.percent + Math.floor(this.#stage.random() * 30));
    const text = `已完成约${percent}%,正按推进计划逐项落实,各节点均有专人负责,暂无需要协调的事项`;
    try {
      await this.#client.command(person, course.matter.no, { type: 'report', text, percent });
      course.percent = percent;
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error: unknown): void {
    // Rules refuse what a random person tries; anything else is a fault of ours.
    if (!(error instanceof HttpProblem) || error.status >= 500) throw error;
    this.refused += 1;
    if (this.refused <= 10) this.#stage.say(`  refused: ${error.message.slice(0, 240)}`);
  }
}
