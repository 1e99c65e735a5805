/** What detours, later due dates, linked matters and administrators' interventions say to people, in Chinese. */
import type { MatterEvent } from '../events.ts';
import type { Assignee } from '../state.ts';
import { entry, type TimelineEntry } from './timeline-entry.ts';

type Told = Extract<
  MatterEvent,
  {
    type:
      | 'SeatReassigned'
      | 'SignersAdded'
      | 'SignersRemoved'
      | 'ActTakenBack'
      | 'TaskClaimed'
      | 'TaskReleased'
      | 'Circulated'
      | 'AdviceAsked'
      | 'ExtensionAsked'
      | 'ExtensionAnswered'
      | 'DueChanged'
      | 'Escalated'
      | 'SilenceCounted'
      | 'Supplemented'
      | 'AdminIntervened'
      | 'VersionMoved'
      | 'StepClosed'
      | 'WaitBegan'
      | 'WaitMoved'
      | 'WaitEnded'
      | 'MattersLinked'
      | 'LinkChanged';
  }
>;

/** Who did what followed by itself from a change outside the matter. */
const SYSTEM = '系统';

const POSITIONS = { before: '前加签', after: '后加签', beside: '并加签', delegate: '委派' } as const;
const MODES = { any: '任一人', all: '会签', order: '依次' } as const;
const HOW = {
  transfer: '转办',
  reassign: '管理员指派',
  'hand-over': '工作交接',
  're-organisation': '机构或岗位调整',
  'taken-back': '取回',
  removed: '减签',
} as const;
const INTERVENTION = {
  reassign: '指派',
  rewind: '回退',
  skip: '跳过',
  terminate: '终止',
  'hand-over': '交接',
  move: '迁移版本',
} as const;

function names(people: readonly Assignee[]): string {
  return people.map((one) => one.name).join('、');
}

function forWhom(coverForName: string | null | undefined): string {
  return coverForName === null || coverForName === undefined ? '' : `(代${coverForName})`;
}

function claimEntry(says: '签收' | '退签', facts: Extract<Told, { type: 'TaskClaimed' }>['facts']): TimelineEntry {
  return entry('detour', `${says}${forWhom(facts.coverForName)}`, { who: facts.coverName ?? facts.name });
}

/** What such an event says. */
export function detourEntry(event: Told): TimelineEntry | null {
  switch (event.type) {
    case 'SeatReassigned': {
      const { how, to, from, name, stepName, round, reason, coverForName } = event.facts;
      // Who was taken off, and what an administrator did, is told by the event beside it.
      if (how === 'removed' || how === 'reassign' || how === 'hand-over') return null;
      const text = `${HOW[how]}:${names(from)} → ${names(to)}${forWhom(coverForName)}`;
      return entry('detour', text, { who: name ?? SYSTEM, step: stepName, round, opinion: reason === '' ? null : reason });
    }
    case 'SignersAdded': {
      const { group, seats, stepName, round, reason, coverForName } = event.facts;
      const people = names(seats.flatMap((seat) => seat.assignees));
      const text =
        group.position === 'delegate' ? `委派${people}` : `${POSITIONS[group.position]}${people}(${MODES[group.mode]})`;
      return entry('detour', `${text}${forWhom(coverForName)}`, {
        who: group.byName,
        step: stepName,
        round,
        opinion: reason === '' ? null : reason,
      });
    }
    case 'SignersRemoved': {
      const { people, name, stepName, round, reason, coverForName } = event.facts;
      return entry('detour', `减签${names(people)}${forWhom(coverForName)}`, {
        who: name,
        step: stepName,
        round,
        opinion: reason === '' ? null : reason,
      });
    }
    case 'ActTakenBack':
      return entry('detour', '取回办理', { who: event.facts.name, step: event.facts.stepName, round: event.facts.round });
    case 'TaskClaimed':
      return claimEntry('签收', event.facts);
    case 'TaskReleased':
      return claimEntry('退签', event.facts);
    case 'Circulated':
      return entry('detour', `传阅${names(event.facts.people)}${forWhom(event.facts.coverForName)}`, {
        who: event.facts.name,
        opinion: event.facts.text,
      });
    case 'AdviceAsked':
      return entry('detour', `征询${names(event.facts.people)}${forWhom(event.facts.coverForName)}`, {
        who: event.facts.name,
        opinion: event.facts.text,
      });
    case 'Supplemented': {
      const { name, text, attachments } = event.facts;
      return entry('detour', '补充材料', { who: name, opinion: text, attachments });
    }
    case 'AdminIntervened': {
      const { kind, name, reason, about, coverForName } = event.facts;
      return entry('intervention', `管理员${INTERVENTION[kind]}:${about}${forWhom(coverForName)}`, {
        who: name,
        opinion: reason,
      });
    }
    case 'VersionMoved':
      // The intervention beside it says so.
      return null;
    case 'StepClosed':
      return calledOff(event.facts);
    default:
      return clockOrLink(event);
  }
}

