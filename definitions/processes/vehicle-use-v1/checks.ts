/** The checks of 用车申请: what is refused, in the words of the rules it comes from. Pure; no zod. */
import { type Notice, reckonDue, schoolTime } from '../../language/calendar.ts';
import type { CheckContext, Context } from '../../language/context.ts';
import type { Resource } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import type { Dispatch, VehicleUseOutputs } from './form.ts';
import type { VehicleUse } from './settings.ts';
import { fittingVehicles, isAway, tripDays, utc, whyTooLate } from './trip.ts';

function leadOf({ form, settings }: CheckContext<VehicleUse>): Notice {
  if (form.area === '市内') return settings.leadInArea;
  return settings.approvalRule === 'XAWL' ? settings.leadOutsideXawl : settings.leadOutsideHbou;
}

/** In an emergency the lead time is waived, but the papers follow soon; what could have waited is no emergency (SGMTU). */
function emergencyFaults(context: CheckContext<VehicleUse>, late: string | null): Fault[] {
  const { form, calendar, appliedAt, settings } = context;
  const faults: Fault[] = [];
  if (form.emergencyReason === undefined) {
    faults.push({ path: '/form/emergencyReason', message: '紧急用车须说明紧急情况' });
  }
  if (late === null) faults.push({ path: '/form/emergency', message: '该次用车可按规定提前申请,不属于紧急用车' });
  const { dueAt } = reckonDue(calendar, utc(form.start), settings.makeUpLimit);
  if (appliedAt > dueAt) {
    faults.push({ path: '/form/start', message: `紧急用车应及时补办手续:最迟应于${schoolTime(calendar, dueAt)}前提交` });
  }
  return faults;
}

function timeFaults(context: CheckContext<VehicleUse>): Fault[] {
  const { form, calendar, appliedAt, settings } = context;
  // What the schema has faulted already can't be counted with.
  if (Number.isNaN(Date.parse(form.start)) || Number.isNaN(Date.parse(form.end))) return [];
  const trip = { start: utc(form.start), end: utc(form.end) };
  if (trip.end <= trip.start) return [{ path: '/form/end', message: '返回时间应晚于出车时间' }];
  if (tripDays(trip) > settings.longestDays) {
    return [{ path: '/form/end', message: `单次用车不超过${settings.longestDays}天` }];
  }
  const late = whyTooLate(calendar, appliedAt, trip, { lead: leadOf(context), periods: settings.sealedPeriods });
  if (form.emergency) return emergencyFaults(context, late);
  return late === null ? [] : [{ path: '/form/start', message: late }];
}

/** Every fault of an application. */
export function applicationFaults(context: CheckContext<VehicleUse>): Fault[] {
  const { form, directory, settings } = context;
  const faults = timeFaults(context);
  if (fittingVehicles(directory, form).length === 0) {
    faults.push({ path: '/form/passengers', message: `车队没有可乘${form.passengers}人的在用${form.model ?? '车辆'}` });
  }
  if (settings.approvalRule === 'HBOU' && form.area === '省外' && form.exceptionReason === undefined) {
    faults.push({ path: '/form/exceptionReason', message: '省外原则上不安排用车:确需安排的,请说明理由,报校长批准' });
  }
  return faults;
}

function inUse(one: Resource | undefined, kind: Resource['kind']): one is Resource {
  return one !== undefined && one.kind === kind && one.active;
}

function vehicleFaults({ form }: Context<VehicleUse>, output: Dispatch, { directory }: CheckContext<VehicleUse>): Fault[] {
  if (output.vehicle === undefined) return [{ path: '/output/vehicle', message: '请选择车辆' }];
  const vehicle = directory.resources[output.vehicle];
  if (!inUse(vehicle, 'vehicle')) return [{ path: '/output/vehicle', message: '所选车辆不存在或已停用' }];
  const faults: Fault[] = [];
  const { seats, model, plate } = vehicle.attributes;
  if (Number(seats) < form.passengers) {
    faults.push({ path: '/output/vehicle', message: `所选车辆只能乘坐${seats}人,乘车人数为${form.passengers}人` });
  }
  if (output.plate !== plate) faults.push({ path: '/output/plate', message: '车牌与所选车辆不一致' });
  if (form.model !== undefined && model !== form.model && output.reason === undefined) {
    faults.push({ path: '/output/reason', message: '车型与申请不一致,请说明' });
  }
  return faults;
}

