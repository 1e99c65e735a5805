/** The preview says what then happens when the same answers are given: over random definitions, applicants and forms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { Command, StartMatter } from '../../workflows/machine/commands.ts';
import { decide } from '../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { isSideStep, type Matter, type MatterState, newMatter } from '../../workflows/machine/state.ts';
import { previewPath } from '../../workflows/machine/telling/preview.ts';
import type { World } from '../../workflows/machine/world.ts';
import { cast, smallCalendar, smallSchool } from '../machine/support/school.ts';
import { buildPlan, plans } from '../machine/support/trees.ts';
import { forwardOf } from './matrix/actions.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const runs = Math.ceil(Number(process.env.WALKS ?? 2_000) / 10);
const STEPS_MAX = 250;

const world: World = {
  now: '2026-03-02T01:00:00.000Z',
  directory: smallSchool(),
  calendar: smallCalendar,
  settings: {},
  no: '',
  files: {},
  facts: {},
  schemas: { form: () => [], outputs: {} },
  inForce: { child: { version: 1, since: null } },
};

/**
 * A matter that is really played: its people answer at the last moment, its linked matters are done at once. Its commands have the ids
 * that the preview gives them, since who is drawn by lot hangs on them.
 */
class Played {
  readonly events: MatterEvent[] = [];
  readonly #definition: ProcessDefinition;
  #state: MatterState = newMatter('preview');
  #now = world.now;
  #turn = 0;

  constructor(definition: ProcessDefinition, start: StartMatter) {
    this.#definition = definition;
    this.#give(start);
    while (this.#state.phase === 'open' && this.#turn < STEPS_MAX) this.#carryOn(this.#state);
  }

  #give(command: Command): void {
    const decided = decide(this.#definition, this.#state, command, { ...world, now: this.#now });
    if (isRefusal(decided)) throw new Error(`${command.type} was refused: ${decided.message}`);
    this.events.push(...decided.events);
    this.#state = decided.matter;
  }

  #carryOn(matter: Matter): void {
    const link = Object.values(matter.links).find((one) => one.status === 'asked' && matter.waits[one.step] !== undefined);
    if (link !== undefined) {
      const by = { kind: 'matter', id: link.matterId } as const;
      this.#give({
        type: 'linked',
        link: link.id,
        status: 'completed',
        no: 'C',
        text: '',
        id: `preview-${link.id}`,
        by,
        bodyHash: null,
      });
      this.#turn += 1;
      return;
    }
    const task = Object.values(matter.tasks).sort((a, b) => (a.due.dueAt < b.due.dueAt ? -1 : 1))[0];
    if (task === undefined) {
      this.#tick(matter);
      return;
    }
    const action = forwardOf(task);
    this.#now = task.due.dueAt;
    const rest = { opinion: '同意', output: action === 'complete' ? {} : null, attachments: [], returnOrder: null };
    const by = { kind: 'person', id: task.assignees[0]?.id ?? '' } as const;
    this.#give({ type: 'act', task: task.id, action, ...rest, id: `preview-${this.#turn}`, by, bodyHash: null });
    this.#turn += 1;
  }

  #tick(matter: Matter): void {
    const ends = Object.values(matter.waits).flatMap((wait) => (wait.kind === 'until' ? [wait.at] : []));
    const next = ends.sort()[0];
    if (next === undefined) throw new Error('Nobody can act, and nothing is waited for');
    if (next > this.#now) this.#now = next;
    this.#give({ type: 'tick', id: `preview-${this.#turn}`, by: { kind: 'clock' }, bodyHash: null });
    this.#turn += 1;
  }

  /** Each step that was opened: who was asked, until when. */
  get path(): { step: string; people: string[]; dueAt: string }[] {
    return this.events.flatMap((event) => {
      if (event.type !== 'StepOpened' || isSideStep(event.facts.step)) return [];
      const { step, roster = [], due } = event.facts;
      return [{ step, people: roster.flatMap((seat) => seat.assignees.map((one) => one.id)), dueAt: due.dueAt }];
    });
  }
}

const forms = fc.record({
  items: fc.subarray(['u-a', 'u-b', 'u-vacant']),
  flags: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  urgent: fc.boolean(),
});

function compare(definition: ProcessDefinition, applicant: string, form: JsonObject): void {
  const by = { id: 'start', by: { kind: 'person', id: applicant }, bodyHash: null } as const;
  const start: StartMatter = { type: 'start', processId: 'plain', version: 1, form, attachments: [], ...by };
  // Which of two things at one moment comes first is nobody's promise.
  const inOrder = <T extends { step: string; dueAt: string }>(path: readonly T[]): T[] =>
    [...path].sort((a, b) => (a.dueAt + a.step < b.dueAt + b.step ? -1 : 1));
  const told = previewPath(definition, start, world);
  if (isRefusal(told)) throw new Error(told.message);
  const preview = inOrder(told);
  const played = inOrder(new Played(definition, start).path);
  expect(preview.map((one) => one.step)).toEqual(played.map((one) => one.step));
  preview.forEach((one, at) => {
    const then = played[at];
    expect(one.dueAt, one.step).toBe(then?.dueAt);
    // Nobody is promised where only an output could name them.
    if (one.assignees.length > 0)
      expect(
        one.assignees.map((person) => person.id),
        one.step,
      ).toEqual(then?.people);
  });
}

describe('the preview', () => {
  test('is what then happens, when the same answers are given', { timeout: 600_000 }, () => {
    console.info(`${runs} previews, SEED=${seed}`);
    const people = fc.constantFrom(cast.applicant, cast.headA, cast.director, cast.president);
    fc.assert(
      fc.property(plans, forms, people, (plan, form, applicant) => compare(buildPlan(plan), applicant, form)),
      { numRuns: runs, seed, endOnFailure: false },
    );
  });
});
