import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal } from '../support/machine.ts';
import { faultsOf, letter, pathOf, started, taken } from './seal-use-support.ts';

const { sealKeeper, sealWitness, president } = demoCast;
const northWitness = 'p-ma-chengye';

/** A seal that is out, stamped with at noon of the day for which it was asked. */
function out(changes: JsonObject = {}): Rehearsal {
  return started({ takeOut: taken, ...changes })
    .carriedTo('stamp')
    .at('2026-03-04T12:00:00+08:00')
    .when(sealKeeper, 'complete');
}

function back(changes: JsonObject = {}): { output: JsonObject } {
  return { output: { returnedAt: '2026-03-04T11:30:00+08:00', state: '完好', ...changes } };
}

describe('a seal that leaves the school', () => {
  test('needs the president’s leave (XZB, CCRW), and is registered when it is back, before the paper is collected', () => {
    const path = ['unit-head', 'office', 'top-leader', 'stamp', 'seal-return', 'collect'];
    expect(pathOf({ takeOut: taken })).toEqual(path);
    const signature = { sealType: '校领导签名章', leader: demoCast.partySecretary, signOff: '林正远' };
    expect(pathOf({ ...signature, takeOut: taken })).toEqual([...path.slice(0, 2), 'seal-leader', ...path.slice(2)]);
  });

  test('is due for stamping and return on the day for which it was asked', () => {
    const matter = started({ takeOut: taken }).carriedTo('stamp');
    expect(matter.tasks[0]?.due.dueAt).toBe('2026-03-04T09:30:00.000Z');
    expect(out().tasks[0]?.due.dueAt).toBe('2026-03-04T09:30:00.000Z');
  });

  test('stands in the register with place, day, witness, return and state', () => {
    const matter = out().when(sealKeeper, 'complete', back());
    expect(matter.registerRow).toMatchObject({
      keeper: '陶芸',
      witness: '吴昊',
      takenTo: '省政务大厅',
      dueBack: '2026-03-04T04:00:00.000Z',
      returnedAt: '2026-03-04T03:30:00.000Z',
      sealState: '完好',
    });
  });

  test.each([
    [
      'in the future',
      { returnedAt: '2026-03-04T12:01:00+08:00' },
      ['归还时间不能晚于现在', '逾时归还、印章受损或遗失的,请说明情况'],
    ],
    ['before it was let out', { returnedAt: '2026-03-01T10:00:00+08:00' }, ['归还时间不能早于批准外带的时间']],
    ['damaged, without a word', { state: '受损' }, ['逾时归还、印章受损或遗失的,请说明情况']],
    ['lost, without a word', { state: '遗失' }, ['逾时归还、印章受损或遗失的,请说明情况']],
  ])('is not back %s', (_case, changes, messages) => {
    expect(messagesOf(out().refused(sealKeeper, 'complete', back(changes)))).toEqual(messages);
  });

  test('is late with a reason only, which the register shows', () => {
    const late = { returnedAt: '2026-03-04T15:00:00+08:00' };
    const matter = out().at('2026-03-04T16:00:00+08:00');
    expect(messagesOf(matter.refused(sealKeeper, 'complete', back(late)))).toEqual(['逾时归还、印章受损或遗失的,请说明情况']);
    matter.when(sealKeeper, 'complete', back({ ...late, note: '会议延时' }));
    expect(matter.registerRow.sealState).toBe('完好:会议延时');
  });

  test('does not leave when its leave came after the day: the applicant sets another', () => {
    const matter = started({ takeOut: taken }).carriedTo('top-leader').at('2026-03-05T09:00:00+08:00').when(president, 'agree');
    expect(matter.tasks[0]?.due.dueAt).toBe('2026-03-05T09:30:00.000Z');
    expect(messagesOf(matter.refused(sealKeeper, 'complete'))).toEqual(['批准时外带时间已过,请退回申请人另定外带时间']);
  });

  test('is stamped and taken back by somebody else than the witness', () => {
    const matter = started({ takeOut: taken });
    const post = matter.directory.posts['seal-keeper-south'];
    post?.holders.push({ person: sealWitness, from: '2026-01-01', to: null });
    expect(matter.carriedTo('stamp').assigneesOf('stamp')).toEqual([sealKeeper]);
    expect(matter.carriedTo('seal-return').assigneesOf('seal-return')).toEqual([sealKeeper]);
  });
});

describe('a seal is not taken out', () => {
  const faults = (changes: JsonObject, form: JsonObject = letter) => faultsOf({ ...form, takeOut: { ...taken, ...changes } });

  test('backwards, or yesterday, or after the matter is due', () => {
    expect(faults({ to: taken.from })).toEqual([['/form/takeOut/to', '归还时间应晚于外带时间']]);
    expect(faults({ from: '2026-03-01T09:00:00+08:00', to: '2026-03-01T11:00:00+08:00' })).toEqual([
      ['/form/takeOut/from', '外带时间应在今后'],
    ]);
    expect(faults({ from: '2026-03-17T09:00:00+08:00', to: '2026-03-17T11:00:00+08:00' })).toEqual([
      ['/form/takeOut/from', '外带时间不能晚于办结时限2026-03-16 17:30'],
    ]);
  });

  test('overnight, unless the school allows more days', () => {
    const next = { ...taken, to: '2026-03-05T12:00:00+08:00' };
    expect(faults(next)).toEqual([['/form/takeOut/to', '外带印章应当日归还:最迟2026-03-04归还']]);
    const settings = { takeOutDays: 2 };
    expect(started({ takeOut: next }, { settings }).openSteps).toEqual(['unit-head']);
    expect(faultsOf({ ...letter, takeOut: { ...taken, to: '2026-03-06T12:00:00+08:00' } }, { settings })).toEqual([
      ['/form/takeOut/to', '印章外带不超过2个工作日:最迟2026-03-05归还'],
    ]);
  });

  test('without a witness, or with one of the other campus', () => {
    const message = '印章外带须由印章所在校区的监印人随行';
    for (const escort of [demoCast.lecturer, northWitness, 'p-nobody', demoCast.retired]) {
      expect(faults({ escort }), escort).toEqual([['/form/takeOut/escort', message]]);
    }
    const steel = { ...letter, sealType: '钢印' };
    expect(faults({}, steel)).toEqual([['/form/takeOut/escort', message]]);
    expect(started({ ...steel, takeOut: { ...taken, escort: northWitness } }).openSteps).toEqual(['unit-head']);
  });

  test('by a witness who watches over their own application', () => {
    const refusal = given(sealUse).startRefused(sealWitness, { ...letter, takeOut: taken });
    expect(messagesOf(refusal)).toEqual(['申请人不能为本人的申请随行监印,请选择其他监印人']);
  });
});
