/** The checks of 用车申请: what is refused, in the words of the rules it comes from. Pure; no zod. */
import { type Duration, type Notice, reckonDue, schoolTime } from '../../language/calendar.ts';
import type { CheckContext, Context } from '../../language/context.ts';
import type { Directory } from '../../language/directory.ts';
import type { Fault } from '../../language/json.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { Dispatch, VehicleUseForm, VehicleUseOutputs } from './form.ts';
import { fittingVehicles, isAway, type SealedPeriod, tripDays, utc, whyTooLate } from './trip.ts';