/** What was asked beside a step and ended with it before everybody had answered; an unread circulation is nobody's loss. */
function calledOff({ step, name, outcome }: Extract<Told, { type: 'StepClosed' }>['facts']): TimelineEntry | null {
  if (outcome !== 'canceled') return null;
  if (step === 'advice') return entry('detour', `“${name}”随所征询的环节结束,未答复的不再等待`, { who: SYSTEM });
  return step === 'extension' ? entry('clock', `“${name}”随所申请的环节结束,不再答复`, { who: SYSTEM }) : null;
}

type ClockOrLink = Extract<
  Told,
  {
    type:
      | 'ExtensionAsked'
      | 'ExtensionAnswered'
      | 'DueChanged'
      | 'Escalated'
      | 'SilenceCounted'
      | 'WaitBegan'
      | 'WaitMoved'
      | 'WaitEnded'
      | 'MattersLinked'
      | 'LinkChanged';
  }
>;

function clockOrLink(event: ClockOrLink): TimelineEntry | null {
  switch (event.type) {
    case 'ExtensionAsked': {
      const { name, stepName, until, reason, coverForName } = event.facts;
      return entry('clock', `申请延期至${until}${forWhom(coverForName)}`, { who: name, step: stepName, opinion: reason });
    }
    case 'ExtensionAnswered': {
      const { name, granted, until } = event.facts;
      return entry('clock', granted ? `同意延期至${until}` : `不同意延期至${until}`, { who: name });
    }
    case 'DueChanged': {
      const { name, because, due } = event.facts;
      return entry('clock', `“${name}”时限重新计算:${because}`, { who: SYSTEM, dueAt: due.dueAt });
    }
    case 'Escalated': {
      const whom = event.facts.level === 'superior' ? '上级' : '督查';
      return entry('overdue', `“${event.facts.about}”超期,已报${whom}${names(event.facts.people)}`);
    }
    case 'SilenceCounted':
      return entry('clock', `“${event.facts.name}”${event.facts.means}`);
    case 'WaitBegan':
      return event.facts.wait.kind === 'until'
        ? entry('clock', '等待至约定时间', { step: event.facts.name, dueAt: event.facts.wait.at })
        : entry('link', '等待关联办件办结', { step: event.facts.name });
    case 'WaitMoved': {
      const { name, at, because } = event.facts;
      return entry('clock', `等待的时间重新计算:${because}`, { who: SYSTEM, step: name, dueAt: at });
    }
    case 'WaitEnded':
      return event.facts.because === 'time' || event.facts.because === 'links'
        ? entry('clock', '等待结束', { step: event.facts.name })
        : null;
    case 'MattersLinked':
      return entry('link', `发起${event.facts.links.length}项关联办件`, { step: event.facts.name });
    case 'LinkChanged': {
      const { no, text, skipped } = event.facts;
      // That its step was passed over is told as the intervention that it is.
      return skipped === true ? null : entry('link', `关联办件${no ?? ''}:${text}`);
    }
  }
}
