/** Goal: a running matter goes to another version only where that version accepts everything that has happened to it. */
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { setting } from '../../definitions/language/settings.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { moveFaults } from '../../workflows/machine/admin/move.ts';
import { type Decided, decide } from '../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { evolveAll } from '../../workflows/machine/fold/evolve.ts';
import { isRefusal, type Refusal } from '../../workflows/machine/refusals.ts';
import { type Matter, newMatter } from '../../workflows/machine/state.ts';
import type { Schemas, World } from '../../workflows/machine/world.ts';
import { demoCalendar } from '../support/machine.ts';
import { plainDefinition } from './support/trees.ts';

const by = (person: string) => ({ kind: 'person', says: '办理人', person: () => person }) as const;
const approve = (id: string, changes: object = {}): Step =>
  ({
    kind: 'approve',
    id,
    name: `审批${id}`,
    mode: 'any',
    assignees: by(demoCast.computingHead),
    limit: '2 workdays',
    ...changes,
  }) as Step;
const handle = (id: string): Step => ({ ...approve(id), kind: 'handle', name: `办理${id}` }) as Step;
const branch = (steps: StepList, holds: boolean) => ({ says: '情形', when: () => holds, steps });
const choose = (id: string, branches: object[]): Step =>
  ({ kind: 'choose', id, name: `分支${id}`, branches, otherwise: [] }) as unknown as Step;
const parallel = (id: string, branches: StepList[]): Step =>
  ({ kind: 'parallel', id, name: `并行${id}`, branches: branches.map((steps) => ({ says: '并行', steps })) }) as Step;

const schemas: Schemas = { form: () => [], outputs: {} };

/** A matter of a definition that came to its first open step after some agreements and completions. */
class Running {
  readonly definition: ProcessDefinition;
  readonly events: MatterEvent[] = [];
  matter: Matter;
  #count = 0;

  constructor(steps: StepList, acts: number) {
    this.definition = plainDefinition(steps);
    const form = { title: '事项' };
    this.matter = this.#take(
      decide(
        this.definition,
        newMatter('m1'),
        {
          ...this.envelope(demoCast.lecturer),
          type: 'start',
          processId: 'plain',
          version: 1,
          form,
          attachments: [],
        },
        this.world(),
      ),
    );
    for (let act = 0; act < acts; act += 1) this.#act();
  }

  envelope(person: string) {
    this.#count += 1;
    return { id: `c${this.#count}`, by: { kind: 'person' as const, id: person }, bodyHash: null };
  }

  world(changes: Partial<World> = {}): World {
    return {
      now: `2026-03-02T0${this.#count}:00:00.000Z`,
      directory: demoUniversity(),
      calendar: demoCalendar,
      settings: {},
      no: 'TEST-2026-0001',
      files: {},
      facts: {},
      schemas,
      ...changes,
    };
  }

  #act(): void {
    const task = Object.values(this.matter.tasks)[0];
    if (task === undefined) throw new Error('No open task');
    this.matter = this.#take(
      decide(
        this.definition,
        this.matter,
        {
          ...this.envelope(task.assignees[0]?.id ?? ''),
          type: 'act',
          task: task.id,
          action: task.kind === 'approve' ? 'agree' : 'complete',
          opinion: null,
          output: task.kind === 'handle' ? { copies: 1 } : null,
          attachments: [],
          returnOrder: null,
        },
        this.world(),
      ),
    );
  }

  #take(decided: Decided | Refusal): Matter {
    if (isRefusal(decided)) throw new Error(decided.message);
    this.events.push(...decided.events);
    return decided.matter;
  }

  faults(steps: StepList, changes: Partial<Schemas> = {}): string[] {
    const next = plainDefinition(steps, { version: 2 });
    const found = moveFaults(this.definition, next, { ...schemas, ...changes }, this.matter, this.events);
    return found.map(({ path, message }) => `${path} ${message}`);
  }

  move(person: string, to: ProcessDefinition | null, reason = '制度修订', world: Partial<World> = {}): Decided | Refusal {
    const command = { ...this.envelope(person), type: 'move' as const, version: to?.version ?? 9, reason };
    const moving = { to: to === null ? null : { definition: to, schemas }, past: this.events };
    return decide(this.definition, this.matter, command, this.world({ moving, ...world }));
  }
}

