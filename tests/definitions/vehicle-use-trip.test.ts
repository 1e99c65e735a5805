import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { messagesOf, type SchoolChanges } from '../support/machine.ts';
import { started, trip } from './vehicle-use-support.ts';

const { fleetCaptain, fleetDispatcher, driver } = demoCast;

const SEDAN = { vehicle: 'vehicle-sedan-1', plate: '川A·O1001' };
const GUO = { driver: 'driver-guo-shunfa', driverPerson: driver };

describe('dispatch', () => {
  const refused = (output: JsonObject, changes: JsonObject = {}, school: SchoolChanges = {}) =>
    started(changes, school).carriedTo('dispatch').refused(fleetDispatcher, 'complete', { output });

  test('no vehicle ends the matter with its reason', () => {
    const matter = started().carriedTo('dispatch');
    matter.when(fleetDispatcher, 'complete', { output: { decision: '不派', reason: '轿车均已派出' } });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('该时段无可用车辆:轿车均已派出');
    expect(matter.eventsOf('EffectDone').map((event) => event.facts.effect.kind)).toEqual(['archive']);
  });

  test('no vehicle needs a reason', () => {
    expect(messagesOf(refused({ decision: '不派' }))).toEqual(['请说明无车可派的原因']);
  });

  test('vehicle and driver are both named', () => {
    expect(messagesOf(refused({ decision: '派车' }))).toEqual(['请选择车辆', '请选择驾驶员']);
  });

  test('vehicle and driver exist and are in use', () => {
    const broken = demoUniversity();
    const [sedan, guo] = [broken.resources['vehicle-sedan-1'], broken.resources['driver-guo-shunfa']];
    if (sedan !== undefined) sedan.active = false;
    if (guo !== undefined) guo.active = false;
    const messages = ['所选车辆不存在或已停用', '所选驾驶员不存在或已停用'];
    expect(messagesOf(refused({ decision: '派车', ...SEDAN, ...GUO }, {}, { directory: broken }))).toEqual(messages);
    const swapped = { decision: '派车', vehicle: GUO.driver, plate: 'x', driver: SEDAN.vehicle, driverPerson: driver };
    expect(messagesOf(refused(swapped))).toEqual(messages);
    const unknown = { decision: '派车', vehicle: 'no-such', plate: 'x', driver: 'nobody', driverPerson: driver };
    expect(messagesOf(refused(unknown))).toEqual(messages);
  });

  test('the vehicle seats the passengers', () => {
    expect(messagesOf(refused({ decision: '派车', ...SEDAN, ...GUO }, { passengers: 5 }))).toEqual([
      '所选车辆只能乘坐4人,乘车人数为5人',
    ]);
  });

  test('another model than asked for is explained', () => {
    const output = { decision: '派车', ...SEDAN, ...GUO };
    expect(messagesOf(refused(output, { model: '商务车' }))).toEqual(['车型与申请不一致,请说明']);
    const matter = started({ model: '商务车' }).carriedTo('dispatch');
    matter.when(fleetDispatcher, 'complete', { output: { ...output, reason: '商务车检修' } });
    expect(matter.openSteps).toEqual(['depart']);
  });

  test('plate and person agree with vehicle and driver', () => {
    const output = { decision: '派车', ...SEDAN, plate: '川A·O1002', ...GUO, driverPerson: 'p-liao-haibo' };
    expect(refused(output).faults).toEqual([
      { path: '/output/plate', message: '车牌与所选车辆不一致' },
      { path: '/output/driverPerson', message: '出车人与所选驾驶员不一致' },
    ]);
  });

  test('a driver on leave in that time, or gone, is not sent', () => {
    const onLeave = demoUniversity();
    onLeave.absences.push({ person: driver, from: '2026-03-05T00:00:00.000Z', to: '2026-03-06T00:00:00.000Z', reason: '事假' });
    const output = { decision: '派车', ...SEDAN, ...GUO };
    expect(messagesOf(refused(output, {}, { directory: onLeave }))).toEqual(['所选驾驶员该时段请假']);
    const gone = demoUniversity();
    const person = gone.people[driver];
    if (person !== undefined) person.active = false;
    expect(messagesOf(refused(output, {}, { directory: gone }))).toEqual(['所选驾驶员已不在岗']);
  });

  test('books vehicle and driver over the trip, and says which are taken', () => {
    const matter = started(trip('2026-03-16T09:00', '2026-03-16T11:30')).carriedTo('depart');
    const during = { from: '2026-03-16T01:00:00.000Z', to: '2026-03-16T03:30:00.000Z' };
    expect(matter.eventsOf('EffectDone').map((event) => event.facts.effect)).toEqual([
      {
        kind: 'reserve',
        bookings: [
          { resource: 'vehicle-sedan-1', resourceKind: 'vehicle', ...during },
          { resource: 'driver-guo-shunfa', resourceKind: 'driver', ...during },
        ],
        refusal: '该时段川A·O1001或所选驾驶员已有派车,请改派或与申请人另定时间',
      },
    ]);
  });
});

