/** Goal: what people are told of a process, before and after, follows from its definition and its events alone. */
import { describe, expect, test } from 'vitest';
import { catalog, definitions } from '../../definitions/catalog.ts';
import type { Context } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { settingValues } from '../../definitions/language/settings.ts';
import type { StepList } from '../../definitions/language/steps.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { versionsInForce } from '../../workflows/machine/admin/in-force.ts';
import { overdueBy, overdueSince } from '../../workflows/machine/clock/overdue.ts';
import type { StartMatter } from '../../workflows/machine/commands.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { describeLimit, guideSteps } from '../../workflows/machine/telling/guide.ts';
import { type PreviewStep, previewPath } from '../../workflows/machine/telling/preview.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import { demoCalendar, given, type Rehearsal } from '../support/machine.ts';

const processes = Object.values(catalog).map((one) => [`${one.id}@${one.version}`, one] as const);

function peopleSteps(list: StepList): string[] {
  return list.flatMap((step): string[] => {
    if (step.kind === 'choose')
      return [...step.branches.flatMap((one) => peopleSteps(one.steps)), ...peopleSteps(step.otherwise)];
    if (step.kind === 'parallel') return step.branches.flatMap((one) => peopleSteps(one.steps));
    if (step.kind === 'forEach') return peopleSteps(step.steps);
    return step.kind === 'effect' || step.kind === 'wait' || step.kind === 'link' ? [] : [step.id];
  });
}

function start(definition: ProcessDefinition, rehearsal: Rehearsal, change: JsonObject = {}, by?: string): StartMatter {
  const { person, form, attachments } = rehearsal.example();
  return {
    type: 'start',
    id: 'c1',
    by: { kind: 'person', id: by ?? person },
    bodyHash: null,
    processId: definition.id,
    version: definition.version,
    form: { ...form, ...change },
    attachments,
  };
}

function path(definition: ProcessDefinition, change: JsonObject = {}, by?: string): PreviewStep[] {
  const rehearsal = given(definition);
  const steps = previewPath(definition, start(definition, rehearsal, change, by), rehearsal.world);
  if (isRefusal(steps)) throw new Error(`${steps.message} ${JSON.stringify(steps.faults)}`);
  return steps;
}

describe.each(processes)('%s', (_id, definition) => {
  test('has each of its people’s steps in its guide, with who and in what time', () => {
    const steps = guideSteps(definition, settingValues(definition.settings, {}));
    expect(steps.map((step) => step.id)).toEqual(peopleSteps(definition.steps));
    for (const step of steps) {
      expect(step.who, step.id).toMatch(/\p{Script=Han}/u);
      expect(step.limit, step.id).toMatch(/\p{Script=Han}/u);
    }
  });

  test('is previewed as it then goes, as far as the form alone decides', () => {
    const rehearsal = given(definition).startedBy();
    const steps = path(definition);
    expect(steps.length).toBeGreaterThan(0);
    expect(steps[0]?.step).toBe(rehearsal.tasks[0]?.step);
    expect(steps[0]?.assignees.map((one) => one.id)).toEqual(rehearsal.tasks[0]?.assignees.map((one) => one.id));
    expect(steps[0]?.dueAt).toBe(rehearsal.tasks[0]?.due.dueAt);
    for (const step of steps) expect(step.reason, step.step).not.toBe('');
  });

  test('says something of every event that people ask about, and never a raw instant or id', () => {
    const { events } = given(definition).startedBy().at('2026-03-05T09:00:00+08:00').carriedToEnd();
    for (const event of events) {
      const entry = timelineEntry(event);
      if (entry === null) continue;
      expect(entry.text, event.type).not.toMatch(/^$|undefined|null|\d{4}-\d{2}-\d{2}T|\bp-[a-z]+-/);
    }
    const told = new Set(events.filter((event) => timelineEntry(event) !== null).map((event) => event.type));
    for (const type of ['MatterStarted', 'TaskOpened', 'TaskActed', 'MatterEnded'] as const) expect(told).toContain(type);
    for (const type of ['StepOpened', 'StepClosed', 'TaskClosed'] as const) expect(told).not.toContain(type);
  });
});

