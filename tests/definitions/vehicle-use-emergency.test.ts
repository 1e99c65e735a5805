import { describe, expect, test } from 'vitest';
import { vehicleUse } from '../../definitions/processes/vehicle-use/process.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { given, type Rehearsal, type SchoolChanges } from '../support/machine.ts';
import { EMERGENCY, emergencyOf, form, HBOU, refusal, started, trip } from './vehicle-use-support.ts';

const { lecturer, computingHead, fleetCaptain, driver, officeDirector, president } = demoCast;

describe('an emergency (SGMTU)', () => {
  test('the captain sends the vehicle first and the papers follow', () => {
    const matter = emergencyOf();
    expect(matter.assigneesOf('emergency-dispatch')).toEqual([fleetCaptain]);
    matter.carriedTo('depart');
    expect(matter.openSteps).toEqual(['depart', 'emergency-report']);
    expect(matter.assigneesOf('emergency-report')).toEqual([officeDirector]);
    expect(matter.carriedToEnd().outcome).toBe('completed');
    expect([...matter.path].sort()).toEqual(
      ['emergency-dispatch', 'depart', 'emergency-report', 'log-return', 'late-unit-head', 'settle'].sort(),
    );
  });

  test.each([
    ['XAWL, out of town', { area: '市外' }, {}, ['late-unit-head', 'late-office-outside', 'late-leader-outside', 'settle']],
    ['XAWL, four days in town', trip('2026-03-02T11:00', '2026-03-05T12:00'), {}, ['late-unit-head', 'late-office', 'settle']],
    ['HBOU, out of town', { area: '市外' }, HBOU, ['late-unit-head', 'late-leader', 'settle']],
    [
      'HBOU, out of the province',
      { area: '省外', exceptionReason: '急送病人' },
      HBOU,
      ['late-unit-head', 'late-president', 'settle'],
    ],
  ])('%s: those who would have approved decide afterwards', (_name, changes, school, path) => {
    const matter = emergencyOf(changes, school).carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path.slice(-path.length)).toEqual(path);
  });

  test('late papers may be refused but not sent back, for the trip is over', () => {
    const matter = emergencyOf().carriedTo('late-unit-head');
    expect(matter.refused(computingHead, 'return', { to: 'applicant' }).code).toBe('action-not-offered');
    matter.when(computingHead, 'disagree', { opinion: '不属于公务' });
    expect(matter.outcome).toBe('rejected');
  });

  test('needs its reason', () => {
    const faults = refusal({ ...trip('2026-03-02T11:00', '2026-03-02T15:00'), emergency: true });
    expect(faults).toEqual([{ path: '/form/emergencyReason', message: '紧急用车须说明紧急情况' }]);
  });

  test('is none when there is time enough to apply', () => {
    expect(refusal({ ...trip('2026-03-20T11:00', '2026-03-20T15:00'), ...EMERGENCY })).toEqual([
      { path: '/form/emergency', message: '该次用车可按规定提前申请,不属于紧急用车' },
    ]);
  });

  test('is taken in a holiday too', () => {
    const matter = given(vehicleUse).at('2026-10-03T09:00:00+08:00');
    const changes = { ...trip('2026-10-03T10:00', '2026-10-03T12:00'), ...EMERGENCY };
    expect(matter.startedBy(lecturer, form(matter, changes)).openSteps).toEqual(['emergency-dispatch']);
  });

  test('is applied for within a working day of the departure at the latest', () => {
    const gone = { ...trip('2026-03-02T10:00', '2026-03-02T12:00'), ...EMERGENCY };
    const inTime = given(vehicleUse).at('2026-03-03T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, gone)).openSteps).toEqual(['emergency-dispatch']);
    expect(refusal(gone, {}, '2026-03-03T17:30:01+08:00')).toEqual([
      { path: '/form/start', message: '紧急用车应及时补办手续:最迟应于2026-03-03 17:30前提交' },
    ]);
  });

  test('without a vehicle it ends, and what is none is sent back', () => {
    const matter = emergencyOf();
    matter.when(fleetCaptain, 'complete', { output: { decision: '不派', reason: '均已派出' } });
    expect(matter.matter.ending?.text).toBe('该时段无可用车辆:均已派出');
    const returned = emergencyOf().when(fleetCaptain, 'return', { opinion: '不属于紧急情况' });
    expect(returned.openSteps).toEqual(['applicant']);
  });

  test('the captain does not send a vehicle for himself: who covers his post does', () => {
    const matter = given(vehicleUse);
    const changes = { ...trip('2026-03-02T11:00', '2026-03-02T15:00'), ...EMERGENCY };
    matter.startedBy(fleetCaptain, form(matter, changes));
    expect(matter.assigneesOf('emergency-dispatch')).toEqual(matter.directory.posts['fleet-captain']?.covers);
  });

  test('the vehicle may have left before the papers came', () => {
    const matter = given(vehicleUse).at('2026-03-02T12:30:00+08:00');
    const gone = { ...trip('2026-03-02T10:00', '2026-03-02T12:00'), ...EMERGENCY };
    matter.startedBy(lecturer, form(matter, gone)).carriedTo('depart');
    const output = { went: true, departedAt: '2026-03-02T10:00:00+08:00', mileageFrom: 1_000 };
    matter.when(driver, 'complete', { output });
    expect(matter.openSteps).toContain('log-return');
  });
});

