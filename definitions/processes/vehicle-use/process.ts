/**
 * 用车申请 (domain P03): no vehicle leaves unapproved or is promised twice, and every kilometre and every 分 is accounted for.
 *
 * In an emergency the captain sends the vehicle first and the papers follow the trip 补办手续 (SGMTU); they may then only be
 * agreed to or not, since the trip can't be undone, and costs that were not agreed to are not settled.
 */
import { addDays } from '../../language/calendar.ts';
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import type { Effect } from '../../language/effect.ts';
import { actedBy, statusInChinese } from '../../language/register-words.ts';
import { applicationChecks, departureFaults, dispatchFaults, returnFaults, settlementFaults } from './checks.ts';
import type { Dispatch } from './form.ts';
import { settings, type VehicleUse } from './settings.ts';
import { dayAt, tripDays, utc } from './trip.ts';

const { approve, handle, read, choose, parallel, effect, define, unitHead, leaderInCharge, role, person } =
  language<VehicleUse>();

/** The 派车单 in force, whoever wrote it. */
function dispatchOf({ outputs }: Pick<Context<VehicleUse>, 'outputs'>): Dispatch | undefined {
  const written = outputs['emergency-dispatch'] ?? outputs.dispatch;
  return written?.decision === '派车' ? written : undefined;
}

function whyNone(output: Dispatch): string | null {
  return output.decision === '不派' ? `该时段无可用车辆:${output.reason ?? ''}` : null;
}

function booking(context: Context<VehicleUse>): Effect {
  const { form } = context;
  const { vehicle, plate, driver } = dispatchOf(context) ?? {};
  const [from, to] = [utc(form.start), utc(form.end)];
  return {
    kind: 'reserve',
    bookings: [
      ...(vehicle === undefined ? [] : [{ resource: vehicle, resourceKind: 'vehicle' as const, from, to }]),
      ...(driver === undefined ? [] : [{ resource: driver, resourceKind: 'driver' as const, from, to }]),
    ],
    refusal: `该时段${plate ?? '所选车辆'}或所选驾驶员已有派车,请改派或与申请人另定时间`,
  };
}

function release(context: Context<VehicleUse>): Effect {
  const { vehicle, driver } = dispatchOf(context) ?? {};
  const { outputs, form } = context;
  const at = utc(outputs['log-return']?.returnedAt ?? form.end);
  return { kind: 'release', resources: [vehicle, driver].filter((one) => one !== undefined), at };
}

/** What the captain may approve alone (XAWL); in an emergency he has done so by sending the vehicle. */
function isCaptains({ form, settings: s }: Pick<Context<VehicleUse>, 'form' | 'settings'>): boolean {
  return s.approvalRule === 'XAWL' && form.area === '市内' && tripDays(form) <= s.captainDays;
}

/** The approvers above the captain; their ids carry a prefix where they decide after the trip. */
function higherApprovals<const P extends '' | 'late-'>(prefix: P) {
  const title = prefix === '' ? '审批' : '补办审批';
  const returnTo = prefix === '' ? 'any' : 'none';
  const limit = ({ settings: s }: Context<VehicleUse>) => s.approvalLimit;
  return [
    {
      says: '市内用车超过规定天数由党政办主任审批',
      when: (context: Context<VehicleUse>) =>
        context.settings.approvalRule === 'XAWL' && context.form.area === '市内' && !isCaptains(context),
      steps: [
        approve(`${prefix}office`, {
          name: `党政办主任${title}`,
          assignees: role('office-director', '党政办主任'),
          limit,
          returnTo,
        }),
      ],
    },
    {
      says: '市外、省外用车由党政办主任、分管校领导审批',
      when: ({ form, settings: s }: Context<VehicleUse>) => s.approvalRule === 'XAWL' && form.area !== '市内',
      steps: [
        approve(`${prefix}office-outside`, {
          name: `党政办主任${title}`,
          assignees: role('office-director', '党政办主任'),
          limit,
          returnTo,
        }),
        approve(`${prefix}leader-outside`, { name: `分管校领导${title}`, assignees: leaderInCharge(), limit, returnTo }),
      ],
    },
    {
      says: '市外用车由分管校领导审批',
      when: ({ form, settings: s }: Context<VehicleUse>) => s.approvalRule === 'HBOU' && form.area === '市外',
      steps: [approve(`${prefix}leader`, { name: `分管校领导${title}`, assignees: leaderInCharge(), limit, returnTo })],
    },
    {
      says: '省外用车例外由校长审批',
      when: ({ form, settings: s }: Context<VehicleUse>) => s.approvalRule === 'HBOU' && form.area === '省外',
      steps: [approve(`${prefix}president`, { name: `校长${title}`, assignees: role('president', '校长'), limit, returnTo })],
    },
  ] as const;
}

