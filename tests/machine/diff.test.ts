/** Goal: what a new version changes is told in sentences that a section chief can read, and nothing that did not change. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definitions } from '../../definitions/catalog.ts';
import { jsonFormsOf, jsonSchemaOf } from '../../definitions/forms.ts';
import type { Context } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { choice, count, line } from '../../definitions/language/fields.ts';
import { limitSetting } from '../../definitions/language/settings.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { diffDefinitions } from '../../workflows/machine/telling/diff.ts';
import { diffSchemas } from '../../workflows/machine/telling/diff-schema.ts';
import { plainDefinition } from './support/trees.ts';

const head = { kind: 'unit-head', says: '单位负责人', unit: null } as const;
const finance = { kind: 'role', role: 'finance-reviewer', says: '财务审核人', unit: null, campus: null } as const;
const approve = (id: string, name: string, changes: object = {}): Step =>
  ({ kind: 'approve', id, name, mode: 'any', assignees: head, limit: '2 workdays', ...changes }) as Step;
const rich = ({ form }: Context): boolean => Number(form.amount) > 100;
const richer = ({ form }: Context): boolean => Number(form.amount) > 200;
const choose = (branches: [string, (context: Context) => boolean, StepList][]): Step => ({
  kind: 'choose',
  id: 'c',
  name: '金额',
  branches: branches.map(([says, when, steps]) => ({ says, when, steps })),
  otherwise: [],
});

/** The sentences about two versions as `section: sentence`. */
function told(
  before: StepList,
  after: StepList,
  was: Partial<ProcessDefinition> = {},
  is: Partial<ProcessDefinition> = {},
): string[] {
  const side = (definition: ProcessDefinition) => ({ definition, form: {}, outputs: {} });
  const parts = diffDefinitions(side(plainDefinition(before, was)), side(plainDefinition(after, { version: 2, ...is })));
  return parts.flatMap(({ section, sentences }) => sentences.map((sentence) => `${section}: ${sentence}`));
}

const steps = [approve('a', '部门审批'), approve('b', '分管审批'), approve('f', '财务审核', { assignees: finance })];

test.each(definitions)('$id@$version differs in nothing from itself', (definition) => {
  const side = { definition, ...jsonFormsOf(definition) };
  expect(diffDefinitions(side, side)).toEqual([]);
});

