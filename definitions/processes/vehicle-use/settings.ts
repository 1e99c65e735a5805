/** What schools differ in for 用车申请 (domain §3c), and the shape that its rules are written against. */
import type { Notice } from '../../language/calendar.ts';
import type { Retention } from '../../language/effect.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { VehicleUseForm, VehicleUseOutputs } from './form.ts';
import type { SealedPeriod } from './trip.ts';

/** Declared settings, each with its basis. */
export const settings = {
  approvalRule: setting<'XAWL' | 'HBOU'>(
    '审批权限规则',
    'XAWL',
    'XAWL:市内三日以内车队队长、超过三日党政办主任、市外加分管校领导;HBOU:市内部门负责人、市外分管校领导、省外原则上不安排、例外由校长批准',
  ),
  captainDays: setting('车队队长可批准的市内用车天数', 3, 'XAWL:保障范围内三天以内由车队队长批准'),
  leadInArea: setting<Notice>('市内用车提前量', '1 workday', 'XAWL、HBOU:市内提前一天;D13 按工作日倒推,用车当日不计'),
  leadOutsideXawl: setting<Notice>('市外、省外用车提前量(XAWL 规则)', '3 workdays', 'XAWL:保障范围外提前三天'),
  leadOutsideHbou: setting<Notice>('市外、省外用车提前量(HBOU 规则)', '2 workdays', 'HBOU:市外提前两天'),
  sealedPeriods: setting<SealedPeriod[]>('寒暑假车辆封存期', [], 'XAWL、HBOU:法定节假日及寒暑假车辆封存;起止按校历'),
  longestDays: setting('单次用车最长天数', 30, '惯例 [C]'),
  makeUpLimit: limitSetting('紧急用车补办申请时限(自出车起)', '1 workday', 'SGMTU:紧急用车可先派车,事后补办手续;时限为惯例 [C]'),
  approvalLimit: limitSetting('每级审批时限', '1 workday', '惯例 [C]'),
  dispatchLimit: limitSetting('派车时限', '4 workhours', '惯例 [C]'),
  emergencyDispatchLimit: limitSetting('紧急派车时限', '1 workhour', 'SGMTU:队长先行派车;时限为惯例 [C]'),
  emergencyReportLimit: limitSetting('紧急派车报告签收时限', '4 workhours', 'SGMTU:立即报告;签收时限为惯例 [C]'),
  logDays: setting('出车、回车登记时限(用车日后第几日)', 1, '惯例 [C]'),
  logisticsUnit: setting('结算的后勤部门', 'u-logistics', 'JSCJ:回车后由后勤部门结算;部门由学校确定'),
  settleLimit: limitSetting('结算时限', '5 workdays', '惯例 [C]'),
  closeDays: setting('全程时限(返回日后第几日)', 15, '004 没有限时的,必须给出办结时限;时限为惯例 [C]'),
  correctionLimit: limitSetting('退回修改时限', '2 workdays', '惯例 [C]'),
  retention: setting<Retention>('派车单保管期限', '10-years', '惯例 [C]:派车单保存三至十年'),
};

/** The types of the process. */
export interface VehicleUse {
  form: VehicleUseForm;
  outputs: VehicleUseOutputs;
  settings: SettingsOf<typeof settings>;
}
