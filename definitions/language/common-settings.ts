/** Settings that hold for every process of a school. */
import { setting } from './settings.ts';

/** Declared once here; a school overrides them under the process id `*`. */
export const COMMON_SETTINGS = {
  urgeCooldownHours: setting('两次催办的最短间隔(小时)', 4, '003 避免对相关单位正常工作造成干扰;间隔为惯例 [C]'),
};