describe('steps', () => {
  test('a limit, people and a name that changed are told with the number of the step', () => {
    const after = [...steps.slice(0, 2), approve('f', '财务复核', { assignees: head, limit: '1 workday' })];
    expect(told(steps, after)).toEqual([
      '环节: 原第3环节“财务审核”改称“财务复核”',
      '办理人: 第3环节“财务复核”的办理人由财务审核人改为单位负责人',
      '时限: 第3环节“财务复核”的时限由2个工作日改为1个工作日',
    ]);
  });

  test('a limit that a setting fixes is told with both defaults', () => {
    const limited = [approve('a', '审批', { limit: ({ settings }: Context) => settings.days })];
    const settings = (value: '2 workdays' | '1 workday') => ({
      settings: { days: limitSetting('审批时限', value, '办法第3条') },
    });
    expect(told(limited, limited, settings('2 workdays'), settings('1 workday'))).toEqual([
      '时限: 第1环节“审批”的时限由2个工作日改为1个工作日',
      '参数: 参数“审批时限”的默认值由“2 workdays”改为“1 workday”',
    ]);
  });

  test('a step that is new is told with who and when, one that is gone by its old number', () => {
    expect(told(steps, [approve('n', '法务审查'), ...steps.slice(1)])).toEqual([
      '环节: 新增第1环节“法务审查”,办理人:单位负责人,时限:2个工作日',
      '环节: 取消原第1环节“部门审批”',
    ]);
  });

  test('another order is told once', () => {
    const [a, b, f] = steps as [Step, Step, Step];
    expect(told([a, b, f], [b, a, f])).toEqual(['环节: 环节先后次序改为:“分管审批”→“部门审批”→“财务审核”']);
  });

  test('another mode, silence, kind or detour is told in words', () => {
    const after = approve('a', '部门审批', {
      mode: { share: 2 / 3, veto: true },
      silence: 'go-on',
      withoutDetours: ['transfer'],
    });
    expect(told([approve('a', '部门审批')], [after])).toEqual([
      '办理规则: 第1环节“部门审批”的办理方式由“任一人办理”改为“票决,66.7%同意通过,一票否决”',
      '办理规则: 第1环节“部门审批”的逾期未办由“只作提醒”改为“视为同意或办结”',
      '办理规则: 第1环节“部门审批”的不可用的操作由“无”改为“转办”',
    ]);
    expect(told([approve('a', '甲')], [{ ...approve('a', '甲'), kind: 'handle' } as Step])).toEqual([
      '环节: 第1环节“甲”由“审批”改为“办理”',
    ]);
  });

  test('conditions are compared by their source', () => {
    const before = [choose([['大额', rich, [approve('b', '审批')]]])];
    expect(told(before, [choose([['大额', richer, [approve('b', '审批')]]])])).toEqual([
      '条件: 分支“金额”中“大额”的条件规则有改动',
    ]);
    const more = [
      choose([
        ['特大', richer, [approve('d', '上会')]],
        ['大额', rich, [approve('b', '审批')]],
      ]),
    ];
    expect(told(before, more)).toEqual([
      '环节: 新增第1环节“上会”,办理人:单位负责人,时限:2个工作日',
      '条件: 分支“金额”新增情形“特大”',
    ]);
  });
});

describe('facts', () => {
  test('limits, basis, materials, register, archive and the first day are told part by part', () => {
    const after: Partial<ProcessDefinition> = {
      effectiveFrom: '2026-10-01',
      limit: '20 workdays',
      basis: ['新办法'],
      materials: [
        { name: '材料', required: true, note: '无' },
        { name: '清单', required: false, note: 'PDF' },
      ],
      register: [{ key: 'no', title: '序号', value: ({ no }) => no }],
      archive: { class: '合同', retention: () => '30-years', basis: '测试' },
    };
    expect(told(steps, steps, {}, after)).toEqual([
      '概况: 自2026年10月1日起施行',
      '依据: 增加依据“新办法”',
      '依据: 取消依据“测试”',
      '时限: 全程时限由30个工作日改为20个工作日',
      '材料: 材料“材料”改为必备',
      '材料: 新增材料“清单”(视情):PDF',
      '台账: 栏目“编号”改称“序号”',
      '归档: 归档类别由“文书”改为“合同”',
      '归档: 保管期限的规则有改动',
    ]);
  });
});

test('form fields are told by their titles, those within others too', () => {
  const before = z.strictObject({
    kind: choice('种类', ['公函', '合同']),
    copies: count('份数', 1, 10),
    note: line('备注').optional(),
    gone: line('传真'),
    trip: z.strictObject({ place: line('地点') }).meta({ title: '外带' }),
  });
  const after = z.strictObject({
    kind: choice('种类', ['公函', '证明']),
    copies: count('份数', 1, 20),
    note: line('说明'),
    mail: line('邮箱').optional(),
    trip: z.strictObject({ place: line('地点', 50), escort: line('随行人') }).meta({ title: '外带' }),
  });
  expect(diffSchemas(jsonSchemaOf(before), jsonSchemaOf(after))).toEqual([
    '字段“种类”增加选项“证明”',
    '字段“种类”取消选项“合同”',
    '字段“份数”的最大值由10改为20',
    '字段“说明”由选填改为必填',
    '字段“备注”改称“说明”',
    '新增字段“邮箱”(选填)',
    '字段“外带·地点”的字数上限由100改为50',
    '新增字段“外带·随行人”(必填)',
    '取消字段“传真”',
  ]);
});
