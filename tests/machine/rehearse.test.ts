/** Goal: a rehearsal comes to the end of each path, says what happens on it, and finds a definition that comes to none. */
import { describe, expect, test } from 'vitest';
import { definitions } from '../../definitions/catalog.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { plansOf } from '../../scripts/rehearse/plans.ts';
import type { EventType } from '../../workflows/machine/events.ts';
import { REHEARSAL_LIMITS, type RehearsalPlan, type RehearsedPath, rehearse } from '../../workflows/machine/telling/rehearse.ts';
import { placesOf } from '../../workflows/machine/tree.ts';
import { demoCalendar, given } from '../support/machine.ts';
import { plainDefinition } from './support/trees.ts';

const MONDAY = '2026-03-02T01:00:00.000Z';
const newest = definitions.filter((one) => !definitions.some((other) => other.id === one.id && other.version > one.version));

function acted(path: RehearsedPath): string[] {
  return path.events.flatMap((event) =>
    event.type === 'TaskActed' ? [`${event.facts.step} ${event.facts.decision.action}`] : [],
  );
}

function has(path: RehearsedPath, type: EventType): boolean {
  return path.events.some((event) => event.type === type);
}

describe.each(newest)('$id@$version', (definition) => {
  const paths = [...rehearse(definition, plansOf(definition, MONDAY))];

  test('comes to an end on every path, within the bound', () => {
    expect(paths.filter((path) => path.outcome === null).map((path) => path.name)).toEqual([]);
    expect(paths.length).toBeLessThan(REHEARSAL_LIMITS.paths);
  });

  test('is agreed, taken back, left lying until overdue, returned, and disagreed with at every approval', () => {
    expect(paths[0]?.outcome).toBe('completed');
    expect(paths.map((path) => path.outcome)).toContain('withdrawn');
    const late = paths.filter((path) => path.events.some((event) => event.type === 'AlarmRang' && event.facts.kind === 'red'));
    expect(late.some((path) => has(path, 'Escalated'))).toBe(true);
    const all = new Set(paths.flatMap(acted));
    const opened = new Set(
      paths.flatMap(({ events }) => events.flatMap((one) => (one.type === 'StepOpened' ? [one.facts.step] : []))),
    );
    const approvals = [...placesOf(definition).values()].filter(({ step }) => step.kind === 'approve' && opened.has(step.id));
    expect(approvals.filter(({ step }) => !all.has(`${step.id} disagree`)).map(({ step }) => step.id)).toEqual([]);
    expect([...all].some((one) => one.endsWith(' return'))).toBe(true);
  });

  test('shares with the path it leaves exactly what came before', () => {
    for (const { from, shared, events } of paths) {
      expect(events.map((event) => event.sequence)).toEqual(events.map((_, at) => at + 1));
      if (from !== null) expect(events.slice(0, shared)).toEqual(paths[from - 1]?.events.slice(0, shared));
    }
  });
});

const approve = (id: string): Step => ({
  kind: 'approve',
  id,
  name: `审批${id}`,
  mode: 'any',
  assignees: { kind: 'person', says: '办理人', person: () => demoCast.computingHead },
  limit: '2 workdays',
});

function planFor(definition: ProcessDefinition): RehearsalPlan {
  const { world } = given(definitions[0] as ProcessDefinition);
  return {
    name: '申请',
    at: MONDAY,
    start: {
      type: 'start',
      id: 'start',
      by: { kind: 'person', id: demoCast.lecturer },
      bodyHash: null,
      processId: definition.id,
      version: definition.version,
      form: {},
      attachments: [],
    },
    world: (now) => ({
      ...world,
      now,
      calendar: demoCalendar,
      schemas: { form: () => [], outputs: {} },
      inForce: { child: { version: 1, since: null } },
    }),
    outputs: () => [{}],
  };
}

function rehearsed(steps: StepList): RehearsedPath[] {
  const definition = plainDefinition(steps);
  return [...rehearse(definition, [planFor(definition)])];
}

test('time passes a wait, and matters that were started come to their end', () => {
  const paths = rehearsed([
    { kind: 'wait', id: 'w', name: '公示', until: '5 workdays' },
    {
      kind: 'link',
      id: 'l',
      name: '关联',
      starts: () => [{ processId: 'child', form: {} }],
      waits: true,
      whenWithdrawn: 'leave',
    },
    approve('a'),
  ]);
  expect(paths[0]?.outcome).toBe('completed');
  expect(paths.map((path) => path.name)).toContain('关联办件未获同意');
  expect(paths[0]?.events.find((event) => event.type === 'WaitEnded')?.at).toBe('2026-03-09T09:30:00.000Z');
});

test('a step that takes nothing is told as a path without an end', () => {
  const hopeless: Step = {
    ...approve('h'),
    kind: 'handle',
    mode: 'any',
    returnTo: 'none',
    check: () => [{ path: '/output', message: '不予受理' }],
  } as Step;
  expect(rehearsed([hopeless])[0]).toMatchObject({ name: '申请', outcome: null });
});

test('an application that is refused is told with its faults', () => {
  const definition = plainDefinition([approve('a')], { checks: () => [{ path: '/form/title', message: '请填写事由' }] });
  expect(() => [...rehearse(definition, [planFor(definition)])]).toThrow('/form/title 请填写事由');
});
