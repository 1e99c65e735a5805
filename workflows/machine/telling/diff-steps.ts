/** What differs between the steps of two versions: who acts, in what time, under which conditions, by which rules. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type {
  Allocation,
  ApprovalMode,
  Detour,
  OpinionRule,
  PeopleStep,
  SilenceRule,
  Step,
} from '../../../definitions/language/steps.ts';
import { OTHERWISE_SAYS, type Place, placesOf } from '../tree.ts';
import { defaultsOf, fromTo, sameSource, type Tell, whoSays } from './diff-words.ts';
import { describeLimit, describeMode } from './guide.ts';

const KIND_SAYS: Readonly<Record<Step['kind'], string>> = {
  approve: '审批',
  handle: '办理',
  read: '传阅',
  effect: '系统办理',
  wait: '等待',
  link: '关联办件',
  choose: '分支',
  parallel: '并行',
  forEach: '逐个办理',
};

/** A version with its steps ready to be looked up. */
interface Side {
  definition: ProcessDefinition;
  places: ReadonlyMap<string, Place>;
  /** The number of each step in the guide: those at which people act, from 1. */
  numbers: ReadonlyMap<string, number>;
}

function sideOf(definition: ProcessDefinition): Side {
  const places = placesOf(definition);
  const people = [...places.values()].filter(({ step }) => hasPeople(step));
  return { definition, places, numbers: new Map(people.map(({ step }, at) => [step.id, at + 1])) };
}

function hasPeople(step: Step): step is PeopleStep {
  return step.kind === 'approve' || step.kind === 'handle' || step.kind === 'read';
}

/** `第3环节“财务审核”`, or `分支“归口部门审核”` for what is no step of people. */
function labelOf(side: Side, step: Step): string {
  const number = side.numbers.get(step.id);
  return number === undefined ? `${KIND_SAYS[step.kind]}“${step.name}”` : `第${number}环节“${step.name}”`;
}

/** Tells what differs between the steps. */
export function diffSteps(before: ProcessDefinition, after: ProcessDefinition, tell: Tell): void {
  const [was, is] = [sideOf(before), sideOf(after)];
  for (const { step } of is.places.values()) {
    if (!was.places.has(step.id)) tell('环节', `新增${labelOf(is, step)}${factsOf(is, step)}`);
  }
  for (const { step } of was.places.values()) {
    if (!is.places.has(step.id)) tell('环节', `取消原${labelOf(was, step)}`);
  }
  diffOrder(was, is, tell);
  for (const place of is.places.values()) {
    const old = was.places.get(place.step.id);
    if (old !== undefined) diffStep(was, is, old, place, tell);
  }
}

function factsOf(side: Side, step: Step): string {
  if (!hasPeople(step)) return '';
  return `,办理人:${whoSays(step.assignees)},时限:${describeLimit(step.limit, defaultsOf(side.definition))}`;
}

/** Steps that both versions have, in another order or in other blocks. */
function diffOrder(was: Side, is: Side, tell: Tell): void {
  const shared = (one: Side, other: Side): Step[] =>
    [...one.places.values()].map(({ step }) => step).filter((step) => hasPeople(step) && other.places.has(step.id));
  const [old, now] = [shared(was, is), shared(is, was)];
  if (old.map((step) => step.id).join() !== now.map((step) => step.id).join())
    tell('环节', `环节先后次序改为:${now.map((step) => `“${step.name}”`).join('→')}`);
}

function diffStep(was: Side, is: Side, old: Place, place: Place, tell: Tell): void {
  const [a, b] = [old.step, place.step];
  const label = labelOf(is, b);
  if (a.name !== b.name) tell('环节', `原${labelOf(was, a)}改称“${b.name}”`);
  if (a.kind !== b.kind) {
    tell('环节', `${label}${fromTo(`“${KIND_SAYS[a.kind]}”`, `“${KIND_SAYS[b.kind]}”`)}`);
    return;
  }
  if (around(old) !== around(place)) tell('环节', `${label}所在的分支、并行或逐个办理有改动`);
  if (hasPeople(a) && hasPeople(b)) {
    diffPeople(was, is, a, b, label, tell);
    return;
  }
  diffBlock(a, b, label, tell);
}

function around(place: Place): string {
  const ids: string[] = [];
  for (let { owner } = place; owner !== null; owner = owner.place.owner) ids.push(`${owner.place.step.id}/${branchSays(owner)}`);
  return ids.join(' ');
}

/** A branch by what it says: its number moves when another is put in before it. */
function branchSays({ place: { step }, branch }: NonNullable<Place['owner']>): string {
  return step.kind === 'choose' || step.kind === 'parallel' ? (step.branches[branch]?.says ?? OTHERWISE_SAYS) : '';
}

function diffPeople(was: Side, is: Side, a: PeopleStep, b: PeopleStep, label: string, tell: Tell): void {
  const [whoBefore, whoNow] = [whoSays(a.assignees), whoSays(b.assignees)];
  if (whoBefore !== whoNow) tell('办理人', `${label}的办理人${fromTo(whoBefore, whoNow)}`);
  else if (!sameSource(a.assignees, b.assignees)) tell('办理人', `${label}的办理人规则有改动`);
  const [limitBefore, limitNow] = [
    describeLimit(a.limit, defaultsOf(was.definition)),
    describeLimit(b.limit, defaultsOf(is.definition)),
  ];
  if (limitBefore !== limitNow) tell('时限', `${label}的时限${fromTo(limitBefore, limitNow)}`);
  else if (!sameSource(a.limit, b.limit)) tell('时限', `${label}的时限规则有改动`);
  const [rulesBefore, rulesNow] = [rulesOf(a), rulesOf(b)];
  for (const [name, now] of Object.entries(rulesNow)) {
    const before = rulesBefore[name] ?? '无';
    if (before !== now) tell('办理规则', `${label}的${name}${fromTo(`“${before}”`, `“${now}”`)}`);
  }
  for (const [name, [then, now]] of Object.entries(functionsOf(a, b))) {
    if (sameSource(then, now)) continue;
    const what = then === undefined ? `新增${name}规则` : now === undefined ? `取消${name}规则` : `${name}规则有改动`;
    tell('办理规则', `${label}${what}`);
  }
}

