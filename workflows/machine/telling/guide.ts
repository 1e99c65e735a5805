/** The public guide's steps and limits in words, made from the definition: one source for the rule and for what people are told. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { describeDuration } from '../../../definitions/language/duration.ts';
import type { Json } from '../../../definitions/language/json.ts';
import type { ApprovalMode, Limit, PeopleStep, Step, StepList } from '../../../definitions/language/steps.ts';
import { OTHERWISE_SAYS } from '../tree.ts';

/** A step in the guide: who acts and in what time, and under which condition it comes at all. */
export interface GuideStep {
  id: string;
  name: string;
  who: string;
  limit: string;
  /** The conditions of the branches around it, outermost first; empty for a step that always comes. */
  when: string[];
}

/** A time limit in the guide. */
export interface GuideLimit {
  name: string;
  limit: string;
}

/** Said of a limit that hangs on what is applied for, so that no number can be promised beforehand. */
const DEPENDS = '按事项内容确定';

type Settings = Readonly<Record<string, Json>>;

/** The steps at which people act, in the order of the definition, with the values of the school's settings. */
export function guideSteps(definition: ProcessDefinition, settings: Settings): GuideStep[] {
  return stepsIn(definition.steps, settings, []);
}

function stepsIn(list: StepList, settings: Settings, when: readonly string[]): GuideStep[] {
  return list.flatMap((step) => stepsOf(step, settings, when));
}

function stepsOf(step: Step, settings: Settings, when: readonly string[]): GuideStep[] {
  switch (step.kind) {
    case 'approve':
    case 'handle':
    case 'read':
      return [{ id: step.id, name: step.name, who: whoActs(step), limit: describeLimit(step.limit, settings), when: [...when] }];
    case 'effect':
    case 'wait':
    case 'link':
      return [];
    case 'choose':
      return [
        ...step.branches.flatMap((branch) => stepsIn(branch.steps, settings, [...when, branch.says])),
        ...stepsIn(step.otherwise, settings, [...when, OTHERWISE_SAYS]),
      ];
    case 'parallel':
      return step.branches.flatMap(({ when: condition, says, steps }) =>
        stepsIn(steps, settings, condition === undefined ? when : [...when, says]),
      );
    case 'forEach':
      return stepsIn(step.steps, settings, [...when, step.of === 'unit' ? '逐个单位' : '逐人']);
  }
}

function whoActs(step: PeopleStep): string {
  const rules: readonly AssigneeRule[] = isRuleList(step.assignees) ? step.assignees : [step.assignees];
  const names = [...new Set(rules.map((rule) => rule.says))].join('、');
  if (rules.length < 2 && step.kind !== 'read') return names;
  return `${names}(${step.kind === 'read' ? '均须办理' : describeMode(step.mode)})`;
}

/** How several people decide together, in Chinese. */
export function describeMode(mode: ApprovalMode): string {
  switch (mode) {
    case 'any':
      return '任一人办理';
    case 'all':
      return '均须办理';
    case 'order':
      return '依次办理';
    default: {
      const needed = 'share' in mode ? `${Math.round(mode.share * 1000) / 10}%同意` : `${mode.count}人同意`;
      return `票决,${needed}通过${mode.veto === true ? ',一票否决' : ''}`;
    }
  }
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

/** The limits of the matter as a whole. */
export function guideLimits(definition: ProcessDefinition, settings: Settings): GuideLimit[] {
  return [
    { name: '全程', limit: describeLimit(definition.limit, settings) },
    ...(definition.statutoryLimit === undefined
      ? []
      : [{ name: '法定时限', limit: describeLimit(definition.statutoryLimit, settings) }]),
    { name: '退回修改', limit: describeLimit(definition.correctionLimit, settings) },
  ];
}

/** A limit in Chinese; one that hangs on the form or on earlier steps can't be told before there is a matter. */
export function describeLimit(limit: Limit, settings: Settings): string {
  try {
    const value = typeof limit === 'function' ? limit(beforeAnyMatter(settings)) : limit;
    return typeof value === 'string' ? describeDuration(value) : `至${value.date}`;
  } catch {
    return DEPENDS;
  }
}

/** A context that knows the settings only: whoever asks it for more is told that there is nothing yet, by a throw. */
function beforeAnyMatter(settings: Settings): Context {
  const nothing = (): never => {
    throw new Error('There is no matter yet');
  };
  return {
    settings: { ...settings },
    get form() {
      return nothing();
    },
    get outputs() {
      return nothing();
    },
    get applicant() {
      return nothing();
    },
    get unit() {
      return nothing();
    },
    get item() {
      return nothing();
    },
    get no() {
      return nothing();
    },
    get updatedAt() {
      return nothing();
    },
    get startedAt() {
      return nothing();
    },
    each: nothing,
    decisions: nothing,
    links: nothing,
  };
}
