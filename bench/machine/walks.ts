/** The walks whose transitions are measured: every step of a matter with what the machine was given, ready to be decided again. */
import { findDefinition } from '../../definitions/catalog.ts';
import { formsOf } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { demoCalendar, exampleContextOf, type School, sampleFiles, worldOf } from '../../tests/support/school.ts';
import type { Command } from '../../workflows/machine/commands.ts';
import { contextAt } from '../../workflows/machine/context.ts';
import { decide } from '../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { type Matter, type MatterState, newMatter, type Task } from '../../workflows/machine/state.ts';
import { parseKey, placeOf } from '../../workflows/machine/tree.ts';
import type { World } from '../../workflows/machine/world.ts';

/** One transition with everything it was decided on. */
export interface Recorded {
  state: MatterState;
  command: Command;
  world: World;
}

/** A matter carried from its form to its end, or as far as was asked for. */
export interface RecordedWalk {
  definition: ProcessDefinition;
  steps: Recorded[];
  events: MatterEvent[];
  matter: Matter;
}

const START = '2026-03-02T01:00:00.000Z';
const school: School = { directory: grown(20), calendar: demoCalendar, settings: {}, files: [], facts: {} };

/** The demo university with at least so many units that have a head: those that it lacks are made like one that it has. */
function grown(units: number): Directory {
  const directory = structuredClone(demoUniversity());
  const heads = Object.values(directory.posts).filter((post) => post.role === 'unit-head');
  const [like] = heads;
  const unit = like === undefined ? undefined : directory.units[like.unit];
  if (like === undefined || unit === undefined) throw new Error('The demo university has no unit with a head');
  for (let serial = heads.length + 1; serial <= units; serial += 1) {
    const id = `u-more-${serial}`;
    directory.units[id] = { ...unit, id, name: `单位${serial}` };
    directory.posts[`head-${serial}`] = { ...like, id: `head-${serial}`, unit: id };
  }
  return directory;
}

/** The published definition of a process at version 1. Throws when there is none. */
function published(id: string): ProcessDefinition {
  const found = findDefinition(id, 1);
  if (found === undefined) throw new Error(`${id}@1 is not in the catalog: measure another process`);
  return found;
}

/** A matter being carried on, each of its transitions kept. */
class Recorder {
  readonly steps: Recorded[] = [];
  readonly events: MatterEvent[] = [];
  readonly definition: ProcessDefinition;
  state: MatterState = newMatter('m1');

  constructor(definition: ProcessDefinition) {
    this.definition = definition;
  }

  get matter(): Matter {
    if (this.state.phase === 'new') throw new Error('The matter has not been started');
    return this.state;
  }

  give(body: Body, person: string): this {
    const now = new Date(Date.parse(START) + this.steps.length * 60_000).toISOString();
    // The body lacks the envelope only, which no union of commands can tell.
    const command = { ...body, id: `c${this.steps.length + 1}`, by: { kind: 'person', id: person }, bodyHash: null } as Command;
    const world = worldOf(this.definition, now, school);
    const decided = decide(this.definition, this.state, command, world);
    if (isRefusal(decided)) throw new Error(`${command.type}: ${decided.message} ${JSON.stringify(decided.faults)}`);
    this.steps.push({ state: this.state, command, world });
    this.events.push(...decided.events);
    this.state = decided.matter;
    return this;
  }

  start(person: string, form: JsonObject): this {
    const { id, version } = this.definition;
    return this.give({ type: 'start', processId: id, version, form, attachments: [] }, person);
  }

  /** Acts on the first open task with its example. */
  onward(): this {
    const task = Object.values(this.matter.tasks)[0];
    const person = task?.assignees[0];
    if (task === undefined || person === undefined) throw new Error(`Nobody can act on ${this.matter.no}`);
    const action = task.kind === 'approve' ? 'agree' : task.kind === 'read' ? 'read' : 'complete';
    const output = action === 'complete' ? this.#example(task) : null;
    const rest = { opinion: '同意', output, attachments: [], returnOrder: null };
    return this.give({ type: 'act', task: task.id, action, ...rest }, person.id);
  }

  #example(task: Task): JsonObject {
    const { loops } = placeOf(this.definition, task.step);
    const { form, outputs, item, startedAt } = contextAt(this.definition, this.matter, loops, parseKey(task.visit).scope);
    const base = exampleContextOf(this.definition, this.matter.updatedAt, school, this.steps.length);
    return formsOf(this.definition).outputExamples[task.step]?.({ ...base, form, outputs, item, startedAt }) ?? {};
  }

  done(): RecordedWalk {
    const { definition, steps, events, matter } = this;
    return { definition, steps, events, matter };
  }
}

type Body = Bare<Exclude<Command, { type: 'tick' }>>;
type Bare<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

/** 用印 from its form to its end with the guide's example. */
export function sealUseWalk(): RecordedWalk {
  const definition = published('seal-use');
  const example = formsOf(definition).example(exampleContextOf(definition, START, school, 1));
  const recorder = new Recorder(definition).start(example.person, example.form);
  while (recorder.matter.phase === 'open') recorder.onward();
  return recorder.done();
}

/** A follow-up of one lead unit and as many assisting ones as make `units` together. */
function followUp(units: number): Recorder {
  const lead = 'u-academic';
  const heads = Object.values(school.directory.posts).filter((post) => post.role === 'unit-head' && post.holders.length > 0);
  const assist = [...new Set(heads.map((post) => post.unit))].filter((unit) => unit !== lead).slice(0, units - 1);
  if (assist.length < units - 1)
    throw new Error(`The demo school has ${assist.length} other units with a head, not ${units - 1}`);
  const form: JsonObject = {
    leader: demoCast.viceForAcademic,
    instructedOn: '2026-03-02',
    text: '请教务处抓紧研究并报结果。',
    scan: sampleFiles.pdf,
    source: '收文',
    sourceNo: '收文〔2026〕18号',
    title: '改进选课服务',
    lead,
    assist,
    urgency: '平件',
    difficulty: '一般',
    feedback: '每周反馈',
  };
  return new Recorder(published('instruction-follow-up')).start(demoCast.officeClerk, form);
}

/** 督办 of so many units from its registration to its end. */
export function followUpWalk(units: number): RecordedWalk {
  const recorder = followUp(units);
  while (recorder.matter.phase === 'open') recorder.onward();
  return recorder.done();
}

/** A 督办 that goes on and on: feedback, remarks and papers by turns, until its record has so many events. */
export function longFollowUp(events: number): RecordedWalk {
  const recorder = followUp(5);
  const reporting = () =>
    Object.values(recorder.matter.tasks).find((task) => {
      const step = placeOf(recorder.definition, task.step).step;
      return step.kind === 'handle' && step.reports !== undefined;
    });
  while (reporting() === undefined) recorder.onward();
  const task = reporting();
  const handler = task?.assignees[0]?.id ?? '';
  while (recorder.events.length < events) {
    const number = recorder.events.length;
    const report = { text: `第${number}次进展`, percent: number % 100, attachments: [], task: task?.id ?? null };
    if (number % 2 === 0) recorder.give({ type: 'report', ...report }, handler);
    else recorder.give({ type: 'comment', text: `第${number}条留言` }, demoCast.supervisor);
  }
  return recorder.done();
}