const OPINION_SAYS: Readonly<Record<OpinionRule, string>> = { required: '必填', optional: '选填', none: '不填' };
const SILENCE_SAYS: Readonly<Record<SilenceRule, string>> = {
  remind: '只作提醒',
  'go-on': '视为同意或办结',
  reject: '视为不同意',
};
const SELF_SAYS = { superior: '由上级办理', skip: '跳过', allow: '可自行办理' } as const;
const ALLOCATION_SAYS: Readonly<Record<Allocation, string>> = {
  random: '随机',
  'round-robin': '轮流',
  'least-loaded': '待办最少者',
  'longest-idle': '最久未分派者',
};
const DETOUR_SAYS: Readonly<Record<Detour, string>> = {
  transfer: '转办',
  delegate: '委派',
  addSigners: '加签',
  claim: '签收',
  takeBack: '取回',
  circulate: '传阅',
  consult: '征询',
};

/** The rules of a step that are plain data, in words, defaults too, so that an option written out says nothing new. */
function rulesOf(step: PeopleStep): Record<string, string> {
  const mode: ApprovalMode = step.kind === 'read' ? 'all' : step.mode;
  const self = step.selfApproval ?? (step.kind === 'approve' ? 'superior' : 'allow');
  const returns = step.kind === 'read' ? 'none' : (step.returnTo ?? 'any');
  return {
    办理方式: describeMode(mode),
    意见: step.kind === 'read' ? '选填' : OPINION_SAYS[step.opinion ?? 'optional'],
    退回范围: RETURN_SAYS[String(returns)] ?? `指定环节(${String(returns)})`,
    本人申请时: SELF_SAYS[self],
    找不到办理人时: step.whenNobody === 'superior' ? '由上级办理' : '由流程管理员指派',
    连续同一人时: step.whenRepeated === 'once' ? '只办一次' : '每次都办',
    须本人办理: yesNo(step.inPerson),
    分派方式: step.allocate === undefined ? '由候选人自行办理' : ALLOCATION_SAYS[step.allocate],
    逾期未办: SILENCE_SAYS[step.silence ?? 'remind'],
    不可用的操作: (step.withoutDetours ?? []).map((one) => DETOUR_SAYS[one]).join('、') || '无',
    停止计时: step.stopsClock ?? '否',
    再次办理由原办理人: yesNo(step.familiar),
    管理员可跳过: yesNo(step.skippable ?? step.kind !== 'handle'),
    抄送: step.copyTo === undefined ? '无' : whoSays(step.copyTo),
    延期审批: step.kind === 'handle' && step.extension !== undefined ? whoSays(step.extension.approver) : '不可延期',
    办理提示: step.ask ?? '无',
  };
}

const RETURN_SAYS: Readonly<Record<string, string>> = { none: '不可退回', applicant: '申请人', any: '此前任一环节' };

function yesNo(value: boolean | undefined): string {
  return value === true ? '是' : '否';
}

/** The rules of a step that are functions, of both versions beside each other. */
function functionsOf(a: PeopleStep, b: PeopleStep): Record<string, [unknown, unknown]> {
  return {
    回避: [a.excluded, b.excluded],
    资格: [a.capability, b.capability],
    免办: [a.passes, b.passes],
    ...(a.kind === 'handle' && b.kind === 'handle'
      ? {
          办理结果校验: [a.check, b.check],
          办理结果终止办件: [a.ends, b.ends],
          定期反馈: [a.reports, b.reports],
          延期: [a.extension, b.extension],
        }
      : {}),
  };
}

function diffBlock(a: Step, b: Step, label: string, tell: Tell): void {
  if ((a.kind === 'choose' && b.kind === 'choose') || (a.kind === 'parallel' && b.kind === 'parallel')) {
    for (const branch of b.branches) {
      const old = a.branches.find((one) => one.says === branch.says);
      if (old === undefined) tell('条件', `${label}新增情形“${branch.says}”`);
      else if (!sameSource(old.when, branch.when)) tell('条件', `${label}中“${branch.says}”的条件规则有改动`);
    }
    for (const { says } of a.branches.filter((one) => !b.branches.some((other) => other.says === one.says)))
      tell('条件', `${label}取消情形“${says}”`);
  }
  if (a.kind === 'forEach' && b.kind === 'forEach' && !sameSource(a.items, b.items)) tell('条件', `${label}的对象规则有改动`);
  if (a.kind === 'effect' && b.kind === 'effect' && !sameSource(a.does, b.does)) tell('办理规则', `${label}的规则有改动`);
  if (a.kind === 'wait' && b.kind === 'wait' && !sameSource(a.until, b.until)) tell('时限', `${label}的期限规则有改动`);
  if (a.kind === 'link' && b.kind === 'link' && !sameSource({ ...a, name: '' }, { ...b, name: '' }))
    tell('办理规则', `${label}的规则有改动`);
  if ('branches' in a || 'items' in a) {
    const runs = (step: Step): string =>
      'atMost' in step || 'needed' in step ? `${step.atMost ?? '全部'}个同时办理、${step.needed ?? '全部'}个办结即可` : '';
    if (runs(a) !== runs(b))
      tell('办理规则', `${label}的并行方式${fromTo(runs(a) || '全部同时办理', runs(b) || '全部同时办理')}`);
  }
}
