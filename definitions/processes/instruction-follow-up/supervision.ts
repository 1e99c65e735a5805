/** What the ledger 督办台账 tells of 领导批示督办: where it comes from, who answers for it, what is proposed otherwise, how it ended. */
import type { RegisterSource } from '../../language/define.ts';
import type { SupervisionFacts, SupervisionSource } from '../../language/supervision.ts';
import type { FollowUpForm } from './form.ts';
import { assistOf, doneAt, doneIn, type FollowUp, leadOf } from './terms.ts';

type Row = RegisterSource<FollowUp>;

/** Where an instruction counts in the ledger; what a leader wrote or said on nothing that is listed there is an instruction as such. */
const LEDGER_SOURCES: Readonly<Record<FollowUpForm['source'], SupervisionSource>> = {
  会议决议: 'meeting-resolution',
  年度重点工作: 'key-work',
  收文: 'incoming-document',
  签报: 'leader-instruction',
  来信: 'mailbox',
  信箱: 'mailbox',
  专项: 'special-topic',
  口头补录: 'leader-instruction',
};

/** What units object to or propose otherwise, as long as nobody has answered it. */
function unanswered({ each, outputs, decisions, nameOf }: Row): string | null {
  const objected = each('receipt').flatMap(({ item, output: { objection } }) =>
    objection === undefined
      ? []
      : [`${nameOf(item)}对${objection.about}有异议:${[objection.reason, objection.proposal].filter(Boolean).join(';建议:')}`],
  );
  if (objected.length > 0 && doneAt(decisions('settle-objection')) === null) return objected.join('\n');
  const proposed = outputs.undertake?.adjustment;
  if (proposed === undefined || doneAt(decisions('answer-adjustment')) !== null) return null;
  return `${proposed.proposal};理由:${proposed.reason}`;
}

/** Why the work was late; null for work that was done in time, extensions counted, whatever its form says. */
function delayOf({ outputs, decisions, dueOf }: Row): string | null {
  const done = doneAt(decisions('undertake'));
  const dueAt = dueOf('undertake');
  return done !== null && dueAt !== null && done <= dueAt ? null : (outputs.undertake?.delayReason ?? null);
}

/** What the ledger tells of a follow-up. */
export function supervision(row: Row): SupervisionFacts {
  const { form, outputs, decisions } = row;
  const checked = doneIn(decisions('verify'));
  const read = doneIn(decisions('leader-review'));
  return {
    source: LEDGER_SOURCES[form.source],
    sourceRef: form.sourceNo ?? `${form.instructedOn}${form.source}`,
    content: outputs.confirm?.text ?? form.text,
    lead: leadOf(row),
    assist: assistOf(row),
    responsible: outputs.establish?.undertaker ?? null,
    leader: form.leader,
    level: outputs.establish?.level ?? null,
    workDueAt: row.dueOf('undertake'),
    workSteps: ['undertake'],
    checker: checked?.person ?? null,
    checkedAt: checked?.at ?? null,
    result: outputs['result-report']?.report ?? outputs.undertake?.result ?? null,
    reportedTo: read?.person ?? null,
    reportedAt: read?.at ?? null,
    adjustment: unanswered(row),
    delayReason: delayOf(row),
  };
}
