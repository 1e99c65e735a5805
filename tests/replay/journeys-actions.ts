/** Journeys on which every action, command and intervention is taken, people stand in, and what lies outside a matter changes. */
import type { HttpProblem, MatterView } from '../../scripts/demo/office-client.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { applied, does, type Journey, returned, seen, startedBy, type Traveller, toEnd } from './traveller.ts';

const seal = 'seal-use';
const contract = 'contract-review';
const followUp = 'instruction-follow-up';
const DAY_MS = 86_400_000;

const { administrator, computingHead, computingDeputy, computingClerk, student, financeReviewer } = demoCast;

const dayFromNow = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Handed on, asked about, taken on and put back, taken back, and sent back in both ways. */
const handedOn: Journey = {
  process: seal,
  path: 'handed-on',
  travel: async (traveller) => {
    const { client } = traveller;
    const matter = await applied(traveller, seal, { involvesMoney: true });
    const { applicant, no } = matter;
    const act = (person: string, action: string, more: Record<string, unknown> = {}) =>
      does(traveller, matter, person, { action, ...more });
    await act(computingHead, 'transfer', { to: computingDeputy, opinion: '外出开会', draft: { opinion: '拟同意' } });
    await act(computingDeputy, 'delegate', { to: computingClerk, opinion: '请先核实' });
    await act(computingClerk, 'agree', { opinion: '已核实' });
    await act(computingDeputy, 'circulate', { people: [student], opinion: '请阅' });
    await act(computingDeputy, 'consult', { people: [computingClerk], opinion: '此函是否已发过?' });
    await act(computingClerk, 'reply', { opinion: '未发过' });
    await act(student, 'read');
    await client.command(applicant.id, no, { type: 'supplement', text: '补充活动方案' });
    await act(computingDeputy, 'agree');
    await act(computingDeputy, 'takeBack');
    await act(computingDeputy, 'agree');
    await refusedToWithdraw(traveller, matter);
    for (const action of ['claim', 'release', 'claim', 'agree']) await act(financeReviewer, action);
    await returned(traveller, await seen(traveller, matter), 'previous', 'back');
    await act(financeReviewer, 'agree');
    return client.carry(await returned(traveller, await seen(traveller, matter), 'unit-head'));
  },
};

/** Too late to be withdrawn: a refusal stands in the history too. */
async function refusedToWithdraw({ client }: Traveller, { applicant, no }: MatterView): Promise<void> {
  const status = await client.command(applicant.id, no, { type: 'withdraw' }).then(
    () => 200,
    (problem: HttpProblem) => problem.status,
  );
  if (status !== 409) throw new Error(`A withdrawal of ${no} after its first approval was answered ${status} instead of 409`);
}

/** Signers before, beside and after, any, all and in order, and one taken off again. */
const signed: Journey = {
  process: seal,
  path: 'signers',
  travel: async (traveller) => {
    const { hrHead, financeHead, studentsHead, assetsHead } = demoCast;
    const matter = await applied(traveller, seal);
    const act = (person: string, action: string, more: Record<string, unknown> = {}) =>
      does(traveller, matter, person, { action, ...more });
    const add = (people: string[], position: string, mode: string) =>
      act(computingHead, 'addSigners', { people, position, mode, opinion: '请会签' });
    await add([computingDeputy, computingClerk], 'before', 'all');
    await act(computingHead, 'removeSigners', { people: [computingClerk] });
    await act(computingDeputy, 'agree');
    await add([hrHead, financeHead], 'beside', 'any');
    await add([studentsHead, assetsHead], 'after', 'order');
    for (const person of [hrHead, computingHead, studentsHead, assetsHead]) await act(person, 'agree');
    return traveller.client.carry(await seen(traveller, matter));
  },
};

/** More time is asked for and granted. */
const extended: Journey = {
  process: followUp,
  path: 'extended',
  travel: async (traveller) => {
    const { client } = traveller;
    const matter = await client.carry(await applied(traveller, followUp, { assist: [] }), { until: 'undertake' });
    const { person } = await client.turnOf(matter, 'undertake');
    const asked = { type: 'extend', until: dayFromNow(20), reason: '等待外单位材料,已完成一半' };
    const now = await client.command(person, matter.no, asked);
    return client.carry(await client.carryOn(now, 'extension'));
  },
};

