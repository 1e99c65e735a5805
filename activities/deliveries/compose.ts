/** Words of messages. A link opens the matter in the console, where its reader signs in: a message alone never acts. */
import { schoolTime, type WorkingCalendar } from '../../definitions/language/calendar.ts';
import { NOTICE_NAMES } from '../../workflows/machine/telling/wishes.ts';
import type { NoticeKind } from '../../workflows/machine/words.ts';

/** What a message tells of, as it stands when it is sent. */
export interface Subject {
  kind: NoticeKind;
  text: string;
  /** The matter's number and title; null for what is about no matter. */
  matter: { no: string; title: string } | null;
  /** By when its task, or else its matter, is due; null when neither waits for anybody. */
  dueAt: string | null;
  /** Where the console opens, for what is about no matter. */
  link: string | null;
}

/** Where and when a message is read. */
export interface Setting {
  publicUrl: string;
  calendar: WorkingCalendar;
}

/** A message of plain text. */
export interface Message {
  subject: string;
  text: string;
}

const SUBJECT_MAX = 120;

/** The address that a message opens. */
export function linkOf({ matter, link }: Pick<Subject, 'matter' | 'link'>, publicUrl: string): string {
  if (matter !== null) return `${publicUrl}/matters/${encodeURIComponent(matter.no)}`;
  // Only paths of the console: whatever was noted, no message leads elsewhere.
  return link !== null && /^\/(?!\/)/.test(link) ? `${publicUrl}${link}` : publicUrl;
}

/** One notice as a message. */
export function messageOf(about: Subject, setting: Setting): Message {
  return {
    subject: subjectLine(`${NOTICE_NAMES[about.kind]}:${about.matter?.title ?? about.text}`),
    text: [...linesOf(about, setting), '', ...FOOTER].join('\n'),
  };
}

/** The reminders of a day as one message, by kind. @param day the school's date. */
export function digestOf(abouts: readonly Subject[], day: string, setting: Setting): Message {
  const kinds = [...new Set(abouts.map((one) => one.kind))];
  const groups = kinds.flatMap((kind) => {
    const same = abouts.filter((one) => one.kind === kind);
    return [
      `【${NOTICE_NAMES[kind]}】${same.length}项`,
      ...same.flatMap((one, at) => [`${at + 1}. ${linesOf(one, setting).join('\n   ')}`]),
      '',
    ];
  });
  return {
    subject: subjectLine(`${day} 办件提醒(${abouts.length}项)`),
    text: [`${day} 共有${abouts.length}项提醒:`, '', ...groups, ...FOOTER].join('\n'),
  };
}

const FOOTER = ['请登录后办理。本邮件由系统自动发送,回复无效;如何接收通知可在系统中设置。'];

function linesOf(about: Subject, { publicUrl, calendar }: Setting): string[] {
  const { matter, dueAt, text } = about;
  return [
    text,
    ...(matter === null ? [] : [`办件:${matter.no} ${matter.title}`]),
    ...(dueAt === null ? [] : [`时限:${schoolTime(calendar, dueAt)}`]),
    `查看:${linkOf(about, publicUrl)}`,
  ];
}

/** A header is one line. */
function subjectLine(text: string): string {
  const line = [...`[批办] ${text}`.replaceAll(/\s+/g, ' ')];
  return line.length > SUBJECT_MAX ? `${line.slice(0, SUBJECT_MAX - 1).join('')}…` : line.join('');
}
