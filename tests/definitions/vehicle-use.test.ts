import { describe, expect, test } from 'vitest';
import { formsOf } from '../../definitions/forms.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { vehicleUse } from '../../definitions/processes/vehicle-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given } from '../support/machine.ts';
import { EMERGENCY, form, HBOU, refusal, started, trip } from './vehicle-use-support.ts';

const { lecturer, computingHead, fleetCaptain, fleetDispatcher, driver, officeDirector, viceForResearch } = demoCast;

describe('the example', () => {
  test('goes from the form to the settlement', () => {
    const matter = given(vehicleUse).startedBy().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual(['unit-head', 'captain', 'dispatch', 'depart', 'log-return', 'settle']);
  });

  test.each(['2026-04-30T23:59:00+08:00', '2026-05-03T03:00:00+08:00', '2026-09-30T18:00:00+08:00', '2026-10-03T12:00:00+08:00'])(
    'is accepted at %s under either rule and whatever was applied for before',
    (now) => {
      for (const school of [{}, HBOU]) {
        for (let serial = 0; serial < 240; serial += 17) {
          const matter = given(vehicleUse, school).at(now);
          expect(matter.startedBy(lecturer, matter.example(serial).form).openSteps).toEqual(['unit-head']);
        }
      }
    },
  );

  test('keeps out of a vacation that the school has set', () => {
    const sealedPeriods = [{ name: '暑假', from: '2026-03-04', to: '2026-08-31' }];
    const matter = given(vehicleUse, { settings: { sealedPeriods } });
    expect(matter.example().form.start).toBe('2026-09-01T06:30:00.000Z');
    expect(matter.startedBy().openSteps).toEqual(['unit-head']);
  });

  test('spreads over days and halves of days', () => {
    const matter = given(vehicleUse);
    const starts = Array.from({ length: 120 }, (_, serial) => matter.example(serial).form.start);
    expect(new Set(starts).size).toBe(120);
  });

  test('says that there is none when nothing is free, or every driver is away', () => {
    const matter = given(vehicleUse).startedBy().carriedTo('dispatch');
    const { directory, calendar, now, matter: state } = matter;
    const filled = state.form;
    const make = formsOf(vehicleUse).outputExamples.dispatch;
    const context = {
      ...{ now, calendar, directory, settings: state.settings, files: { pdf: '', docx: '' }, serial: 1 },
      ...{ form: filled, outputs: {}, item: null, startedAt: now },
    };
    expect(make?.({ ...context, free: () => [] })).toMatchObject({ decision: '不派' });
    expect(make?.({ ...context, free: (kind) => (kind === 'vehicle' ? ['vehicle-van'] : ['driver-liao-haibo']) })).toEqual({
      decision: '派车',
      vehicle: 'vehicle-van',
      plate: '川A·O3001',
      driver: 'driver-liao-haibo',
      driverPerson: 'p-liao-haibo',
    });
    const away = { person: 'p-liao-haibo', from: String(filled.start), to: String(filled.end), reason: '病假' };
    const emptied = { ...context, directory: { ...directory, absences: [away] } };
    const free = (kind: string) => (kind === 'vehicle' ? ['vehicle-van'] : ['driver-liao-haibo']);
    expect(make?.({ ...emptied, free })).toMatchObject({ decision: '不派' });
  });
});

