/**
 * Random walks of random commands over every published definition and over random ones, with every promise that the machine can
 * break checked after each transition. `WALKS` sets how many, `SEED` repeats a run.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../definitions/catalog.ts';
import { formsOf } from '../../definitions/forms.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { settingValues } from '../../definitions/language/settings.ts';
import { contextAt } from '../../workflows/machine/context.ts';
import { isSideStep, type Matter, type Task } from '../../workflows/machine/state.ts';
import { parseKey, placeOf } from '../../workflows/machine/tree.ts';
import type { World } from '../../workflows/machine/world.ts';
import { given, sampleFiles } from '../support/machine.ts';
import type { Ground, Tally } from './support/ground.ts';
import { movesOf } from './support/moves.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { buildPlan, type HandleOutput, plans } from './support/trees.ts';
import { Walk } from './support/walker.ts';

const walks = Number(process.env.WALKS ?? 2_000);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const COMMANDS = 40;
/** Ten minutes, or longer for the nightly number of walks on a busy core. */
const PATIENCE_MS = Math.max(600_000, walks * 500);

/** Runs a property and says its seed, so that a failure can be repeated. */
function everywhere<T extends unknown[]>(property: fc.IProperty<T>, numRuns: number): void {
  console.info(`${numRuns} walks, SEED=${seed}`);
  fc.assert(property, { numRuns, seed, endOnFailure: false });
}

const START = '2026-03-02T01:00:00.000Z';

const forms = fc
  .tuple(
    fc.subarray(['u-a', 'u-b', 'u-vacant', cast.headA]),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([items, flags, urgent]) => ({ items, flags, urgent }));

function handled(pick: number): HandleOutput & JsonObject {
  const items = ['u-a', 'u-b', 'u-vacant'].slice(0, pick % 4);
  return { items, flag: pick % 2 === 0, stop: pick % 37 === 0 };
}

function smallWorld(vacant: boolean): Omit<World, 'now'> {
  return {
    directory: smallSchool(vacant ? ['process-administrator', 'vice-leader'] : []),
    calendar: smallCalendar,
    settings: {},
    no: 'TEST-2026-0001',
    files: {},
    facts: {},
    schemas: {
      form: (value) =>
        value !== null && typeof value === 'object' && 'bad' in value ? [{ path: '/form/bad', message: '不可' }] : [],
      outputs: {},
    },
  };
}

const tally: Tally = new Map();

describe('random walks', () => {
  test(
    'no walk over a random definition breaks a promise',
    () => {
      const applicants = [cast.applicant, cast.applicant, cast.headA, cast.administrator, cast.director, cast.president];
      const property = fc.property(
        plans,
        forms,
        fc.constantFrom(...applicants),
        fc.boolean(),
        movesOf(COMMANDS),
        (plan, form, applicant, vacant, moves) => {
          new Walk(
            {
              definition: buildPlan(plan),
              world: smallWorld(vacant),
              startAt: START,
              applicant,
              form,
              people: Object.values(cast),
              output: (_matter, _task, _now, pick) => handled(pick),
              correction: (matter, _now, pick) =>
                pick % 5 === 0
                  ? { bad: true }
                  : { ...matter.form, flags: [pick % 2 === 0, pick % 3 === 0, pick % 5 === 0, true] },
            },
            tally,
          ).run(moves);
        },
      );
      everywhere(property, walks);
    },
    PATIENCE_MS,
  );

  test.each(Object.keys(catalog))(
    'no walk over %s breaks a promise',
    (key) => {
      const walked = fc.property(movesOf(COMMANDS), fc.nat(3), (moves, serial) => {
        new Walk(publishedGround(key, serial), tally).run(moves);
      });
      everywhere(walked, Math.ceil(walks / 20));
    },
    PATIENCE_MS,
  );

  test('the walks came to every kind of event and refusal', () => {
    const missing = EXPECTED.filter((what) => !tally.has(what));
    expect(missing).toEqual([]);
  });
});

const EXPECTED = [
  'MatterStarted',
  'StepOpened',
  'TaskOpened',
  'TaskActed',
  'TaskClosed',
  'StepClosed',
  'StepSkipped',
  'BranchChosen',
  'BlockOpened',
  'BranchFinished',
  'BlockClosed',
  'EffectDone',
  'EffectUndone',
  'MatterReturned',
  'FormCorrected',
  'AlarmRang',
  'ReportRequested',
  'ReportMissed',
  'ProgressReported',
  'ClockStopped',
  'ClockResumed',
  'Commented',
  'Urged',
  'MatterEnded',
  'TaskClaimed',
  'TaskReleased',
  'TaskHeld',
  'TaskResumed',
  'SeatReassigned',
  'SignersAdded',
  'SignersRemoved',
  'ActTakenBack',
  'Circulated',
  'AdviceAsked',
  'BranchEntered',
  'WaitBegan',
  'WaitEnded',
  'MattersLinked',
  'LinkChanged',
  'AdminIntervened',
  'DueChanged',
  'Escalated',
  'SilenceCounted',
  'Supplemented',
  'refused task-unknown',
  'refused not-allowed',
  'refused matter-ended',
  'refused task-closed',
  'refused action-not-offered',
  'refused too-late',
  'refused too-early',
  'refused bad-input',
];

/** A published definition at the demo school, with the guide's own examples. */
function publishedGround(key: string, serial: number): Ground {
  const definition = catalog[key];
  if (definition === undefined) throw new Error(`${key} is not in the catalog`);
  const rehearsal = given(definition);
  const { world } = rehearsal;
  const example = rehearsal.example(serial);
  const { outputExamples } = formsOf(definition);
  const make = (matter: Matter, task: Task, now: string, pick: number): JsonObject => {
    if (task.kind === 'advise' || task.kind === 'read' || isSideStep(task.step)) return {};
    const { loops } = placeOf(definition, task.step);
    const { form, outputs, item, startedAt } = contextAt(definition, matter, loops, parseKey(task.visit).scope);
    const { calendar, directory } = world;
    const settings = settingValues(definition.settings, {});
    const base = { now, calendar, directory, settings, files: sampleFiles, serial: pick, form, outputs, item, startedAt };
    const free = (kind: string): string[] =>
      Object.values(directory.resources)
        .filter((one) => one.kind === kind && one.active)
        .map((one) => one.id);
    return outputExamples[task.step]?.({ ...base, free }) ?? {};
  };
  return {
    definition,
    world,
    startAt: rehearsal.now,
    applicant: example.person,
    form: example.form,
    people: Object.keys(world.directory.people).slice(0, 40),
    output: make,
    correction: (matter) => matter.form,
    gated: true,
  };
}
