/** The history for people: what each event says to them, in Chinese. What concerns only the machine says nothing. */
import type { Decision } from '../../../definitions/language/context.ts';
import type { Effect } from '../../../definitions/language/effect.ts';
import type { MatterEvent } from '../events.ts';
import { OTHERWISE_SAYS } from '../tree.ts';
import type { AlarmKind, TaskKind } from '../words.ts';
import { detourEntry } from './timeline-detours.ts';
import { entry, type TimelineEntry } from './timeline-entry.ts';

const ACTION_WORDS: Readonly<Record<string, string>> = {
  agree: '同意',
  disagree: '不同意',
  complete: '办理完毕',
  return: '退回',
  read: '已阅',
  reply: '答复',
};

const TASK_WORDS: Readonly<Record<TaskKind, string>> = {
  approve: '办理',
  handle: '办理',
  read: '阅知',
  correct: '办理',
  advise: '答复',
};

function effectText(effect: Effect): string {
  switch (effect.kind) {
    case 'reserve':
      return '已登记占用';
    case 'release':
      return '已交还';
    case 'queue-bulletin':
      return '已列入通报';
    case 'archive':
      return `已归入“${effect.class}”档案`;
  }
}

/** What an event says to people, or null when it says nothing. */
export function timelineEntry(event: MatterEvent): TimelineEntry | null {
  switch (event.type) {
    case 'MatterStarted': {
      const { applicant, title, attachments, due } = event.facts;
      return entry('started', `提交“${title}”`, { who: applicant.name, attachments, dueAt: due.dueAt });
    }
    case 'TaskOpened': {
      const { task } = event.facts;
      const names = task.assignees.map((one) => `${one.name}(${one.reason})`).join('、');
      return entry('opened', `请${names}${TASK_WORDS[task.kind]}`, { step: task.name, round: task.round, dueAt: task.due.dueAt });
    }
    case 'TaskActed':
    case 'ProgressReported':
    case 'FormCorrected':
    case 'DetourReplayed':
    case 'Commented':
    case 'Urged':
      return fromPerson(event);
    case 'StepSkipped':
      return entry('skipped', event.facts.reason, { step: event.facts.name });
    case 'BranchChosen':
      // That no condition held says nothing to people: the steps that follow show where the matter went.
      return event.facts.says === OTHERWISE_SAYS ? null : entry('branch', event.facts.says, { step: event.facts.name });
    case 'BlockOpened':
      return event.facts.items.length === 0
        ? null
        : entry('branch', `共${event.facts.items.length}项同时办理`, { step: event.facts.name });
    case 'EffectDone':
      return entry('effect', effectText(event.facts.effect), { step: event.facts.name });
    case 'EffectUndone':
      return entry('effect', `撤销:${effectText(event.facts.effect)}`);
    case 'MatterReturned': {
      const { by, fromName, toName, next, rewound } = event.facts;
      // The intervention beside it says so.
      if (rewound === true) return null;
      const then = next === 'back' ? '办理后直接回到本环节' : '其后各环节重新办理';
      return entry('returned', `退回至“${toName}”,${then}`, { who: by, step: fromName });
    }
    case 'AlarmRang':
      return alarmEntry(event.facts.kind, event.facts.about);
    case 'ReportRequested':
      return entry('report', `第${event.facts.number}次进展反馈到期,请报送`);
    case 'ReportMissed':
      return entry('report', `第${event.facts.number}次进展反馈未按期报送`);
    case 'ClockStopped':
      return entry('clock', `暂停计时:${event.facts.reason}`);
    case 'ClockResumed':
      return entry('clock', '恢复计时', { dueAt: event.facts.due.dueAt });
    case 'MatterEnded':
      // Who terminated it, and why, is told by the intervention beside it.
      return entry('ended', event.facts.code === 'terminated' ? '办件终止' : event.facts.text);
    case 'SeatReassigned':
    case 'SignersAdded':
    case 'SignersRemoved':
    case 'ActTakenBack':
    case 'TaskClaimed':
    case 'TaskReleased':
    case 'Circulated':
    case 'AdviceAsked':
    case 'ExtensionAsked':
    case 'ExtensionAnswered':
    case 'DueChanged':
    case 'Escalated':
    case 'SilenceCounted':
    case 'Supplemented':
    case 'AdminIntervened':
    case 'VersionMoved':
    case 'StepClosed':
    case 'WaitBegan':
    case 'WaitMoved':
    case 'WaitEnded':
    case 'MattersLinked':
    case 'LinkChanged':
      return detourEntry(event);
    case 'StepOpened':
    case 'TaskHeld':
    case 'TaskResumed':
    case 'BranchEntered':
    case 'TaskClosed':
    case 'BranchFinished':
    case 'BlockClosed':
      return null;
  }
}

type FromPerson = Extract<
  MatterEvent,
  { type: 'TaskActed' | 'ProgressReported' | 'FormCorrected' | 'DetourReplayed' | 'Commented' | 'Urged' }
>;

function fromPerson(event: FromPerson): TimelineEntry {
  switch (event.type) {
    case 'TaskActed': {
      const { decision, stepName, round, attachments } = event.facts;
      const text = `${ACTION_WORDS[decision.action] ?? decision.action}${coverText(decision)}`;
      return entry('acted', text, { who: decision.name, step: stepName, opinion: decision.opinion, attachments, round });
    }
    case 'ProgressReported': {
      const { name, text, percent, attachments, coverForName } = event.facts;
      const cover = coverForName === undefined ? '' : `(代${coverForName})`;
      return entry('report', `进展${percent}%${cover}:${text}`, { who: name, attachments });
    }
    case 'FormCorrected': {
      const { changed, attachments } = event.facts;
      const text = changed.length === 0 ? '重新提交,内容未改动' : `修改了${changed.length}项内容后重新提交`;
      return entry('corrected', text, { attachments });
    }
    case 'DetourReplayed': {
      const what = event.facts.because === 'form' ? '修改了表单内容' : '修改了办理结果';
      return entry('corrected', `${what},其后各环节重新办理`, { step: event.facts.name });
    }
    case 'Commented':
      return entry('comment', event.facts.text, { who: event.facts.name });
    case 'Urged': {
      const { name, text, people } = event.facts;
      const whom = people.map((one) => one.name).join('、');
      return entry('urge', `催办${whom}${text === null ? '' : `:${text}`}`, { who: name });
    }
  }
}

/** That somebody acted in another's place stands on every record (source 004). */
function coverText({ coverFor, coverForName }: Decision): string {
  if (coverFor === null) return '';
  return coverForName === undefined || coverForName === null ? '(顶岗)' : `(代${coverForName})`;
}

function alarmEntry(kind: AlarmKind, about: string): TimelineEntry | null {
  switch (kind) {
    case 'yellow':
      return entry('warning', `“${about}”时限将至(黄牌)`);
    case 'orange':
      return entry('warning', `“${about}”时限紧迫(橙牌)`);
    case 'red':
      return entry('overdue', `“${about}”已超过时限(红牌)`);
    case 'report':
    case 'superior':
    case 'supervision':
    case 'wait':
      // What follows from these says it.
      return null;
  }
}
