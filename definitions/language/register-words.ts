/** How registers 台账 name what people read and print: a matter's status, and who acted. */
import type { Decision } from './context.ts';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  open: '办理中',
  suspended: '暂停计时',
  completed: '已办结',
  rejected: '未获批准',
  withdrawn: '已撤回',
  terminated: '已终止',
};

/** A status in Chinese; an unknown one as it is. */
export function statusInChinese(status: string): string {
  return STATUS_WORDS[status] ?? status;
}

/** Whether a matter came to nothing: refused, withdrawn or terminated. */
export function endedWithoutResult(status: string): boolean {
  return status === 'rejected' || status === 'withdrawn' || status === 'terminated';
}

/** Who acted, and for whom where they stood in 顶岗: `白灵代陶芸`. */
export function actedBy({ name, coverForName }: Decision): string {
  return typeof coverForName === 'string' ? `${name}代${coverForName}` : name;
}
