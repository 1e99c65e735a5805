/**
 * An independent set of books beside the machine: it reads the record of a matter, event by event, keeps its own count of rounds,
 * chairs, votes and tasks, and says where the machine's own state, or an event, does not agree with it.
 */
import type { EventFacts, MatterEvent } from '../../../workflows/machine/events.ts';
import type { Matter, Seat } from '../../../workflows/machine/state.ts';
import { type Chair, chairVerdict, type Stay, stayVerdict, turnOf } from './ballots.ts';
import { broken } from './broken.ts';

/** What lets a step end although nobody in it has decided that. */
const ENDS_BY_OTHERS: ReadonlySet<string> = new Set([
  'MatterReturned',
  'MatterEnded',
  'ActTakenBack',
  'BlockClosed',
  'AdminIntervened',
  'SilenceCounted',
  'ExtensionAnswered',
]);
const SIDE = ['circulation', 'advice', 'extension'];

interface OpenTask {
  stay: string;
  chair: number;
  people: string[];
  held: boolean;
}

/** The books of one matter. */
export class Books {
  readonly #stays = new Map<string, Stay>();
  readonly #tasks = new Map<string, OpenTask>();
  readonly #everOpened = new Set<string>();
  readonly #acted = new Set<string>();
  #expected = 1;
  #archived = false;
  #ended = false;

  /** Reads the events of one transition. Throws with the promise that one of them breaks. */
  record(events: readonly MatterEvent[]): this {
    for (const event of events) {
      if (event.sequence !== this.#expected) broken(`event ${event.sequence} came where ${this.#expected} was due`);
      this.#expected += 1;
      if (this.#ended) broken(`nothing happens after the end, yet ${event.type} did`);
      this.#read(event, events);
    }
    return this;
  }

  #read(event: MatterEvent, events: readonly MatterEvent[]): void {
    switch (event.type) {
      case 'StepOpened':
        this.#stepOpened(event.facts);
        break;
      case 'StepClosed':
        this.#stepClosed(event.facts, events);
        break;
      case 'TaskOpened':
        this.#taskOpened(event.facts.task);
        break;
      case 'TaskActed':
        this.#taskActed(event.facts);
        break;
      case 'TaskClosed':
        this.#drop(event.facts.task, 'TaskClosed');
        break;
      case 'TaskHeld':
      case 'TaskResumed':
        this.#task(event.facts.task, event.type).held = event.type === 'TaskHeld';
        break;
      case 'TaskClaimed':
        if (this.#task(event.facts.task, event.type).people.length < 2)
          broken(`task ${event.facts.task} was claimed from nobody`);
        break;
      case 'SeatReassigned':
        this.#seatReassigned(event.facts);
        break;
      case 'SignersAdded':
        this.#signersAdded(event.facts);
        break;
      case 'SignersRemoved':
        this.#signersRemoved(event.facts);
        break;
      case 'ActTakenBack':
        this.#takenBack(event.facts);
        break;
      case 'EffectDone':
        if (event.facts.effect.kind !== 'archive') break;
        if (this.#archived) broken('a matter is archived once');
        this.#archived = true;
        break;
      case 'MatterEnded':
        this.#ended = true;
        if (this.#tasks.size > 0) broken(`the matter ended with open tasks ${[...this.#tasks.keys()].join(', ')}`);
        break;
      default:
        break;
    }
  }

  #stay(key: string): Stay {
    return this.#stays.get(key) ?? broken(`step ${key} was never opened`);
  }

  #task(id: string, why: string): OpenTask {
    return this.#tasks.get(id) ?? broken(`${why} concerns task ${id}, which is not open`);
  }

  #chair(stay: Stay, id: number): Chair {
    return stay.chairs.get(id) ?? broken(`${stay.key} has no seat ${id}`);
  }

  #drop(id: string, why: string): OpenTask {
    const task = this.#task(id, why);
    this.#tasks.delete(id);
    this.#chair(this.#stay(task.stay), task.chair).task = null;
    return task;
  }

