/** What people decided and wrote in a matter, read off its record: the same list for the printed sheet and the archive package. */
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { MatterEvent } from '../events.ts';
import type { StepKey } from '../state.ts';
import { parseKey } from '../tree.ts';

/** One decision with its opinion 意见. Plain JSON with these keys in this order: archive packages hold it as it is. */
export interface OpinionRecord {
  /** Sequence of the event that holds it. */
  sequence: number;
  /** UTC. */
  at: string;
  step: string;
  /** The step with its place among items, e.g. `undertake@2`. */
  visit: StepKey;
  stepName: string;
  /** Which stay at the step it was, from 1. */
  round: number;
  task: string;
  /** Who acted; null where nobody did and silence counted 默认同意. */
  person: string | null;
  name: string | null;
  /** Whom they stood in for 代, or null. */
  coverFor: string | null;
  coverForName: string | null;
  action: string;
  opinion: string | null;
  /** What a handling step brought about, or null. */
  output: JsonObject | null;
  /** Ids of files. */
  attachments: string[];
  /** True for a signer who was added 加签 or delegated to 委派. */
  added: boolean;
  /** True when its author took it back 取回: it counts no more, and the record keeps it. */
  takenBack: boolean;
}

/** The kinds of event that {@link opinionsOf} reads; others may be left out. */
export const OPINION_EVENTS = ['TaskActed', 'ActTakenBack', 'SilenceCounted'] as const;

/** Every decision of a matter, oldest first. @param events all its events in order, or those of {@link OPINION_EVENTS}. */
export function opinionsOf(events: readonly MatterEvent[]): OpinionRecord[] {
  const found: OpinionRecord[] = [];
  for (const event of events) {
    if (event.type === 'ActTakenBack') {
      const given = found.findLast((one) => one.task === event.facts.task);
      if (given !== undefined) given.takenBack = true;
    } else {
      const record = recordOf(event);
      if (record !== null) found.push(record);
    }
  }
  return found;
}

function recordOf(event: MatterEvent): OpinionRecord | null {
  const { sequence, at } = event;
  if (event.type === 'TaskActed') {
    const { task, visit, step, stepName, round, decision, output, attachments } = event.facts;
    const { person, name, coverFor, coverForName, action, opinion } = decision;
    return {
      sequence,
      at,
      step,
      visit,
      stepName,
      round,
      task,
      person,
      name,
      coverFor: coverFor ?? null,
      coverForName: coverForName ?? null,
      action,
      opinion,
      output,
      attachments: [...attachments],
      added: decision.added === true,
      takenBack: false,
    };
  }
  if (event.type !== 'SilenceCounted') return null;
  const { visit, name, means } = event.facts;
  return {
    sequence,
    at,
    step: parseKey(visit).step,
    visit,
    stepName: name,
    round: 1,
    task: '',
    person: null,
    name: null,
    coverFor: null,
    coverForName: null,
    action: 'silence',
    opinion: means,
    output: null,
    attachments: [],
    added: false,
    takenBack: false,
  };
}

const ACTION_WORDS: Readonly<Record<string, string>> = {
  agree: '同意',
  disagree: '不同意',
  complete: '办理完毕',
  return: '退回',
  read: '已阅',
  reply: '答复',
  silence: '逾期未答复',
};

/** What an action is called on paper; an unknown one as it is. */
export function actionInChinese(action: string): string {
  return ACTION_WORDS[action] ?? action;
}