describe('limits', () => {
  const dueOf = (matter: Rehearsal, step: string) => matter.tasks.find((task) => task.step === step)?.due.dueAt;

  test('each step and the whole have theirs, from the settings', () => {
    const matter = started(trip('2026-03-05T09:00', '2026-03-06T11:30'));
    expect(matter.matter.due.dueAt).toBe('2026-03-21T09:30:00.000Z');
    expect(dueOf(matter, 'unit-head')).toBe('2026-03-03T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('captain'), 'captain')).toBe('2026-03-03T09:30:00.000Z');
    // Four office hours from nine: three in the morning, one after two o'clock.
    expect(dueOf(matter.carriedTo('dispatch'), 'dispatch')).toBe('2026-03-02T07:00:00.000Z');
    expect(dueOf(matter.carriedTo('depart'), 'depart')).toBe('2026-03-06T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('log-return'), 'log-return')).toBe('2026-03-07T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('settle'), 'settle')).toBe('2026-03-09T09:30:00.000Z');
  });

  test('an emergency is sent within an office hour and its report read within four', () => {
    const matter = emergencyOf();
    expect(dueOf(matter, 'emergency-dispatch')).toBe('2026-03-02T02:00:00.000Z');
    expect(dueOf(matter.carriedTo('depart'), 'emergency-report')).toBe('2026-03-02T07:00:00.000Z');
    expect(dueOf(matter.carriedTo('late-unit-head'), 'late-unit-head')).toBe('2026-03-03T09:30:00.000Z');
  });
});

describe('the register 派车台账', () => {
  test('has a row with all that P03 asks for', () => {
    const matter = started(trip('2026-03-05T09:00', '2026-03-05T11:30')).carriedTo('depart');
    expect(matter.registerRow).toMatchObject({ start: '2026-03-05T01:00:00.000Z', mileageFrom: null, status: '办理中' });
    matter.at('2026-03-05T09:10:00+08:00').carriedTo('log-return').at('2026-03-05T11:00:00+08:00').carriedToEnd();
    expect(matter.registerRow).toEqual({
      no: 'YCSQ-2026-0001',
      unit: '计算机学院',
      reason: '赴合作企业洽谈学生实习基地建设',
      start: '2026-03-05T01:10:00.000Z',
      end: '2026-03-05T03:00:00.000Z',
      destination: '高新区软件园',
      passengers: 3,
      plate: '川A·O1001',
      driver: '郭顺发',
      mileageFrom: 52_310,
      mileageTo: 52_396,
      fuel: 12_000,
      toll: 3_500,
      approvedBy: '张启明、牛大力',
      status: '已办结',
    });
    expect(vehicleUse.register.map((column) => column.title)).toEqual(
      expect.arrayContaining(['派车单号', '车牌', '驾驶员', '起里程(公里)', '止里程(公里)', '油费(分)', '路桥费(分)', '审批人']),
    );
  });

  test('names those who agreed afterwards, and nobody before anything was decided', () => {
    expect(started().registerRow.approvedBy).toBeNull();
    expect(emergencyOf().carriedToEnd().registerRow.approvedBy).toBe('牛大力、张启明');
    const byPresident = started({ area: '省外', exceptionReason: '报送材料' }, HBOU).carriedToEnd();
    expect(byPresident.registerRow.approvedBy).toBe(`张启明、${demoUniversity().people[president]?.name}`);
  });

  test('the file is kept ten years unless the school says three', () => {
    const kept = (school: SchoolChanges) => started({}, school).carriedToEnd().eventsOf('EffectDone').at(-1)?.facts.effect;
    expect(kept({})).toEqual({ kind: 'archive', class: '用车', retention: '10-years' });
    expect(kept({ settings: { retention: '3-years' } })).toMatchObject({ retention: '3-years' });
  });
});
