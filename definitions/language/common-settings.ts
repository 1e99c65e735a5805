/** Settings that hold for every process of a school. */
import type { Json } from './json.ts';
import { limitSetting, type SettingsDeclaration, setting, settingValues } from './settings.ts';

/** Declared once here; a school overrides them under the process id `*`, or under a process's own id for that process alone. */
export const COMMON_SETTINGS = {
  urgeCooldownHours: setting('两次催办的最短间隔(小时)', 4, '003 避免对相关单位正常工作造成干扰;间隔为惯例 [C]'),
  superiorAfter: limitSetting('超期后报告上级的时间', '1 workday', 'SQNC 三色督办:红牌后报分管领导;时间为惯例 [C]'),
  circulationLimit: limitSetting('传阅的阅知时限', '5 workdays', '时间为惯例 [C];到期只提醒'),
  adviceLimit: limitSetting('征询意见的答复时限', '3 workdays', '时间为惯例 [C];到期只提醒,不影响办件'),
  supervisionAfter: limitSetting('超期后报告督查的时间', '2 workdays', '001 日常催办与督查相结合;时间为惯例 [C]'),
};

/** The settings that a matter of a process is started with: the common ones and the definition's own, as the school has them. */
export function settingsFor(
  definition: { settings: SettingsDeclaration },
  overrides: Readonly<Record<string, Json>>,
): Record<string, Json> {
  return settingValues({ ...COMMON_SETTINGS, ...definition.settings }, overrides);
}
