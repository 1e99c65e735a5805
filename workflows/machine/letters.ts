/**
 * What a matter has to say to other matters: start, come back, how do you stand; and to the one that started it, what became of it.
 * Read off the state, so that whoever carries it on, after any crash, knows what is still to be said; each is said under the same id
 * however often, and so counts once.
 */
import type { Command, StartMatter } from './commands.ts';
import { isSettled, linkCommandId } from './link.ts';
import type { Refusal } from './refusals.ts';
import type { Link, Matter } from './state.ts';
import type { LinkStatus } from './words.ts';

/** Something for another matter. */
export interface Letter {
  /** The same for the same thing said; what was sent under it need not be sent again. */
  key: string;
  /** Id of the matter that it is for. */
  to: string;
  /** Its process; null for the matter that started this one, whose process the record knows. */
  processId: string | null;
  /** What it is started with when it does not run yet; null to go on from its events. */
  start: StartMatter | null;
  /** What is asked of it; null only to have it started, and to hear how it stands. */
  command: Command | null;
}

/**
 * Letters to the matters that this one started.
 * @param unsure ids of links of which an answer may have been lost with an earlier workflow.
 */
export function lettersToLinked(matter: Matter, unsure: ReadonlySet<string>): Letter[] {
  return Object.values(matter.links).flatMap((link): Letter[] => {
    const { id, matterId: to, processId, status, recalled } = link;
    if (isSettled(status)) return [];
    const start = status === 'asked' ? startOf(matter, link) : null;
    if (recalled) return [{ key: `recall:${id}`, to, processId, start, command: recallOf(matter.id, to, link.text) }];
    if (status === 'asked' || (unsure.has(id) && matter.phase === 'open')) {
      return [{ key: `${status}:${id}`, to, processId, start, command: null }];
    }
    return [];
  });
}

function startOf(matter: Matter, link: Link): StartMatter {
  const { processId, version, form, attachments, applicant } = link;
  return {
    type: 'start',
    id: linkCommandId(link.matterId),
    by: { kind: 'person', id: applicant },
    bodyHash: null,
    processId,
    version,
    form,
    attachments,
    parent: { matterId: matter.id, no: matter.no, link: link.id },
  };
}

/** The command with which a matter calls back one that it started. */
export function recallOf(parentId: string, matterId: string, reason: string): Command {
  return { type: 'withdraw', id: `recall:${matterId}`, by: { kind: 'matter', id: parentId }, bodyHash: null, reason };
}

/** The letter to the matter that started this one: how this one stands. Null where nobody started it. */
export function letterToParent(matter: Matter): Letter | null {
  if (matter.parent === null) return null;
  const { ending } = matter;
  return report(matter.id, matter.parent, ending?.code ?? 'open', matter.no, ending?.text ?? '已受理');
}

/** The letter to the matter that asked for this one, when it was refused. Null where nobody did. */
export function letterOfRefusal(matterId: string, start: StartMatter | null, refusal: Refusal): Letter | null {
  if (start?.parent === undefined) return null;
  const faults = refusal.faults.map((fault) => fault.message);
  const text = faults.length === 0 ? refusal.message : `${refusal.message}:${faults.join(';')}`;
  return report(matterId, start.parent, 'refused', null, text.slice(0, REFUSAL_TEXT_MAX));
}

/** A refusal may name a fault for every field; the matter that asked keeps the beginning. */
const REFUSAL_TEXT_MAX = 500;

function report(
  matterId: string,
  parent: NonNullable<Matter['parent']>,
  status: LinkStatus,
  no: string | null,
  text: string,
): Letter {
  const id = `linked:${matterId}:${status}`;
  const by = { kind: 'matter', id: matterId } as const;
  const command = { type: 'linked', id, by, bodyHash: null, link: parent.link, status, no, text } as const;
  return { key: id, to: parent.matterId, processId: null, start: null, command };
}