describe('the dry run', () => {
  test('accepts other limits, people, names and whatever lies ahead', () => {
    const running = new Running([approve('a'), approve('b'), approve('c')], 1);
    expect(running.faults([approve('a', { name: '初审', limit: '5 workdays' }), approve('b'), handle('d'), handle('c')])).toEqual(
      [],
    );
  });

  test('refuses an older version, whatever it looks like', () => {
    const running = new Running([approve('a'), approve('b')], 1);
    const newer = { ...running.matter, version: 3 };
    const older = plainDefinition([approve('a'), approve('b')], { version: 2 });
    expect(moveFaults(running.definition, older, schemas, newer, running.events)).toEqual([
      { path: '/version', message: '只能迁移到更新的版本' },
    ]);
  });

  test('refuses a step that is gone, in whichever state', () => {
    const running = new Running([approve('a'), approve('b')], 1);
    expect(running.faults([approve('c')])).toEqual([
      '/steps/a 环节“审批a”在新版中已不存在',
      '/steps/b 环节“审批b”在新版中已不存在',
    ]);
  });

  test('refuses a step of another kind', () => {
    const running = new Running([approve('a'), approve('b')], 1);
    expect(running.faults([approve('a'), handle('b')])).toEqual(['/steps/b 环节“审批b”在新版中由“审批”改为“办理”']);
  });

  test('refuses steps done in an order that the new version turns round', () => {
    const running = new Running([approve('a'), approve('b'), approve('c')], 2);
    expect(running.faults([approve('b'), approve('a'), approve('c')])).toEqual([
      '/steps/a 环节“审批a”已先于“审批b”办理,新版的顺序不同',
    ]);
  });

  test('refuses a step that moved into a block, or to another branch of a parallel', () => {
    const running = new Running([approve('a'), parallel('p', [[approve('b')], [approve('c')]])], 1);
    expect(
      running.faults([choose('q', [branch([approve('a')], true)]), parallel('p', [[approve('c')], [approve('b')]])]),
    ).toEqual([
      '/steps/a 环节“审批a”在新版中移入或移出了分支、并行或逐个办理',
      '/steps/b 环节“审批b”在新版中移入或移出了分支、并行或逐个办理',
      '/steps/c 环节“审批c”在新版中移入或移出了分支、并行或逐个办理',
    ]);
  });

  test('refuses another number of branches in a parallel that is being gone through', () => {
    const running = new Running([parallel('p', [[approve('a')], [approve('b')]])], 1);
    expect(running.faults([parallel('p', [[approve('a')], [approve('b')], [approve('c')]])])).toEqual([
      '/steps/p 并行“并行p”正在办理,新版的分支数由2改为3',
    ]);
  });

  test('refuses a new step that the matter has already come past, unless it lies in a branch not taken', () => {
    const running = new Running(
      [approve('a'), choose('q', [branch([approve('x')], false), branch([approve('y')], true)]), approve('b')],
      2,
    );
    const q = (first: StepList, second: StepList) => choose('q', [branch(first, false), branch(second, true)]);
    expect(running.faults([approve('a'), approve('n'), q([approve('x')], [approve('y')]), approve('b')])).toEqual([
      '/steps/n 新版在“分支q”之前增加了“审批n”,编号TEST-2026-0001的办件已经越过',
    ]);
    expect(running.faults([approve('a'), q([approve('x'), approve('n')], [approve('y')]), approve('b')])).toEqual([]);
    expect(running.faults([approve('a'), q([approve('x')], [approve('y'), approve('n')]), approve('b')])).toEqual([
      '/steps/n 新版在“审批b”之前增加了“审批n”,编号TEST-2026-0001的办件已经越过',
    ]);
  });

  test('tells all faults of form and outputs, with their places', () => {
    const running = new Running([handle('a'), approve('b')], 1);
    const found = running.faults([handle('a'), approve('c')], {
      form: () => [{ path: '/form/title', message: '请填写事由' }],
      outputs: { a: () => [{ path: '/output/copies', message: '份数应不小于2' }] },
    });
    expect(found).toEqual([
      '/steps/b 环节“审批b”在新版中已不存在',
      '/form/title 请填写事由',
      '/outputs/a/copies “办理a”的办理结果不合新版要求:份数应不小于2',
    ]);
  });
});

describe('a move', () => {
  const steps = [approve('a'), approve('b')];
  const next = plainDefinition([approve('a'), approve('b', { limit: '9 workdays' }), approve('z')], {
    version: 2,
    settings: { quorum: setting('法定人数', 3, '惯例') },
  });

  test('is marked for ever, keeps open tasks as they are, and gives new settings their values', () => {
    const running = new Running(steps, 1);
    const decided = running.move(demoCast.administrator, next);
    if (isRefusal(decided)) throw new Error(decided.message);
    expect(decided.events.map((event) => event.type)).toEqual(['AdminIntervened', 'VersionMoved']);
    expect(decided.matter.version).toBe(2);
    expect(decided.matter.settings).toEqual({ ...running.matter.settings, quorum: 3 });
    expect(decided.matter.tasks).toEqual(running.matter.tasks);
    expect(decided.matter.interventions.at(-1)).toMatchObject({ kind: 'move', reason: '制度修订', about: '由第1版迁移至第2版' });
    const stored: MatterEvent[] = JSON.parse(JSON.stringify(decided.events));
    expect(evolveAll(running.matter, stored)).toEqual(decided.matter);
  });

  test('takes a setting that the school has of its own', () => {
    const decided = new Running(steps, 1).move(demoCast.administrator, next, '制度修订', { settings: { quorum: 5 } });
    expect(isRefusal(decided) ? null : decided.matter.settings).toMatchObject({ quorum: 5 });
  });

  test.each([
    ['somebody who is no administrator', demoCast.computingHead, next, '制度修订', 'not-allowed'],
    ['an administrator without a reason', demoCast.administrator, next, ' ', 'bad-input'],
    ['an administrator to no version', demoCast.administrator, null, '制度修订', 'bad-input'],
    ['an administrator to the version it runs on', demoCast.administrator, plainDefinition(steps), '制度修订', 'bad-input'],
    ['an administrator to another process', demoCast.administrator, { ...next, id: 'other' }, '制度修订', 'bad-input'],
    [
      'an administrator against the dry run',
      demoCast.administrator,
      plainDefinition([approve('a')], { version: 2 }),
      '制度修订',
      'bad-input',
    ],
  ])('is refused to %s', (_who, person, to, reason, code) => {
    expect(new Running(steps, 1).move(person, to, reason)).toMatchObject({ code });
  });
});
