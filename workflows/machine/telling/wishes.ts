/** By which ways people are told of what, and how soon: the defaults, what each may change, and what presses. */
import { type WorkingCalendar, workingMinutesBetween } from '../../../definitions/language/calendar.ts';
import { NOTICE_CHANNELS, NOTICE_KINDS, type NoticeChannel, type NoticeKind, type NoticeWish } from '../words.ts';

/** What people call each kind of notice. */
export const NOTICE_NAMES: Readonly<Record<NoticeKind, string>> = {
  'task-opened': '新的待办',
  'task-warned': '待办临期',
  'task-overdue': '待办超期',
  'matter-overdue': '办件超期',
  'report-due': '应报进展',
  'matter-ended': '办件办结',
  urged: '催办',
  commented: '留言',
  returned: '退回修改',
  escalated: '超期上报',
  'clock-stopped': '暂停计时',
  'due-changed': '时限变动',
  intervened: '管理员干预',
  replied: '申请未获同意',
  inspected: '督查',
  bulletin: '通报',
  'rating-asked': '满意度评价',
  office: '系统通知',
};

/** What somebody should hear of at once, whatever else can wait. */
const PRESSING: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'returned',
  'urged',
  'escalated',
  'task-overdue',
  'matter-overdue',
  'inspected',
]);

/** What a school counts on being seen: nobody switches it off in the console (事事有着落). */
const ALWAYS_SHOWN: ReadonlySet<NoticeKind> = new Set<NoticeKind>([...PRESSING, 'task-opened', 'intervened']);

/**
 * Whether a new task presses: less than one day of office hours is left for it, as for 特急件, so that a digest of the next morning
 * would come too late.
 */
export function tooSoonForDigest(calendar: WorkingCalendar, now: string, dueAt: string | null): boolean {
  if (dueAt === null) return false;
  const day = calendar.officeHours.reduce((sum, { from, to }) => sum + minutesOf(to) - minutesOf(from), 0);
  return workingMinutesBetween(calendar, now, dueAt) <= day;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** What counts where somebody has set nothing. Gateways are told what presses only: their messages cost money and attention. */
export function defaultWish(kind: NoticeKind, channel: NoticeChannel): NoticeWish {
  if (channel === 'console' || PRESSING.has(kind)) return 'at-once';
  return channel === 'email' ? 'digest' : 'off';
}

/** What somebody may choose. The console shows at once or not at all; a gateway's message stands alone, so it knows no digest. */
export function wishesFor(kind: NoticeKind, channel: NoticeChannel): readonly NoticeWish[] {
  if (channel === 'email') return ['at-once', 'digest', 'off'];
  return channel === 'console' && ALWAYS_SHOWN.has(kind) ? ['at-once'] : ['at-once', 'off'];
}

/** A wish of somebody. */
export interface Wish {
  kind: NoticeKind;
  channel: NoticeChannel;
  wish: NoticeWish;
}

/** Every wish of somebody, defaults filled in. @param set what they have set. */
export function allWishes(set: readonly Wish[]): (Wish & { name: string; choices: readonly NoticeWish[] })[] {
  return NOTICE_KINDS.flatMap((kind) =>
    NOTICE_CHANNELS.map((channel) => ({
      kind,
      name: NOTICE_NAMES[kind],
      channel,
      wish: wishOf(set, kind, channel),
      choices: wishesFor(kind, channel),
    })),
  );
}

/** How somebody wants to be told. @param set what they have set. */
export function wishOf(set: readonly Wish[], kind: NoticeKind, channel: NoticeChannel): NoticeWish {
  const own = set.find((one) => one.kind === kind && one.channel === channel);
  // A choice of earlier days that is none any more does not count.
  return own !== undefined && wishesFor(kind, channel).includes(own.wish) ? own.wish : defaultWish(kind, channel);
}