/** Whoever stands in for somebody away acts on what was theirs. */
const covered: Journey = {
  process: seal,
  path: 'covered',
  travel: async (traveller) => {
    const { client } = traveller;
    const matter = await applied(traveller, seal);
    await client.request(computingHead, 'POST', '/api/people/absences', {
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + DAY_MS / 24).toISOString(),
      reason: '外出开会',
      cover: computingDeputy,
    });
    return client.carry(await does(traveller, matter, computingDeputy, { action: 'agree', opinion: '同意' }));
  },
};

function intervene({ client }: Traveller, { no }: MatterView, body: Record<string, unknown>): Promise<MatterView> {
  return client.request<MatterView>(administrator, 'POST', `/api/matters/${no}/interventions`, { reason: '按学校决定', ...body });
}

/** The administrator gives a task to others, hands over, passes over a step, goes back to it and ends the matter. */
const intervened: Journey = {
  process: seal,
  path: 'intervened',
  travel: async (traveller) => {
    const matter = await applied(traveller, seal);
    const task = matter.tasks[0]?.id;
    await intervene(traveller, matter, { kind: 'reassign', task, people: [computingDeputy] });
    await intervene(traveller, matter, { kind: 'hand-over', from: computingDeputy, to: computingHead });
    await intervene(traveller, matter, { kind: 'skip', visit: 'unit-head' });
    await intervene(traveller, matter, { kind: 'rewind', to: 'unit-head' });
    return intervene(traveller, matter, { kind: 'terminate' });
  },
};

/** Started on the version before, and moved to the newest one on the way. */
const moved: Journey = {
  process: 'vehicle-use',
  path: 'moved',
  travel: async (traveller) => {
    const matter = await traveller.client.carryOn(await traveller.applyFormer('vehicle-use'));
    await intervene(traveller, matter, { kind: 'move', version: 2 });
    return traveller.client.carry(await seen(traveller, matter));
  },
};

/** Its dates are reckoned again because a day of the calendar has changed, and again when it is as before. */
const reckonedAgain: Journey = {
  process: seal,
  path: 'calendar',
  travel: async (traveller) => {
    const matter = await applied(traveller, seal);
    const change = (kind: 'off' | 'usual') => ({
      days: [1, 2, 3].map((ahead) => ({ date: dayFromNow(ahead), kind, name: '校运动会', source: '学校通知' })),
      reason: '校运动会放假安排调整',
    });
    await traveller.put(administrator, '/api/calendar', change('off'));
    await traveller.put(administrator, '/api/calendar', change('usual'));
    return traveller.client.carry(await seen(traveller, matter));
  },
};

/** Returned, and sent in again long after every date: its clock stood still, and it comes straight back. */
const correctedLate: Journey = {
  process: seal,
  path: 'corrected-late',
  travel: async (traveller) => {
    // Without the day for which the seal was wanted, which will have passed.
    const matter = await returned(traveller, await applied(traveller, seal, { wantedAt: undefined }), 'applicant', 'back');
    const clock = await traveller.clockOf(matter.no);
    await clock.forwardTo(new Date(Date.now() + 60 * DAY_MS).toISOString());
    return traveller.client.carry(await seen(traveller, matter));
  },
};

/** The contract as far as the seal that it has asked for. */
async function atSeal(traveller: Traveller): Promise<MatterView> {
  const matter = await traveller.client.carry(await applied(traveller, contract));
  await startedBy(traveller, matter);
  return matter;
}

/** Ended while it waits for the seal, which it calls back. */
const recalled: Journey = {
  process: contract,
  path: 'recalled',
  travel: async (traveller) => intervene(traveller, await atSeal(traveller), { kind: 'terminate' }),
};

/** Lost by Temporal while it waits for the seal; made anew from its events, it asks the other matter how that stands. */
const revived: Journey = {
  process: contract,
  path: 'revived',
  travel: async (traveller) => {
    const matter = await atSeal(traveller);
    await traveller.lose(matter.no);
    await traveller.client.command(matter.applicant.id, matter.no, { type: 'comment', text: '用印已申请' });
    return toEnd(traveller, await seen(traveller, matter));
  },
};

/** The database answers late, so that a decision is tried in the patient way. */
const delayed: Journey = {
  process: seal,
  path: 'delayed',
  travel: async (traveller) => {
    const matter = await applied(traveller, seal);
    return traveller.client.carry(await traveller.whileHeld(matter.no, () => traveller.client.carryOn(matter)));
  },
};

/** All of them; whoever is away is so on the last. */
export const actionJourneys: readonly Journey[] = [
  handedOn,
  signed,
  extended,
  intervened,
  moved,
  reckonedAgain,
  correctedLate,
  recalled,
  revived,
  delayed,
  covered,
];