describe('lead time (domain D13)', () => {
  const afterHoliday = trip('2026-10-08T09:00', '2026-10-08T11:00');

  test('a car in town on 8 October is applied for by 30 September, closing time', () => {
    const inTime = given(vehicleUse).at('2026-09-30T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, afterHoliday)).openSteps).toEqual(['unit-head']);
    expect(refusal(afterHoliday, {}, '2026-09-30T17:30:01+08:00')).toEqual([
      { path: '/form/start', message: '临时申请原则上不予安排:该次用车最迟应于2026-09-30 17:30前申请' },
    ]);
  });

  test('a car out of town takes three working days under XAWL', () => {
    const out = { ...afterHoliday, area: '市外' };
    const inTime = given(vehicleUse).at('2026-09-28T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, out)).openSteps).toEqual(['unit-head']);
    expect(refusal(out, {}, '2026-09-29T08:30:00+08:00')).toEqual([
      { path: '/form/start', message: '临时申请原则上不予安排:该次用车最迟应于2026-09-28 17:30前申请' },
    ]);
  });

  test('a car out of town takes two working days under HBOU', () => {
    const out = { ...afterHoliday, area: '市外' };
    const inTime = given(vehicleUse, HBOU).at('2026-09-29T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, out)).openSteps).toEqual(['unit-head']);
    expect(refusal(out, HBOU, '2026-09-30T08:30:00+08:00')[0]?.message).toMatch(/^临时申请原则上不予安排/);
  });

  test('a car in town takes one working day under HBOU', () => {
    const inTime = given(vehicleUse, HBOU).at('2026-09-30T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, afterHoliday)).openSteps).toEqual(['unit-head']);
  });
});

describe('vehicles stand still in holidays and vacations', () => {
  const inHoliday = trip('2026-10-05T09:00', '2026-10-05T11:00');

  test('a trip in the holiday is applied for before it', () => {
    const inTime = given(vehicleUse).at('2026-09-29T09:00:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, inHoliday)).openSteps).toEqual(['unit-head']);
    expect(refusal(inHoliday, {}, '2026-10-01T00:00:00+08:00')).toEqual([
      { path: '/form/start', message: '节假日车辆封存,请在放假前办理' },
    ]);
  });

  test('one that begins before the holiday and ends in it has its lead time', () => {
    const across = trip('2026-09-30T09:00', '2026-10-02T11:00');
    const inTime = given(vehicleUse).at('2026-09-29T17:30:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, across)).openSteps).toEqual(['unit-head']);
  });

  test('a trip in a vacation that the school has set is applied for before it', () => {
    const school = { settings: { sealedPeriods: [{ name: '暑假', from: '2026-07-11', to: '2026-08-30' }] } };
    const inVacation = trip('2026-08-12T09:00', '2026-08-12T11:00');
    const inTime = given(vehicleUse, school).at('2026-07-10T09:00:00+08:00');
    expect(inTime.startedBy(lecturer, form(inTime, inVacation)).openSteps).toEqual(['unit-head']);
    expect(refusal(inVacation, school, '2026-07-11T09:00:00+08:00')[0]?.message).toBe('节假日车辆封存,请在放假前办理');
    const elsewhere = given(vehicleUse).at('2026-07-11T09:00:00+08:00');
    expect(elsewhere.startedBy(lecturer, form(elsewhere, inVacation)).openSteps).toEqual(['unit-head']);
  });

  test('a weekend is no holiday', () => {
    const matter = given(vehicleUse).at('2026-03-06T17:00:00+08:00');
    const weekend = trip('2026-03-07T09:00', '2026-03-08T11:00');
    expect(refusal(weekend, {}, '2026-03-07T08:00:00+08:00')[0]?.message).toMatch(/^临时申请/);
    expect(matter.startedBy(lecturer, form(matter, weekend)).openSteps).toEqual(['unit-head']);
  });
});

describe('other refusals of the form', () => {
  test('a trip that is past, unless it was an emergency', () => {
    const gone = trip('2026-03-02T08:00', '2026-03-02T11:00');
    const message = '出车时间已过:请填写今后的时间;已先行派车的紧急用车请选择“紧急用车”补办';
    expect(refusal(gone)).toEqual([{ path: '/form/start', message }]);
    expect(started({ ...gone, ...EMERGENCY }).openSteps).toEqual(['emergency-dispatch']);
  });

  test('a campus that the school has not', () => {
    expect(refusal({ campus: 'moon' })).toEqual([{ path: '/form/campus', message: '出发校区不存在,请从校区名录中选择' }]);
  });

  test('a return not after the departure', () => {
    const faults = refusal(trip('2026-03-20T11:00', '2026-03-20T11:00'));
    expect(faults).toEqual([{ path: '/form/end', message: '返回时间应晚于出车时间' }]);
  });

  test('a trip longer than the school allows', () => {
    const most = trip('2026-03-20T09:00', '2026-04-18T11:00');
    expect(started(most).openSteps).toEqual(['unit-head']);
    expect(refusal(trip('2026-03-20T09:00', '2026-04-19T11:00'))).toEqual([{ path: '/form/end', message: '单次用车不超过30天' }]);
  });

  test('more passengers than any vehicle of the model seats', () => {
    expect(started({ passengers: 4, model: '轿车' }).openSteps).toEqual(['unit-head']);
    expect(refusal({ passengers: 5, model: '轿车' })).toEqual([
      { path: '/form/passengers', message: '车队没有可乘5人的在用轿车' },
    ]);
  });

  test('55 passengers go in the bus, 56 and none do not', () => {
    expect(started({ passengers: 55 }).openSteps).toEqual(['unit-head']);
    for (const passengers of [0, 56]) {
      expect(refusal({ passengers })).toContainEqual({ path: '/form/passengers', message: '乘车人数应为1至55的整数' });
    }
  });

  test('all faults at once, also beside fields that are missing', () => {
    const faults = refusal({ start: 'soon', passengers: 0, phone: undefined, area: '海外', emergency: true });
    expect(faults.map((fault) => fault.path).sort()).toEqual(['/form/area', '/form/passengers', '/form/phone', '/form/start']);
    const odd = refusal({ passengers: 99, ...trip('2026-03-20T11:00', '2026-03-20T09:00') });
    expect(odd.map((fault) => fault.path)).toEqual(['/form/passengers', '/form/end']);
  });
});

describe('who approves', () => {
  const week = (area: string, lastDay: string) => ({ area, ...trip('2026-03-16T09:00', `${lastDay}T17:00`) });

  test.each([
    ['three days in town: the captain', week('市内', '2026-03-18'), ['unit-head', 'captain', 'dispatch']],
    ['four days in town: the office director', week('市内', '2026-03-19'), ['unit-head', 'office', 'dispatch']],
    [
      'out of town: director and leader',
      week('市外', '2026-03-16'),
      ['unit-head', 'office-outside', 'leader-outside', 'dispatch'],
    ],
    [
      'out of the province: the same',
      { ...week('省外', '2026-03-16'), exceptionReason: '运送设备' },
      ['unit-head', 'office-outside', 'leader-outside', 'dispatch'],
    ],
  ])('XAWL, %s', (_name, changes, path) => {
    expect(started(changes).carriedTo('dispatch').path).toEqual(path);
  });

  test.each([
    ['in town: the head of the unit', week('市内', '2026-03-30'), ['unit-head', 'dispatch']],
    ['out of town: the leader in charge', week('市外', '2026-03-16'), ['unit-head', 'leader', 'dispatch']],
    [
      'out of the province: the president, by exception',
      { ...week('省外', '2026-03-16'), exceptionReason: '赴教育部报送材料' },
      ['unit-head', 'president', 'dispatch'],
    ],
  ])('HBOU, %s', (_name, changes, path) => {
    expect(started(changes, HBOU).carriedTo('dispatch').path).toEqual(path);
  });

  test.each([
    ['XAWL', {}, '分管校领导'],
    ['HBOU', HBOU, '校长'],
  ])('%s refuses a trip out of the province without a reason', (_rule, school, approver) => {
    expect(refusal(week('省外', '2026-03-16'), school)).toEqual([
      { path: '/form/exceptionReason', message: `省外原则上不安排用车:确需安排的,请说明理由,报${approver}批准` },
    ]);
  });

  test('days are those of the school, not of Greenwich', () => {
    const lateNight = { start: '2026-03-15T23:30:00+08:00', end: '2026-03-18T07:00:00+08:00' };
    expect(started(lateNight).carriedTo('dispatch').path).toContain('office');
    const early = { start: '2026-03-16T00:30:00+08:00', end: '2026-03-18T23:30:00+08:00' };
    expect(started(early).carriedTo('dispatch').path).toContain('captain');
  });

  test('another phone number needs nobody’s approval again, another destination does', () => {
    const corrected = (changes: JsonObject): string[] => {
      const matter = started().when(computingHead, 'agree').when(fleetCaptain, 'return', { next: 'back' });
      return matter.when(lecturer, 'complete', { output: form(matter, changes) }).openSteps;
    };
    expect(corrected({ phone: '6605' })).toEqual(['captain']);
    expect(corrected({ destination: '机场' })).toEqual(['unit-head']);
  });

  test('a disagreement ends the matter', () => {
    const matter = started().when(computingHead, 'disagree', { opinion: '经费不足' });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('部门负责人审批不同意:经费不足');
  });

  test('the right people are asked', () => {
    const matter = started(week('市外', '2026-03-16'));
    expect(matter.assigneesOf('unit-head')).toEqual([computingHead]);
    expect(matter.carriedTo('office-outside').assigneesOf('office-outside')).toEqual([officeDirector]);
    expect(matter.carriedTo('leader-outside').assigneesOf('leader-outside')).toEqual([viceForResearch]);
    expect(matter.carriedTo('dispatch').assigneesOf('dispatch')).toEqual([fleetDispatcher]);
    expect(matter.carriedTo('depart').assigneesOf('depart')).toEqual([driver]);
    expect(started().carriedTo('captain').assigneesOf('captain')).toEqual([fleetCaptain]);
  });
});
