/** The paths on which histories are kept for replay: for each process those on which its workflow runs differently. */

import type { MatterView } from '../../scripts/demo/office-client.ts';
import { actionJourneys } from './journeys-actions.ts';
import { applied, type Journey, returned, type Traveller, toEnd } from './traveller.ts';

const DAY_MS = 86_400_000;
/** More history than the workflow's own limit for one run; each remark makes three to six events. */
const REMARKS = 600;
const REMARKS_AT_ONCE = 8;

async function refused({ client }: Traveller, matter: MatterView): Promise<MatterView> {
  const { person, task } = await client.turnOf(matter);
  return client.act(person, task.id, { action: 'disagree', opinion: '不符合规定' });
}

/** From its start to its end, with a reminder and a remark on the way. */
function toItsEnd(id: string): Journey {
  return {
    process: id,
    path: 'completed',
    travel: async (traveller) => {
      const matter = await applied(traveller, id);
      await traveller.client.command(matter.applicant.id, matter.no, { type: 'urge' });
      await traveller.client.command(matter.applicant.id, matter.no, { type: 'comment', text: '材料原件随后送到' });
      return toEnd(traveller, matter);
    },
  };
}

/** Taken back by its applicant before anybody has acted. */
function withdrawn(id: string): Journey {
  return {
    process: id,
    path: 'withdrawn',
    travel: async (traveller) => {
      const matter = await applied(traveller, id);
      return traveller.client.command(matter.applicant.id, matter.no, { type: 'withdraw', reason: '情况有变' });
    },
  };
}

/** Sent back by the first who acts, corrected, and then carried to its end. */
function corrected(id: string): Journey {
  return {
    process: id,
    path: 'returned',
    travel: async (traveller) => toEnd(traveller, await returned(traveller, await applied(traveller, id))),
  };
}

/** Ended by the first who acts. */
function disagreed(id: string): Journey {
  return { process: id, path: 'disagreed', travel: async (traveller) => refused(traveller, await applied(traveller, id)) };
}

/** Every alarm rings while nobody acts for two months; then all is done late. */
function overdue(id: string, until?: string): Journey {
  return {
    process: id,
    path: 'overdue',
    travel: async (traveller) => {
      const matter = await applied(traveller, id);
      const open = until === undefined ? matter : await traveller.client.carry(matter, { until });
      const clock = await traveller.clockOf(matter.no);
      await clock.forwardTo(new Date(Date.now() + 60 * DAY_MS).toISOString());
      return traveller.client.carry(open);
    },
  };
}

const followUp = 'instruction-follow-up';

/** What is particular to the follow-up: its reports, and the return of what was already reported to the leader. */
const followUpJourneys: Journey[] = [
  {
    process: followUp,
    path: 'reported',
    travel: async (traveller) => {
      const matter = await traveller.client.carry(await applied(traveller, followUp, { assist: [] }), { until: 'undertake' });
      const { person } = await traveller.client.turnOf(matter, 'undertake');
      await traveller.client.command(person, matter.no, { type: 'report', text: '方案已定', percent: 50 });
      return traveller.client.carry(matter);
    },
  },
  {
    process: followUp,
    path: 'returned',
    travel: async (traveller) => {
      const matter = await traveller.client.carry(await applied(traveller, followUp), { until: 'leader-review' });
      return traveller.client.carry(await returned(traveller, matter, 'undertake'));
    },
  },
];

const complaint = 'service-complaint';
const keyTask = 'key-work';

/** What is particular to the processes of supervision and service: a key task's reports, a complaint that is looked into again. */
const serviceJourneys: Journey[] = [
  {
    process: keyTask,
    path: 'reported',
    travel: async (traveller) => {
      const matter = await traveller.client.carry(await applied(traveller, keyTask, { assist: [] }), { until: 'undertake' });
      const { person } = await traveller.client.turnOf(matter, 'undertake');
      const text = '已召开协调会,明确各单位分工和完成时间,正在逐项推进';
      await traveller.client.command(person, matter.no, { type: 'report', text, percent: 50 });
      return traveller.client.carry(matter);
    },
  },
  {
    process: complaint,
    path: 'redone',
    travel: async (traveller) => {
      const matter = await traveller.client.carry(await applied(traveller, complaint), { until: 'satisfaction' });
      const { person, task } = await traveller.client.turnOf(matter, 'satisfaction');
      const output = { satisfied: false, comment: '没有说到要害' };
      return traveller.client.carry(await traveller.client.act(person, task.id, { action: 'complete', output }));
    },
  },
  {
    process: followUp,
    path: 'adjusted',
    travel: async (traveller) => {
      const matter = await traveller.client.carry(await applied(traveller, followUp, { assist: [] }), { until: 'undertake' });
      const { person, task } = await traveller.client.turnOf(matter, 'undertake');
      const output = { adjustment: { proposal: '改为下学期试点', reason: '系统正在更换' } };
      return traveller.client.carry(await traveller.client.act(person, task.id, { action: 'complete', output }));
    },
  },
];

/** So many remarks that the workflow continues as new, and then the way to its end in the next run. */
const remarked: Journey = {
  process: 'seal-use',
  path: 'continued',
  travel: async (traveller) => {
    const matter = await applied(traveller, 'seal-use');
    const remark = () => traveller.client.command(matter.applicant.id, matter.no, { type: 'comment', text: '请尽快' });
    for (let made = 0; made < REMARKS; made += REMARKS_AT_ONCE) {
      await Promise.all(Array.from({ length: REMARKS_AT_ONCE }, remark));
    }
    return traveller.client.carry(matter);
  },
};

/** All journeys. */
export const journeys: readonly Journey[] = [
  ...['seal-use', 'vehicle-use', 'contract-review', followUp, keyTask, complaint].flatMap((id) => [toItsEnd(id), withdrawn(id)]),
  ...['seal-use', 'vehicle-use', 'contract-review'].flatMap((id) => [corrected(id), disagreed(id)]),
  overdue('seal-use'),
  overdue(followUp, 'undertake'),
  ...followUpJourneys,
  ...serviceJourneys,
  remarked,
  ...actionJourneys,
];