function driverFaults({ form }: Context<VehicleUse>, output: Dispatch, { directory }: CheckContext<VehicleUse>): Fault[] {
  if (output.driver === undefined) return [{ path: '/output/driver', message: '请选择驾驶员' }];
  const driver = directory.resources[output.driver];
  if (!inUse(driver, 'driver')) return [{ path: '/output/driver', message: '所选驾驶员不存在或已停用' }];
  const person = String(driver.attributes.person);
  if (directory.people[person]?.active !== true) return [{ path: '/output/driver', message: '所选驾驶员已不在岗' }];
  const faults: Fault[] = [];
  if (output.driverPerson !== person) faults.push({ path: '/output/driverPerson', message: '出车人与所选驾驶员不一致' });
  if (isAway(directory, person, utc(form.start), utc(form.end))) {
    faults.push({ path: '/output/driver', message: '所选驾驶员该时段请假' });
  }
  return faults;
}

/** Every fault of a 派车单. That vehicle and driver are not booked twice is the reservation's affair. */
export function dispatchFaults(context: Context<VehicleUse>, output: Dispatch, world: CheckContext<VehicleUse>): Fault[] {
  if (output.decision === 'none') {
    return output.reason === undefined ? [{ path: '/output/reason', message: '请说明无车可派的原因' }] : [];
  }
  return [...vehicleFaults(context, output, world), ...driverFaults(context, output, world)];
}

/** Every fault of the record of departure. Nobody drives before the vehicle was assigned (SGMTU), save in an emergency. */
export function departureFaults(
  context: Context<VehicleUse>,
  output: VehicleUseOutputs['depart'],
  { now }: CheckContext<VehicleUse>,
): Fault[] {
  if (!output.went) {
    return output.cancelReason === undefined ? [{ path: '/output/cancelReason', message: '请说明未出车的原因' }] : [];
  }
  const faults: Fault[] = [];
  if (output.mileageFrom === undefined) faults.push({ path: '/output/mileageFrom', message: '请填写起里程' });
  if (output.departedAt === undefined) {
    faults.push({ path: '/output/departedAt', message: '请填写实际出车时间' });
    return faults;
  }
  const departedAt = Date.parse(output.departedAt);
  if (departedAt > Date.parse(now)) faults.push({ path: '/output/departedAt', message: '实际出车时间不能晚于现在' });
  const approvedAt = context.decisions('dispatch').at(-1)?.at;
  if (!context.form.emergency && approvedAt !== undefined && departedAt < Date.parse(approvedAt)) {
    faults.push({ path: '/output/departedAt', message: '未经批准驾驶员不得出车' });
  }
  return faults;
}

/** Every fault of the record of return: time and mileage go on from those of the departure. */
export function returnFaults(
  { outputs }: Context<VehicleUse>,
  output: VehicleUseOutputs['log-return'],
  { now }: CheckContext<VehicleUse>,
): Fault[] {
  const faults: Fault[] = [];
  const returnedAt = Date.parse(output.returnedAt);
  if (returnedAt > Date.parse(now)) faults.push({ path: '/output/returnedAt', message: '实际返回时间不能晚于现在' });
  if (returnedAt < Date.parse(outputs.depart?.departedAt ?? '')) {
    faults.push({ path: '/output/returnedAt', message: '实际返回时间不能早于出车时间' });
  }
  if (output.mileageTo <= (outputs.depart?.mileageFrom ?? 0)) {
    faults.push({ path: '/output/mileageTo', message: '止里程应大于起里程' });
  }
  return faults;
}

/** Every fault of the settlement: it adds up what the driver recorded. */
export function settlementFaults({ outputs }: Context<VehicleUse>, output: VehicleUseOutputs['settle']): Fault[] {
  const spent = (outputs['log-return']?.fuel ?? 0) + (outputs['log-return']?.toll ?? 0);
  if (output.total === spent || output.note !== undefined) return [];
  return [{ path: '/output/note', message: '结算金额与油费、路桥费之和不一致,请说明' }];
}