  #stepOpened(facts: EventFacts['StepOpened']): void {
    const before = this.#stays.get(facts.visit);
    if (before?.open === true) broken(`step ${facts.visit} is opened while it is open`);
    const votes = (facts.carried?.decisions ?? []).flatMap(({ task }) => (task === undefined ? [] : [task]));
    if (new Set(votes).size !== votes.length) broken(`step ${facts.visit} carries a decision twice`);
    for (const vote of votes)
      if (before?.votes.has(vote) !== true) broken(`step ${facts.visit} carries a decision that nobody took`);
    const stay: Stay = {
      key: facts.visit,
      step: facts.step,
      kind: facts.kind,
      round: facts.round,
      open: true,
      parent: facts.parent ?? null,
      mode: facts.mode,
      chairs: new Map((facts.roster ?? []).map((seat) => [seat.id, chairOf(seat)])),
      parties: new Map((facts.carried?.groups ?? []).map((group) => [group.id, { ...group, of: group.seat }])),
      votes: new Set(votes),
    };
    const decided = [...stay.chairs.values()].filter((chair) => chair.vote !== null && !chair.removed).length;
    if (decided > votes.length) broken(`step ${facts.visit} opens with ${decided} votes on ${votes.length} decisions`);
    this.#stays.set(facts.visit, stay);
  }

  #stepClosed(facts: EventFacts['StepClosed'], events: readonly MatterEvent[]): void {
    const stay = this.#stay(facts.visit);
    if (!stay.open) broken(`step ${facts.visit} is closed twice`);
    stay.open = false;
    const left = [...this.#tasks].filter(([, task]) => task.stay === facts.visit);
    if (left.length > 0) broken(`step ${facts.visit} closes and leaves task ${left[0]?.[0]} open`);
    for (const side of this.#stays.values()) {
      if (side.open && side.parent === facts.visit) broken(`${side.key} outlives the step ${facts.visit} that it belongs to`);
    }
    this.#checkOutcome(stay, facts.outcome, events);
  }

  #checkOutcome(stay: Stay, outcome: string, events: readonly MatterEvent[]): void {
    const verdict = stayVerdict(stay);
    const byOthers = events.some((event) => ENDS_BY_OTHERS.has(event.type));
    const silent = events.some((event) => event.type === 'SilenceCounted');
    if (['agreed', 'completed', 'read', 'corrected'].includes(outcome)) {
      const handled =
        outcome === 'completed' && events.some((event) => event.type === 'TaskActed' && event.facts.visit === stay.key);
      if (verdict !== 'for' && !silent && !handled) broken(`${stay.key} closes as ${outcome}, yet its votes say ${verdict}`);
    } else if (outcome === 'disagreed') {
      if (verdict !== 'against' && !silent) broken(`${stay.key} closes as disagreed, yet its votes say ${verdict}`);
    } else if (!byOthers && !stay.key.includes('extension')) {
      const parent = stay.parent === null ? undefined : this.#stays.get(stay.parent);
      if (parent === undefined || stayVerdict(parent) === 'open') broken(`${stay.key} ends as ${outcome}, yet nothing says why`);
    }
  }

  #taskOpened(task: EventFacts['TaskOpened']['task']): void {
    if (this.#everOpened.has(task.id)) broken(`task ${task.id} is opened twice`);
    this.#everOpened.add(task.id);
    const stay = this.#stay(task.visit);
    if (!stay.open) broken(`task ${task.id} opens in ${task.visit}, which is closed`);
    const chair = this.#chair(stay, task.seat);
    if (chair.removed || chair.task !== null || chair.vote !== null)
      broken(`task ${task.id} opens for a seat that has none to do`);
    const people = task.assignees.map((one) => one.id);
    if (people.length === 0) broken(`task ${task.id} is nobody's`);
    if (new Set(people).size !== people.length) broken(`somebody stands twice in task ${task.id}`);
    if (people.join() !== chair.people.join()) broken(`task ${task.id} is for ${people}, its seat for ${chair.people}`);
    chair.task = task.id;
    this.#tasks.set(task.id, { stay: task.visit, chair: task.seat, people, held: task.waiting });
  }

  #taskActed({ task: id, visit, decision }: EventFacts['TaskActed']): void {
    if (this.#acted.has(id)) broken(`task ${id} is acted on twice`);
    const task = this.#drop(id, 'TaskActed');
    if (task.held) broken(`task ${id} is acted on while others before it have not`);
    const own = task.people.includes(decision.person);
    const covered = decision.coverFor !== null && task.people.includes(decision.coverFor);
    if (!own && !covered) broken(`${decision.person} acts on task ${id} of ${task.people}`);
    if (own && decision.coverFor !== null) broken(`${decision.person} acts on their own task for somebody else`);
    this.#acted.add(id);
    const stay = this.#stay(visit);
    stay.votes.add(id);
    const chair = this.#chair(stay, task.chair);
    const advises = stay.parties.get(chair.party)?.position === 'delegate';
    if (decision.action === 'return') return;
    chair.vote = decision.action === 'disagree' && !advises ? 'against' : 'for';
  }

  #seatReassigned(facts: EventFacts['SeatReassigned']): void {
    const stay = this.#stay(facts.visit);
    const chair = this.#chair(stay, facts.seat);
    if (!stay.open) broken(`a seat of ${facts.visit} changes hands after the round`);
    if (facts.task === null ? chair.task !== null : chair.task !== facts.task)
      broken(`seat ${facts.seat} changes hands without its task`);
    if (chair.vote !== null) broken(`seat ${facts.seat} of ${facts.visit} changes hands after its vote`);
    if (facts.task !== null) this.#drop(facts.task, 'SeatReassigned');
    chair.people = facts.to.map((one) => one.id);
    if (chair.people.length === 0) broken(`seat ${facts.seat} of ${facts.visit} is given to nobody`);
  }

  #signersAdded({ visit, group, seats, task }: EventFacts['SignersAdded']): void {
    const stay = this.#stay(visit);
    this.#task(task, 'SignersAdded');
    if (stay.parties.has(group.id)) broken(`a group ${group.id} of ${visit} was there before`);
    stay.parties.set(group.id, { id: group.id, of: group.seat, position: group.position, mode: group.mode });
    for (const seat of seats) {
      if (stay.chairs.has(seat.id)) broken(`seat ${seat.id} of ${visit} was there before`);
      stay.chairs.set(seat.id, chairOf(seat));
    }
  }

  #signersRemoved({ visit, seats }: EventFacts['SignersRemoved']): void {
    const stay = this.#stay(visit);
    for (const id of seats) {
      const chair = this.#chair(stay, id);
      if (chair.task !== null) this.#drop(chair.task, 'SignersRemoved');
      if (chair.party === 0) broken(`seat ${id} is the step's own and was removed`);
      if (chair.vote !== null) broken(`seat ${id} has voted and was removed`);
      chair.removed = true;
    }
  }

  #takenBack(facts: EventFacts['ActTakenBack']): void {
    const stay = this.#stay(facts.visit);
    // A transfer that is taken back was no vote; its task had none.
    if (!stay.votes.delete(facts.task) && this.#acted.has(facts.task) && stay.open) {
      broken(`task ${facts.task} is taken back, yet counted for nothing`);
    }
    const chair = stay.chairs.get(facts.seat);
    if (stay.open && chair !== undefined) chair.vote = null;
  }

  /** Compares the books with the machine's own state. Throws with what they do not agree on. */
  compare(matter: Matter): void {
    if (matter.sequence !== this.#expected - 1) broken('the state has folded every event');
    if ((matter.phase === 'ended') !== this.#ended) broken('the books and the matter agree whether it has ended');
    const ids = Object.keys(matter.tasks);
    if (ids.length !== this.#tasks.size || ids.some((id) => !this.#tasks.has(id))) {
      broken(`the matter has tasks ${ids}, the books ${[...this.#tasks.keys()]}`);
    }
    for (const stay of this.#stays.values())
      if (stay.open || matter.visits[stay.key]?.status === 'open') this.#compareStay(matter, stay);
    const known = new Set([...this.#stays.values()].map((stay) => stay.key));
    for (const key of Object.keys(matter.visits)) if (!known.has(key)) broken(`nobody opened ${key}`);
    for (const [id, alarm] of Object.entries(matter.alarms)) {
      if (alarm.visit !== null && this.#stays.get(alarm.visit)?.open !== true) broken(`alarm ${id} outlives its round`);
    }
  }

  #compareStay(matter: Matter, stay: Stay): void {
    const visit = matter.visits[stay.key];
    if (visit === undefined || visit.status !== 'open' || !stay.open) broken(`${stay.key} is open in one of the two only`);
    if (visit.superseded) broken(`open step ${stay.key} is set aside`);
    if (visit.round !== stay.round) broken(`${stay.key} is in round ${visit.round}, by the books in ${stay.round}`);
    const verdict = stayVerdict(stay);
    if (verdict !== 'open') broken(`${stay.key} is open, yet its votes say ${verdict}`);
    const counted = visit.decisions.flatMap(({ task }) => (task !== undefined && stay.votes.has(task) ? [task] : []));
    if (counted.length !== stay.votes.size || new Set(counted).size !== counted.length) {
      broken(`${stay.key} counts ${counted.length} decisions, the books ${stay.votes.size}`);
    }
    let turns = 0;
    for (const chair of stay.chairs.values()) {
      const seat = visit.seats.find((one) => one.id === chair.id);
      if (seat === undefined || (seat.verdict ?? null) !== chair.vote || (seat.status === 'removed') !== chair.removed) {
        broken(`seat ${chair.id} of ${stay.key} says ${seat?.verdict ?? seat?.status}, the books ${chair.vote ?? chair.removed}`);
      }
      const turn = turnOf(stay, chair);
      const task = chair.task === null ? undefined : this.#tasks.get(chair.task);
      const has = task === undefined ? 'none' : task.held ? 'hold' : 'act';
      if (has !== turn)
        broken(`seat ${chair.id} of ${stay.key} (${chairVerdict(stay, chair)}) has to ${turn}, yet its task says ${has}`);
      if (task !== undefined && matter.tasks[chair.task ?? '']?.waiting !== task.held)
        broken(`task ${chair.task} waits in one of the two only`);
      if (turn === 'act') turns += 1;
    }
    if (turns === 0)
      broken(`${stay.key} is open, yet nobody has their turn${SIDE.includes(stay.step) ? ' (beside the flow)' : ''}`);
  }
}

function chairOf(seat: Seat): Chair {
  const { id, group, verdict, status, assignees } = seat;
  return { id, party: group, people: assignees.map((one) => one.id), vote: verdict, removed: status === 'removed', task: null };
}
