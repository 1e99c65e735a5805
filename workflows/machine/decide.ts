/**
 * The decision: which events follow from a command, or why it is refused. Pure; everything it knows is in its arguments.
 *
 * Refusals are told in the order of `REFUSALS`: what does not exist, what is not yours, what is over, what is wrong.
 */

import { schoolDate } from '../../definitions/language/calendar.ts';
import { settingsFor } from '../../definitions/language/common-settings.ts';
import type { CheckContext, PersonRef } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { whyNotInForce } from './admin/in-force.ts';
import { decideIntervention } from './admin/intervene.ts';
import { decideMove } from './admin/move.ts';
import { decideRefresh } from './admin/refresh.ts';
import { dueOf, matterLimit, settleClock } from './clock/clock.ts';
import { decideExtend } from './clock/extension.ts';
import { decideTick } from './clock/tick.ts';
import type { Command, StartMatter } from './commands.ts';
import type { MatterEvent } from './events.ts';
import { attachmentFaults, formFaults } from './faults.ts';
import { enterList } from './flow/flow.ts';
import { decideLinked } from './flow/linked.ts';
import { decideComment, decideReport, decideSupplement, decideUrge, decideWithdraw } from './matter-commands.ts';
import { holdsRole } from './people/resolve.ts';
import { isRefusal, type Refusal, refuse } from './refusals.ts';
import { decideAct } from './round/act.ts';
import { whyEnded } from './stale.ts';
import type { Matter, MatterState } from './state.ts';
import { Transition, Unfit } from './transition.ts';
import type { World } from './world.ts';

/** A decision: the events in their order, with the state they fold to. */
export interface Decided {
  events: MatterEvent[];
  matter: Matter;
}

/**
 * Decides a command.
 * @returns the events and the state after them, or a refusal. No events means that there was nothing to do (a clock too early).
 * @throws Error when a published definition was changed or loops: a bug, never something a person asked for.
 */
export function decide(definition: ProcessDefinition, state: MatterState, command: Command, world: World): Decided | Refusal {
  const t = new Transition(definition, state, command, world);
  const refusal = attempt(t, state, command);
  if (isRefusal(refusal)) return refusal;
  return { events: t.events, matter: t.matter };
}

function attempt(t: Transition, state: MatterState, command: Command): Refusal | null {
  try {
    const refusal = apply(t, state, command);
    // Whatever happened, the clock stands still exactly while somebody stops it.
    if (t.events.length > 0 && t.matter.phase === 'open') settleClock(t);
    return refusal;
  } catch (error) {
    if (error instanceof Unfit) return error.refusal;
    throw error;
  }
}

function apply(t: Transition, state: MatterState, command: Command): Refusal | null {
  if (command.type === 'start') {
    return state.phase === 'new' ? decideStart(t, command) : refuse('action-not-offered', '该办件已经提交');
  }
  if (state.phase === 'new') return refuse('matter-unknown', '办件不存在');
  if (state.phase === 'ended') return refuse('matter-ended', whyEnded(state, command));
  switch (command.type) {
    case 'act':
      return decideAct(t, command);
    case 'withdraw':
      return decideWithdraw(t, command);
    case 'urge':
      return decideUrge(t, command);
    case 'comment':
      return decideComment(t, command);
    case 'report':
      return decideReport(t, command);
    case 'supplement':
      return decideSupplement(t, command);
    case 'extend':
      return decideExtend(t, command);
    case 'reassign':
    case 'rewind':
    case 'skip':
    case 'terminate':
    case 'hand-over':
      return decideIntervention(t, command);
    case 'move':
      return decideMove(t, command);
    case 'refresh':
      return decideRefresh(t, command);
    case 'linked':
      return decideLinked(t, command);
    case 'tick':
      return decideTick(t);
  }
}

function decideStart(t: Transition, command: StartMatter): Refusal | null {
  const { definition, world } = t;
  const person = command.by.kind === 'person' ? world.directory.people[command.by.id] : undefined;
  if (person === undefined || !person.active) return refuse('not-allowed', '申请人不在学校人员名录中,不能发起办件');
  const today = schoolDate(world.calendar, t.now);
  // A matter that another one starts was asked for on the version then in force; a night in between must not lose it.
  const latest = command.parent === undefined ? world.inForce?.[definition.id] : undefined;
  const outdated = whyNotInForce(definition, latest, today);
  if (outdated !== null) return refuse(outdated.code, outdated.message);
  if (definition.applicants !== 'anyone' && !holdsRole(world.directory, person.id, definition.applicants, today)) {
    return refuse('not-allowed', `您没有发起“${definition.name}”的权限:${definition.audience}`);
  }
  const applicant: PersonRef = { id: person.id, name: person.name, unit: person.unit };
  const settings = settingsFor(definition, world.settings);
  const faults = [
    ...formFaults(
      definition,
      { form: command.form, settings, applicant, now: t.now, appliedAt: t.now, ...worldOf(world) },
      world,
    ),
    ...attachmentFaults(command.attachments, world),
  ];
  if (faults.length > 0) return refuse('bad-input', '申请内容有误,请按提示一次性修改', faults);
  const limit = startLimit(t, command, applicant, settings);
  t.emit('MatterStarted', {
    no: world.no,
    processId: definition.id,
    version: definition.version,
    title: definition.title(command.form),
    applicant,
    unitName: world.directory.units[person.unit]?.name ?? person.unit,
    form: command.form,
    attachments: command.attachments,
    settings,
    limit,
    due: dueOf(limit, t.now, world),
    warns: true,
    ...(command.parent === undefined ? {} : { parent: command.parent }),
  });
  enterList(t, definition.steps, 0, []);
  return null;
}

function startLimit(t: Transition, command: StartMatter, applicant: PersonRef, settings: Matter['settings']): Matter['limit'] {
  const { definition } = t;
  const context = {
    form: command.form,
    outputs: {},
    each: () => [],
    settings,
    applicant,
    unit: applicant.unit,
    item: null,
    decisions: () => [],
    links: () => [],
    no: '',
    startedAt: t.now,
    updatedAt: t.now,
  };
  return matterLimit(definition, context);
}

function worldOf(world: World): Pick<CheckContext, 'calendar' | 'directory' | 'files' | 'facts'> {
  return { calendar: world.calendar, directory: world.directory, files: world.files, facts: world.facts };
}