describe('a guide', () => {
  test('has a version of every process in force today', () => {
    const ids = [...new Set(definitions.map((one) => one.id))];
    expect(Object.keys(versionsInForce(definitions, '2026-03-02')).sort()).toEqual(ids.sort());
  });

  test('names the condition of a step in a branch', () => {
    const steps = guideSteps(sealUse, settingValues(sealUse.settings, {}));
    expect(steps.find((step) => step.id === 'finance')?.when).toEqual(['涉及经费的由财务处审核,已经合同审查的除外']);
    expect(steps.find((step) => step.id === 'secretary')?.when).toHaveLength(2);
    expect(steps.find((step) => step.id === 'unit-head')?.when).toEqual([]);
  });

  test('tells a limit that a setting fixes, with the school’s own value', () => {
    const limit = ({ settings }: Context) => (settings.fast === true ? '4 workhours' : '2 workdays');
    expect(describeLimit(limit, { fast: true })).toBe('4个工作小时');
    expect(describeLimit(limit, {})).toBe('2个工作日');
    expect(describeLimit('1 month', {})).toBe('1个月');
  });

  test('promises no number where the form decides it', () => {
    expect(describeLimit(({ form }) => (form.urgent === true ? '1 day' : '5 days'), {})).toBe('按事项内容确定');
    expect(describeLimit(({ outputs }) => (outputs.a === undefined ? '1 day' : '5 days'), {})).toBe('按事项内容确定');
    expect(describeLimit({ date: '2026-05-01' }, {})).toBe('至2026-05-01');
  });
});

describe('a preview', () => {
  test('follows the branches that the form chooses', () => {
    expect(path(sealUse).map((one) => one.step)).not.toContain('finance');
    expect(path(sealUse, { involvesMoney: true }).map((one) => one.step)).toContain('finance');
  });

  test('opens each step when the one before it is due', () => {
    const steps = path(sealUse);
    const dues = steps.map((one) => one.dueAt);
    expect(dues).toEqual([...dues].sort());
    expect(new Set(dues).size).toBe(dues.length);
  });

  test('gives an applicant who heads the unit their superior', () => {
    const first = path(sealUse, {}, demoCast.computingHead)[0];
    expect(first?.assignees.map((one) => one.id)).toEqual([demoCast.viceForResearch]);
    expect(first?.reason).toContain('上级');
  });

  test('names who stands in for those who are away when the step opens', () => {
    const rehearsal = given(sealUse);
    const absent = path(sealUse)[0]?.assignees[0]?.id ?? '';
    const cover = demoCast.viceForResearch;
    const { world } = rehearsal;
    const named = (from: string, to: string) => {
      const absences = [{ person: absent, from, to, reason: '出差', cover }];
      const steps = previewPath(sealUse, start(sealUse, rehearsal), { ...world, directory: { ...world.directory, absences } });
      return isRefusal(steps) ? steps.message : steps[0]?.assignees.map((one) => [one.id, one.coverFor]);
    };
    expect(named('2020-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z')).toEqual([
      [absent, undefined],
      [cover, absent],
    ]);
    expect(named('2098-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z')).toEqual([[absent, undefined]]);
  });

  test('is refused as the application would be', () => {
    const rehearsal = given(sealUse);
    const refused = previewPath(sealUse, start(sealUse, rehearsal, { copies: 0, signOff: '别的大学' }), rehearsal.world);
    expect(isRefusal(refused) ? refused.faults.map((fault) => fault.path).sort() : null).toEqual([
      '/form/copies',
      '/form/signOff',
    ]);
  });

  test('leaves open whom only an output can name', () => {
    const trip = Object.values(catalog).find((one) => one.id === 'vehicle-use');
    if (trip === undefined) throw new Error('No vehicle-use in the catalog');
    const depart = path(trip).find((one) => one.step === 'depart');
    expect(depart?.assignees).toEqual([]);
    expect(depart?.reason).toContain('驾驶员');
  });

  test('survives a definition whose conditions, limits and people stumble over missing outputs', () => {
    const missing = ({ outputs }: Context) => (outputs.stamp as { deep: { er: string } }).deep.er;
    const stumbling: ProcessDefinition = {
      ...sealUse,
      steps: [
        ...sealUse.steps.slice(0, 1),
        {
          kind: 'choose',
          id: 'late',
          name: '取决于结果',
          branches: [{ says: '有结果', when: (context) => missing(context) === 'x', steps: sealUse.steps.slice(-1) }],
          otherwise: [],
        },
        {
          kind: 'forEach',
          id: 'each',
          name: '逐个',
          of: 'unit',
          items: (context) => [missing(context)],
          steps: sealUse.steps.slice(-2, -1),
        },
        {
          kind: 'approve',
          id: 'last',
          name: '最后',
          mode: 'any',
          assignees: { kind: 'person', says: '结果中的人', person: missing },
          limit: (context) => ({ date: missing(context) }),
        },
      ],
    };
    expect(path(stumbling).map((one) => one.step)).toEqual(['unit-head', 'last']);
  });
});

