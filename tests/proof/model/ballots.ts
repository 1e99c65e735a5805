/**
 * A second opinion on who has their turn in a round and how it stands, written from the rules of the office and not from the
 * machine: 或签 any one, 会签 all, 依次 one after another, 票签 a share or a number, with signers before, after and beside somebody
 * and delegates who only advise. It asks chair by chair whether its turn has come, where the machine walks down from the top.
 */
import type { ApprovalMode } from '../../../definitions/language/steps.ts';

/** A voice in a round. */
export interface Chair {
  id: number;
  /** The party of added signers that it belongs to, 0 for the step's own. */
  party: number;
  people: string[];
  vote: 'for' | 'against' | null;
  removed: boolean;
  /** The task that stands for it, once one was opened and while it is not over. */
  task: string | null;
}

/** Signers whom somebody added, or their delegate. */
export interface Party {
  id: number;
  /** The chair whose holder added them. */
  of: number;
  position: 'before' | 'after' | 'beside' | 'delegate';
  mode: 'any' | 'all' | 'order';
}

/** One round of a step. */
export interface Stay {
  key: string;
  step: string;
  kind: string;
  round: number;
  open: boolean;
  parent: string | null;
  mode: ApprovalMode;
  chairs: Map<number, Chair>;
  parties: Map<number, Party>;
  /** Ids of the tasks in which somebody decided, each once. */
  votes: Set<string>;
}

/** How something stands. */
export type Verdict = 'for' | 'against' | 'open';

function chairsIn(stay: Stay, party: number): Chair[] {
  return [...stay.chairs.values()].filter((chair) => chair.party === party && !chair.removed);
}

function partiesOf(stay: Stay, chair: number): Party[] {
  return [...stay.parties.values()].filter((party) => party.of === chair && chairsIn(stay, party.id).length > 0);
}

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.some((one) => one === 'against')) return 'against';
  return verdicts.every((one) => one === 'for') ? 'for' : 'open';
}

function partyVerdict(stay: Stay, party: Party): Verdict {
  return all(chairsIn(stay, party.id).map((chair) => chairVerdict(stay, chair)));
}

/** A voice with those who must be for as well: it counts only when all of them have spoken. */
export function chairVerdict(stay: Stay, chair: Chair): Verdict {
  const binding = partiesOf(stay, chair.id).filter((party) => party.position !== 'delegate');
  return all([chair.vote ?? 'open', ...binding.map((party) => partyVerdict(stay, party))]);
}

/** How the round as a whole stands. */
export function stayVerdict(stay: Stay): Verdict {
  const verdicts = chairsIn(stay, 0).map((chair) => chairVerdict(stay, chair));
  const { mode } = stay;
  if (typeof mode === 'string') return all(verdicts);
  const yes = verdicts.filter((one) => one === 'for').length;
  const no = verdicts.filter((one) => one === 'against').length;
  if (mode.veto === true && no > 0) return 'against';
  // Counted up from one vote, so that a share of two thirds of three is two, whatever binary fractions say.
  let needed = 1;
  if ('share' in mode) while (needed / verdicts.length < mode.share - 1e-9 && needed < verdicts.length) needed += 1;
  else needed = Math.max(1, Math.min(mode.count, verdicts.length));
  if (yes >= needed) return 'for';
  return verdicts.length - no < needed ? 'against' : 'open';
}

/** What a chair has to do now. */
export function turnOf(stay: Stay, chair: Chair): 'act' | 'hold' | 'none' {
  if (chair.removed || chair.vote !== null || stayVerdict(stay) !== 'open' || !reached(stay, chair)) return 'none';
  const before = partiesOf(stay, chair.id).filter((party) => party.position === 'before' || party.position === 'delegate');
  return before.some((party) => partyVerdict(stay, party) === 'open') ? 'hold' : 'act';
}

/** Whether the round has come to a chair: those before it in an order are for, and whoever added it has been reached themselves. */
function reached(stay: Stay, chair: Chair): boolean {
  if (chairVerdict(stay, chair) !== 'open') return false;
  const party = stay.parties.get(chair.party);
  const mode = chair.party === 0 ? stay.mode : party?.mode;
  if (mode === 'order') {
    const earlier = chairsIn(stay, chair.party).filter((other) => other.id < chair.id);
    if (earlier.some((other) => chairVerdict(stay, other) === 'open')) return false;
  }
  if (chair.party === 0) return true;
  const holder = party === undefined ? undefined : stay.chairs.get(party.of);
  if (party === undefined || holder === undefined || holder.removed) return false;
  if (partyVerdict(stay, party) !== 'open') return false;
  if (party.position === 'after' && holder.vote !== 'for') return false;
  return reached(stay, holder);
}
