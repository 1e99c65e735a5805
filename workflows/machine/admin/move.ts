/**
 * Moving a running matter to another version of its process. The new version must accept everything that has happened: its kept
 * events are tried against it first, and every fault is told at once. What lies ahead may differ as much as it likes.
 */
import { settingsFor } from '../../../definitions/language/common-settings.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Fault } from '../../../definitions/language/json.ts';
import type { Step } from '../../../definitions/language/steps.ts';
import type { MoveVersion } from '../commands.ts';
import type { MatterEvent } from '../events.ts';
import { asAdministrator } from '../people/administrators.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { coverage } from '../spoken-by.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type StepKey } from '../state.ts';
import type { Transition } from '../transition.ts';
import { branchLists, follows, locationOf, type Place, parseKey, placeOf, placesOf, plainKey, positionOf } from '../tree.ts';
import type { Schemas } from '../world.ts';

/** Where a move goes. `to` is null when the process has no such version. */
export interface MoveTarget {
  to: { definition: ProcessDefinition; schemas: Schemas } | null;
  /** Every event of the matter so far. */
  past: readonly MatterEvent[];
}

/** Decides an administrator's wish to move the matter. Open tasks keep their people and due dates; later steps follow the new version. */
export function decideMove(t: Transition, command: MoveVersion): Refusal | null {
  const { matter, world } = t;
  const who = command.by.kind === 'person' ? asAdministrator(command.by.id, world) : null;
  if (who === null) return refuse('not-allowed', '只有流程管理员可以迁移办件版本');
  if (command.reason.trim() === '')
    return refuse('bad-input', '请写明理由', [{ path: '/reason', message: '迁移版本必须写明理由' }]);
  const target = world.moving;
  if (target === undefined || target.to === null) {
    const message = `“${t.definition.name}”没有第${command.version}版`;
    return refuse('bad-input', message, [{ path: '/version', message }]);
  }
  const { definition } = target.to;
  const faults = moveFaults(t.definition, definition, target.to.schemas, matter, target.past);
  if (faults.length > 0) return refuse('bad-input', `不能迁移至第${command.version}版,原因见各项`, faults);
  const declared = settingsFor(definition, world.settings);
  const added = Object.fromEntries(Object.entries(declared).filter(([key]) => !Object.hasOwn(matter.settings, key)));
  const about = `由第${matter.version}版迁移至第${command.version}版`;
  t.emit('AdminIntervened', { kind: 'move', person: who.id, name: who.name, ...coverage(who), reason: command.reason, about });
  t.emit('VersionMoved', {
    from: matter.version,
    to: definition.version,
    ...(Object.keys(added).length === 0 ? {} : { settings: added }),
  });
  return null;
}

/**
 * Why the new version can't take over the matter: every reason at once, in Chinese, `path` naming the step key, the output or the form
 * field (`/steps/finance`, `/outputs/stamp/copies`, `/form/docTitle`). Empty when it can.
 * @param from the version that the matter runs on.
 */
export function moveFaults(
  from: ProcessDefinition,
  to: ProcessDefinition,
  schemas: Schemas,
  matter: Matter,
  past: readonly MatterEvent[],
): Fault[] {
  if (to.id !== from.id) return [{ path: '/version', message: `“${to.name}”是另一流程,只能迁移至同一流程的其他版本` }];
  if (to.version === matter.version) return [{ path: '/version', message: `办件已在第${matter.version}版` }];
  // What a newer version asks, an older one may not know: moving back would take away what people rely on.
  if (to.version < matter.version) return [{ path: '/version', message: '只能迁移到更新的版本' }];
  const keys = keysIn(past);
  const missing = keys.flatMap((key) => placeFault(from, to, key));
  const kept = keys.filter((key) => placesOf(to).has(parseKey(key).step));
  return [
    ...missing,
    ...orderFaults(from, to, kept),
    ...blockFaults(to, matter),
    ...passedOver(from, to, matter, kept),
    ...schemas.form(matter.form),
    ...outputFaults(to, schemas, matter),
  ];
}

/** The keys of the definition's steps that the events speak of, without detours and side steps; each once, in their order. */
function keysIn(events: readonly MatterEvent[]): StepKey[] {
  const keys = events.map(keyIn).filter((key) => key !== null);
  // A detour speaks of two steps: the one that it went to, and the one that it comes back to.
  const plain = keys
    .flatMap((key) => [plainKey(key), locationOf(key)])
    .filter((key) => {
      const { step } = parseKey(key);
      return step !== APPLICANT_STEP && !isSideStep(step) && !step.startsWith('(');
    });
  return [...new Set(plain)];
}

function keyIn(event: MatterEvent): StepKey | null {
  switch (event.type) {
    case 'StepOpened':
    case 'StepSkipped':
      return event.facts.visit;
    case 'BranchChosen':
    case 'BlockOpened':
      return event.facts.block;
    case 'EffectDone':
    case 'MattersLinked':
      return event.facts.step;
    case 'WaitBegan':
      return event.facts.wait.key;
    default:
      return null;
  }
}