describe('a timeline', () => {
  const entriesOf = (events: readonly MatterEvent[]) => events.flatMap((event) => timelineEntry(event) ?? []);

  test('tells of a return, its reason and the correction', () => {
    const { events } = given(sealUse)
      .startedBy()
      .when(demoCast.computingHead, 'return', { opinion: '请补附件' })
      .when(demoCast.lecturer, 'complete');
    const entries = entriesOf(events);
    expect(entries.find((one) => one.text === '退回')).toMatchObject({ who: '张启明', opinion: '请补附件' });
    expect(entries.find((one) => one.kind === 'returned')?.text).toContain('退回至“申请人”');
    expect(entries.find((one) => one.kind === 'corrected')?.text).toBe('重新提交,内容未改动');
    expect(entries.filter((one) => one.kind === 'clock').map((one) => one.text)).toEqual([
      expect.stringContaining('暂停计时'),
      '恢复计时',
    ]);
  });

  test('tells of warnings and of what is overdue', () => {
    const { events } = given(sealUse).startedBy().at('2026-03-06T09:00:00+08:00');
    const texts = entriesOf(events).map((one) => one.text);
    expect(texts.filter((text) => text.includes('牌'))).toHaveLength(3);
    expect(texts.some((text) => text.includes('已超过时限'))).toBe(true);
  });

  test('tells of remarks and urgings with who made them', () => {
    const { events } = given(sealUse)
      .startedBy()
      .command(demoCast.lecturer, { type: 'comment', text: '盼复' })
      .command(demoCast.lecturer, { type: 'urge', text: null });
    const entries = entriesOf(events);
    expect(entries.find((one) => one.kind === 'comment')).toMatchObject({ who: '陈思齐', text: '盼复' });
    expect(entries.find((one) => one.kind === 'urge')).toMatchObject({ who: '陈思齐', text: '催办张启明' });
  });
});

describe('how late something is', () => {
  test('is told by the clock and by office hours', () => {
    // Friday 17:00 to Monday 09:00: half an hour on Friday, half an hour on Monday.
    const late = overdueBy(demoCalendar, '2026-03-06T09:00:00.000Z', '2026-03-09T01:00:00.000Z');
    expect(late).toEqual({ overdueHours: 64, overdueWorkMinutes: 60 });
  });

  test('counts from the earlier of two limits, and not from one whose clock stands still', () => {
    const task = { dueAt: '2026-03-06T09:30:00.000Z' };
    const dueAt = '2026-03-05T09:30:00.000Z';
    const now = '2026-03-09T01:00:00.000Z';
    const running = { dueAt, endedAt: null, suspendedSince: null };
    expect(overdueSince({ task, matter: running }, now)).toBe(dueAt);
    // Its clock had stopped before it was late.
    const stopped = { ...running, suspendedSince: dueAt };
    expect(overdueSince({ task, matter: stopped }, now)).toBe(task.dueAt);
  });
});