const APPROVALS = ['unit-head', 'captain', 'office', 'office-outside', 'leader-outside', 'leader', 'president'];

function approversOf({ decisions }: Pick<Context<VehicleUse>, 'decisions'>): string | null {
  const steps = ['emergency-dispatch', ...APPROVALS, ...APPROVALS.map((step) => `late-${step}`)];
  const names = steps.flatMap((step) => {
    const last = decisions(step).at(-1);
    return last?.action === 'agree' || last?.action === 'complete' ? [actedBy(last)] : [];
  });
  return names.length === 0 ? null : names.join('、');
}

export const vehicleUse = define({
  id: 'vehicle-use',
  version: 2,
  name: '用车申请',
  numberPrefix: 'YCSQ',
  category: '后勤保障',
  basis: [
    '学校公务用车管理办法',
    '审批权限与提前量参照西安文理学院公务用车规定、湖北广播电视大学公务用车规定(2016)',
    '紧急用车先派后补参照 SGMTU 车辆管理规定',
  ],
  audience: '全校教职工',
  applicants: 'anyone',
  materials: [
    { name: '会议、活动通知或邀请函', required: false, note: '外出参会、参加活动时' },
    { name: '省外用车理由', required: false, note: '省外原则上不安排用车,确需安排的必须在表中说明' },
    { name: '出车、回车登记', required: false, note: '由驾驶员在出车、返回的次日办公结束前登记(天数由学校规定)' },
    { name: '紧急情况说明', required: false, note: '来不及提前申请的在表中说明,车队队长可先行派车,事后补办手续' },
  ],
  contact: '车队调度岗',
  limit: ({ form, settings: s }) => ({ date: addDays(dayAt(form.end), s.closeDays) }),
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  title: (form) => `用车申请:${form.destination}`,
  checks: applicationChecks,
  harmlessFields: ['phone'],
  supervised: false,
  register: [
    { key: 'no', title: '派车单号', value: ({ no }) => no },
    { key: 'unit', title: '用车部门', value: ({ applicantUnitName }) => applicantUnitName },
    { key: 'reason', title: '事由', value: ({ form }) => form.reason },
    { key: 'start', title: '出车时间', value: ({ outputs, form }) => utc(outputs.depart?.departedAt ?? form.start) },
    { key: 'end', title: '返回时间', value: ({ outputs, form }) => utc(outputs['log-return']?.returnedAt ?? form.end) },
    { key: 'destination', title: '目的地', value: ({ form }) => form.destination },
    { key: 'passengers', title: '人数', value: ({ form }) => form.passengers },
    { key: 'plate', title: '车牌', value: (row) => dispatchOf(row)?.plate ?? null },
    {
      key: 'driver',
      title: '驾驶员',
      value: (row) => {
        const driver = dispatchOf(row)?.driverPerson;
        return driver === undefined ? null : row.nameOf(driver);
      },
    },
    { key: 'mileageFrom', title: '起里程(公里)', value: ({ outputs }) => outputs.depart?.mileageFrom ?? null },
    { key: 'mileageTo', title: '止里程(公里)', value: ({ outputs }) => outputs['log-return']?.mileageTo ?? null },
    { key: 'fuel', title: '油费(分)', value: ({ outputs }) => outputs['log-return']?.fuel ?? null },
    { key: 'toll', title: '路桥费(分)', value: ({ outputs }) => outputs['log-return']?.toll ?? null },
    { key: 'approvedBy', title: '审批人', value: approversOf },
    { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
  ],
  archive: { class: '用车', retention: ({ settings: s }) => s.retention, basis: '惯例 [C]:派车单保存三至十年' },
  steps: [
    choose('order', {
      name: '先批后派或先派后补',
      branches: [
        {
          says: '紧急用车由车队队长先行派车,事后补办手续',
          when: ({ form }) => form.emergency,
          steps: [
            handle('emergency-dispatch', {
              name: '车队队长先行派车',
              ask: '确属紧急的先行派车;不属于紧急情况的退回申请人',
              assignees: role('fleet-captain', '车队队长'),
              limit: ({ settings: s }) => s.emergencyDispatchLimit,
              returnTo: 'applicant',
              selfApproval: 'superior',
              check: dispatchFaults,
              ends: (_context, output) => whyNone(output),
            }),
          ],
        },
      ],
      otherwise: [
        approve('unit-head', { name: '部门负责人审批', assignees: unitHead(), limit: ({ settings: s }) => s.approvalLimit }),
        choose('approver', {
          name: '按区域和天数审批',
          branches: [
            {
              says: '市内短途用车由车队队长审批',
              when: isCaptains,
              steps: [
                approve('captain', {
                  name: '车队队长审批',
                  assignees: role('fleet-captain', '车队队长'),
                  limit: ({ settings: s }) => s.approvalLimit,
                }),
              ],
            },
            ...higherApprovals(''),
          ],
        }),
        handle('dispatch', {
          name: '车队调度派车',
          ask: '安排车辆和驾驶员;该时段没有可用车辆的,说明原因',
          assignees: role('fleet-dispatcher', '车队调度'),
          limit: ({ settings: s }) => s.dispatchLimit,
          check: dispatchFaults,
          ends: (_context, output) => whyNone(output),
        }),
      ],
    }),
    effect('reserve', { name: '登记占用车辆和驾驶员', does: booking }),
    parallel('trip', {
      name: '出车',
      branches: [
        {
          says: '出车与回车',
          steps: [
            handle('depart', {
              name: '出车',
              ask: '凭派车单出车,登记时间和起里程;因故未出车的说明原因',
              assignees: person('派车单上的驾驶员', (context) => dispatchOf(context)?.driverPerson ?? null),
              limit: ({ form, settings: s }) => ({ date: addDays(dayAt(form.start), s.logDays) }),
              // A return straight back from the dispatch would change the vehicle without booking it: a trip that falls
              // through ends here, and its booking is given back.
              returnTo: 'none',
              check: departureFaults,
              ends: (_context, output) => (output.went ? null : `未出车:${output.cancelReason ?? ''}`),
            }),
            handle('log-return', {
              name: '回车登记',
              ask: '登记返回时间、止里程、油费和路桥费',
              assignees: person('派车单上的驾驶员', (context) => dispatchOf(context)?.driverPerson ?? null),
              limit: ({ form, settings: s }) => ({ date: addDays(dayAt(form.end), s.logDays) }),
              returnTo: ['depart'],
              check: returnFaults,
            }),
            effect('release', { name: '交还车辆和驾驶员', does: release }),
          ],
        },
        {
          says: '紧急派车立即报告党政办主任',
          when: ({ form }) => form.emergency,
          steps: [
            read('emergency-report', {
              name: '紧急派车报告',
              assignees: role('office-director', '党政办主任'),
              limit: ({ settings: s }) => s.emergencyReportLimit,
            }),
          ],
        },
      ],
    }),
    choose('late-papers', {
      name: '补办手续',
      branches: [
        {
          says: '紧急用车补办审批手续',
          when: ({ form }) => form.emergency,
          steps: [
            approve('late-unit-head', {
              name: '部门负责人补办审批',
              assignees: unitHead(),
              limit: ({ settings: s }) => s.approvalLimit,
              returnTo: 'none',
            }),
            choose('late-approver', { name: '按区域和天数补办审批', branches: higherApprovals('late-') }),
          ],
        },
      ],
    }),
    handle('settle', {
      name: '结算',
      ask: '核对里程和费用,结算本次用车',
      assignees: [
        role('fleet-captain', '车队队长'),
        role('unit-clerk', '后勤部门经办人', { unit: ({ settings: s }) => s.logisticsUnit }),
      ],
      limit: ({ settings: s }) => s.settleLimit,
      returnTo: ['log-return'],
      check: settlementFaults,
    }),
  ],
});
