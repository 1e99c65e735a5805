/** Forms of 用车申请 (domain P03). */
import { z } from 'zod';
import { atSchoolTime, schoolDate, shiftWorkingDays } from '../../language/calendar.ts';
import { campusId, choice, count, flag, instant, line, money, paragraph, personId, phone } from '../../language/fields.ts';
import { defineForms, type ExampleContext, type OutputExampleContext } from '../../language/forms.ts';
import type { Json } from '../../language/json.ts';
import { fittingVehicles, isAway, type SealedPeriod, utc } from './trip.ts';

/** 区域: within the fleet's own area, outside it, outside the province (JSCJ, XAWL). */
export const AREAS = ['市内', '市外', '省外'] as const;
/** 车型 (JSCJ). */
export const MODELS = ['轿车', '商务车', '面包车', '大巴'] as const;
/** 用车类型 (JSCJ). */
export const USES = ['公务', '业务', '保障'] as const;

const form = z.strictObject({
  campus: campusId('出发校区'),
  phone: phone(),
  reason: paragraph('用车事由', 500),
  use: choice('用车类型', USES),
  area: choice('区域', AREAS),
  destination: line('目的地'),
  start: instant('出车时间'),
  end: instant('返回时间'),
  passengers: count('乘车人数', 1, 55),
  model: choice('车型', MODELS).optional(),
  exceptionReason: paragraph('省外用车理由', 500).optional(),
  emergency: flag('是否紧急用车'),
  emergencyReason: paragraph('紧急情况说明', 500).optional(),
});

/** The id of a bookable resource; the console picks it from those of the kind. */
function resourceId(title: string, kind: 'vehicle' | 'driver') {
  return z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, `${title}应为编号`)
    .meta({ title, format: kind });
}

// 派车单: it states plate and person beside the two resources, since it stays readable when a vehicle or a driver has gone.
const dispatch = z.strictObject({
  decision: choice('派车结论', ['assign', 'none']),
  vehicle: resourceId('车辆', 'vehicle').optional(),
  plate: line('车牌', 20).optional(),
  driver: resourceId('驾驶员', 'driver').optional(),
  driverPerson: personId('出车人').optional(),
  reason: line('说明', 200).optional(),
});

const outputs = {
  'emergency-dispatch': dispatch,
  dispatch,
  depart: z.strictObject({
    went: flag('是否出车'),
    departedAt: instant('实际出车时间').optional(),
    mileageFrom: count('起里程(公里)', 0, 9_999_999).optional(),
    cancelReason: line('未出车原因', 200).optional(),
  }),
  'log-return': z.strictObject({
    returnedAt: instant('实际返回时间'),
    mileageTo: count('止里程(公里)', 0, 9_999_999),
    fuel: money('油费'),
    toll: money('路桥费'),
    condition: line('车况说明', 200).optional(),
  }),
  settle: z.strictObject({
    total: money('结算金额'),
    fundSource: line('经费来源'),
    note: line('结算说明', 200).optional(),
  }),
};

/** The form as the flow sees it. */
export type VehicleUseForm = z.infer<typeof form>;
/** The outputs by step id. */
export type VehicleUseOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };
/** A 派车单, written by the dispatcher or, in an emergency, by the captain. */
export type Dispatch = z.infer<typeof dispatch>;

/** Working days from the earliest possible day of use over which examples are spread, two trips a day. */
const SPREAD_DAYS = 60;

function exampleTrip({ now, calendar, settings, serial }: ExampleContext): { start: string; end: string } {
  const sealed = sealedPeriods(settings.sealedPeriods);
  const wait = 2 + (Math.floor(serial / 2) % SPREAD_DAYS);
  let day = shiftWorkingDays(calendar, schoolDate(calendar, now), wait + noticeDays(settings.leadInArea));
  while (sealed.some((period) => period.from <= day && day <= period.to)) day = shiftWorkingDays(calendar, day, 1);
  const [from, to] = serial % 2 === 0 ? ['09:00', '11:30'] : ['14:30', '17:00'];
  return { start: atSchoolTime(calendar, day, from), end: atSchoolTime(calendar, day, to) };
}

function sealedPeriods(value: Json | undefined): SealedPeriod[] {
  // The settings of an example come untyped; this one has the shape that process.ts declares.
  return (value ?? []) as SealedPeriod[];
}

function noticeDays(notice: Json | undefined): number {
  return Number.parseInt(String(notice), 10) || 1;
}

/** Assigns the smallest vehicle that fits and a driver, or says that there is none. */
function exampleDispatch({ form: filled, directory, free }: OutputExampleContext): Dispatch {
  // The matter's form passed this file's own schema.
  const trip = filled as VehicleUseForm;
  const [from, to] = [utc(trip.start), utc(trip.end)];
  const freeVehicles = free('vehicle', from, to);
  const vehicle = fittingVehicles(directory, trip)
    .filter((one) => freeVehicles.includes(one.id))
    .sort((a, b) => Number(a.attributes.seats) - Number(b.attributes.seats))[0];
  const driver = free('driver', from, to)
    .map((id) => directory.resources[id])
    .find((one) => one !== undefined && !isAway(directory, String(one.attributes.person), from, to));
  if (vehicle === undefined || driver === undefined) return { decision: 'none', reason: '该时段车辆或驾驶员均已派出' };
  return {
    decision: 'assign',
    vehicle: vehicle.id,
    plate: String(vehicle.attributes.plate),
    driver: driver.id,
    driverPerson: String(driver.attributes.person),
  };
}

/** Forms, examples and schemas of the process. */
export const vehicleUseForms = defineForms({
  form,
  outputs,
  example: (context) => ({
    person: 'p-chen-siqi',
    form: {
      campus: 'north',
      phone: '6604',
      reason: '赴合作企业洽谈学生实习基地建设',
      use: '业务',
      area: '市内',
      destination: '高新区软件园',
      ...exampleTrip(context),
      passengers: 3,
      emergency: false,
    },
    attachments: [],
  }),
  outputExamples: {
    'emergency-dispatch': exampleDispatch,
    dispatch: exampleDispatch,
    depart: ({ now }) => ({ went: true, departedAt: now, mileageFrom: 52_310 }),
    'log-return': ({ now, outputs: done }) => ({
      returnedAt: now,
      mileageTo: Number(done.depart?.mileageFrom ?? 0) + 86,
      fuel: 12_000,
      toll: 3_500,
    }),
    settle: ({ outputs: done }) => ({
      total: Number(done['log-return']?.fuel ?? 0) + Number(done['log-return']?.toll ?? 0),
      fundSource: '学院公用经费',
    }),
  },
});