/** A step that is gone, is of another kind, or stands in other blocks. */
function placeFault(from: ProcessDefinition, to: ProcessDefinition, key: StepKey): Fault[] {
  const { step: id } = parseKey(key);
  const before = placeOf(from, id);
  const after = placesOf(to).get(id);
  const fault = (message: string): Fault[] => [{ path: `/steps/${key}`, message: `环节“${before.step.name}”${message}` }];
  if (after === undefined) return fault('在新版中已不存在');
  if (after.step.kind !== before.step.kind) {
    return fault(`在新版中由“${KIND_SAYS[before.step.kind]}”改为“${KIND_SAYS[after.step.kind]}”`);
  }
  return surroundings(before).join() === surroundings(after).join() ? [] : fault('在新版中移入或移出了分支、并行或逐个办理');
}

const KIND_SAYS: Record<Step['kind'], string> = {
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

/** The blocks around a place; of a parallel with the branch, because what is done there is kept by its number. */
function surroundings(place: Place): string[] {
  const around: string[] = [];
  for (let { owner } = place; owner !== null; owner = owner.place.owner) {
    const { step } = owner.place;
    around.push(`${step.kind} ${step.id}${step.kind === 'parallel' ? ` ${owner.branch}` : ''}`);
  }
  return around;
}

/** Steps that have been gone through in an order that the new version turns round. */
function orderFaults(from: ProcessDefinition, to: ProcessDefinition, keys: readonly StepKey[]): Fault[] {
  const at = keys.map((key) => ({ key, before: positionOf(from, key), after: positionOf(to, key) }));
  return at.flatMap((one) => {
    const turned = at.find((other) => follows(other.before, one.before) && !follows(other.after, one.after));
    if (turned === undefined) return [];
    const [first, second] = [placeOf(to, parseKey(one.key).step).step.name, placeOf(to, parseKey(turned.key).step).step.name];
    return [{ path: `/steps/${one.key}`, message: `环节“${first}”已先于“${second}”办理,新版的顺序不同` }];
  });
}

/** Parallel blocks that are being gone through and have another number of branches now. */
function blockFaults(to: ProcessDefinition, matter: Matter): Fault[] {
  return Object.values(matter.blocks).flatMap((block) => {
    const step = placesOf(to).get(parseKey(block.key).step)?.step;
    if (step?.kind !== 'parallel' || step.branches.length === block.done.length) return [];
    const message = `并行“${step.name}”正在办理,新版的分支数由${block.done.length}改为${step.branches.length}`;
    return [{ path: `/steps/${block.key}`, message }];
  });
}

/**
 * Steps that only the new version has, where the matter has already come past them: it would end without what the new version
 * asks of everybody. A step in a branch counts only where the matter went through that branch.
 */
function passedOver(from: ProcessDefinition, to: ProcessDefinition, matter: Matter, keys: readonly StepKey[]): Fault[] {
  const known = placesOf(from);
  const been = new Set(keys.map((key) => parseKey(key).step));
  const added = [...placesOf(to).values()].filter(({ step, owner }) => {
    // A block that is new is told once, not with each step in it.
    const inNewBlock = owner !== null && !known.has(owner.place.step.id);
    // One put around a step that the matter has been at is told with that step.
    return (
      !known.has(step.id) &&
      !inNewBlock &&
      !branchLists(step)
        .flat()
        .some((one) => been.has(one.id))
    );
  });
  return added.flatMap((place) => {
    if (!wentThere(place, been)) return [];
    const own = positionOf(to, place.step.id);
    const later = keys.find((key) => follows(positionOf(to, key), own));
    if (later === undefined) return [];
    const name = placeOf(to, parseKey(later).step).step.name;
    const message = `新版在“${name}”之前增加了“${place.step.name}”,编号${matter.no}的办件已经越过`;
    return [{ path: `/steps/${place.step.id}`, message }];
  });
}

/** Whether a matter that has been at these steps went through the branches around a place. */
function wentThere(place: Place, been: ReadonlySet<string>): boolean {
  for (let { owner } = place; owner !== null; owner = owner.place.owner) {
    const list = branchLists(owner.place.step)[owner.branch] ?? [];
    if (owner.place.step.kind === 'choose' && !list.some((step) => been.has(step.id))) return false;
  }
  return true;
}

/** Outputs that the new version's forms do not take, or that it has no step for. */
function outputFaults(to: ProcessDefinition, schemas: Schemas, matter: Matter): Fault[] {
  return Object.entries(matter.outputs).flatMap(([key, output]) => {
    const { step } = parseKey(key);
    // A step that is gone is told as such.
    if (!placesOf(to).has(step)) return [];
    const check = schemas.outputs[step];
    const faults = check?.(output) ?? [];
    const name = placeOf(to, step).step.name;
    return faults.map(({ path, message }) => ({
      path: path.replace(/^\/output/, `/outputs/${key}`),
      message: `“${name}”的办理结果不合新版要求:${message}`,
    }));
  });
}