describe('the trip', () => {
  const onTheDay = () =>
    started(trip('2026-03-05T09:00', '2026-03-05T11:30')).carriedTo('depart').at('2026-03-05T09:10:00+08:00');
  const departed = (mileageFrom = 1_000) =>
    onTheDay()
      .when(driver, 'complete', { output: { went: true, departedAt: '2026-03-05T09:00:00+08:00', mileageFrom } })
      .at('2026-03-05T11:00:00+08:00');
  const back = { returnedAt: '2026-03-05T10:50:00+08:00', mileageTo: 1_050, fuel: 0, toll: 0 };

  test('only the driver on the dispatch may depart', () => {
    expect(onTheDay().assigneesOf('depart')).toEqual([driver]);
  });

  test('nobody departs before the vehicle was assigned', () => {
    const output = { went: true, departedAt: '2026-03-02T08:59:00+08:00', mileageFrom: 1_000 };
    expect(onTheDay().refused(driver, 'complete', { output }).faults).toEqual([
      { path: '/output/departedAt', message: '未经批准驾驶员不得出车' },
    ]);
  });

  test('a departure has its time, not in the future, and its mileage', () => {
    expect(messagesOf(onTheDay().refused(driver, 'complete', { output: { went: true } }))).toEqual([
      '请填写起里程',
      '请填写实际出车时间',
    ]);
    const output = { went: true, departedAt: '2026-03-05T09:11:00+08:00', mileageFrom: 1 };
    expect(messagesOf(onTheDay().refused(driver, 'complete', { output }))).toEqual(['实际出车时间不能晚于现在']);
  });

  test('a trip that did not take place ends the matter and gives the booking back', () => {
    expect(messagesOf(onTheDay().refused(driver, 'complete', { output: { went: false } }))).toEqual(['请说明未出车的原因']);
    const matter = onTheDay().when(driver, 'complete', { output: { went: false, cancelReason: '会议取消' } });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('未出车:会议取消');
    expect(matter.eventsOf('EffectUndone').map((event) => event.facts.effect.kind)).toEqual(['reserve']);
  });

  test('the mileage does not fall', () => {
    expect(messagesOf(departed().refused(driver, 'complete', { output: { ...back, mileageTo: 999 } }))).toEqual([
      '止里程不能小于起里程1000公里',
    ]);
    expect(departed().when(driver, 'complete', { output: { ...back, mileageTo: 1_000 } }).openSteps).toEqual(['settle']);
  });

  test('the return lies between the departure and now', () => {
    const at = (returnedAt: string) => messagesOf(departed().refused(driver, 'complete', { output: { ...back, returnedAt } }));
    expect(at('2026-03-05T08:59:00+08:00')).toEqual(['实际返回时间不能早于出车时间']);
    expect(at('2026-03-05T11:01:00+08:00')).toEqual(['实际返回时间不能晚于现在']);
  });

  test('vehicle and driver are given back at the actual return', () => {
    const matter = departed().when(driver, 'complete', { output: back });
    expect(matter.eventsOf('EffectDone').at(-1)?.facts.effect).toEqual({
      kind: 'release',
      resources: ['vehicle-sedan-1', 'driver-guo-shunfa'],
      at: '2026-03-05T02:50:00.000Z',
    });
  });

  test('the settlement adds up, or says why not', () => {
    const matter = () => departed().when(driver, 'complete', { output: { ...back, fuel: 10_000, toll: 2_000 } });
    const fundSource = '学院公用经费';
    const faults = matter().refused(fleetCaptain, 'complete', { output: { total: 12_001, fundSource } }).faults;
    expect(faults).toEqual([{ path: '/output/note', message: '结算金额与油费、路桥费之和不一致,请说明' }]);
    expect(matter().when(fleetCaptain, 'complete', { output: { total: 12_000, fundSource } }).outcome).toBe('completed');
    const noted = { total: 15_000, fundSource, note: '另付停车费30元' };
    expect(matter().when('p-qin-yulan', 'complete', { output: noted }).outcome).toBe('completed');
  });

  test('a wrong return record is sent back to the driver', () => {
    const matter = departed().when(driver, 'complete', { output: back });
    matter.when(fleetCaptain, 'return', { to: 'log-return', opinion: '缺油票' });
    expect(matter.openSteps).toEqual(['log-return']);
    expect(matter.carriedToEnd().outcome).toBe('completed');
  });
});
