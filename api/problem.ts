/** Problem documents (RFC 9457): every refusal of the API has a stable code, a status and a sentence in Chinese. */
import type { FastifyError } from 'fastify';
import { awayCode } from '../db/away.ts';
import type { Fault } from '../definitions/language/json.ts';
import { REFUSALS, type RefusalCode } from '../workflows/machine/refusals.ts';
import type { MatterDto, MatterGlimpse } from './present.ts';

/** Codes of the edge itself; those of the machine come from `REFUSALS`. */
export const EDGE_PROBLEMS = {
  unreadable: { status: 400, title: '请求无法读取' },
  'idempotency-key-missing': { status: 400, title: '请求缺少 Idempotency-Key' },
  unauthenticated: { status: 401, title: '请先登录' },
  forbidden: { status: 403, title: '没有权限' },
  'not-found': { status: 404, title: '没有这一项' },
  'too-large': { status: 413, title: '内容过大' },
  'unsupported-file': { status: 422, title: '不支持的文件类型' },
  'too-many-drafts': { status: 422, title: '草稿过多' },
  'key-reused': { status: 422, title: 'Idempotency-Key 已用于另一请求' },
  'too-many-requests': { status: 429, title: '请求过于频繁' },
  unavailable: { status: 503, title: '系统暂时无法受理,请稍后再试' },
} as const;

/** Titles of the machine's refusals. */
const REFUSAL_TITLES: Record<RefusalCode, string> = {
  'matter-unknown': '办件不存在',
  'task-unknown': '待办不存在',
  'not-allowed': '不是您的事项',
  'matter-ended': '办件已结束',
  'task-closed': '待办已办理',
  'action-not-offered': '不支持此操作',
  'too-late': '已不能操作',
  'too-early': '尚不能操作',
  'too-many-rounds': '退回次数过多',
  'resource-taken': '资源已被占用',
  'bad-input': '填写有误',
  internal: '系统出错',
};

/** Every code that an answer may carry. */
export type ProblemCode = keyof typeof EDGE_PROBLEMS | RefusalCode;

/** All codes with their statuses, for documentation and tests. */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  ...EDGE_PROBLEMS,
  // Both objects are keyed by the same closed list.
  ...(Object.fromEntries(
    Object.entries(REFUSALS).map(([code, status]) => [code, { status, title: REFUSAL_TITLES[code as RefusalCode] }]),
  ) as Record<RefusalCode, { status: number; title: string }>),
};

/** A refusal on its way to the client. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  /** The matter as it stands, with a 409; no more than a glimpse for somebody who may not see it any more. */
  readonly matter: MatterDto | MatterGlimpse | null;
  readonly retryAfter: number | null;

  constructor(
    code: ProblemCode,
    message?: string,
    details: { faults?: readonly Fault[]; matter?: MatterDto | MatterGlimpse | null; retryAfter?: number } = {},
  ) {
    super(message ?? PROBLEMS[code].title);
    this.code = code;
    this.faults = details.faults ?? [];
    this.matter = details.matter ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The document, RFC 9457. */
  toDocument(requestId: string): Record<string, unknown> {
    return {
      type: `urn:piban:problem:${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.message,
      requestId,
      ...(this.faults.length > 0 ? { errors: this.faults } : {}),
      ...(this.matter === null ? {} : { matter: this.matter }),
    };
  }
}

/** The problem that an error is answered with, whatever raised it. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (awayCode(error) !== null) return new Problem('unavailable', undefined, { retryAfter: 5 });
  // Fastify's own errors carry a code and a status.
  const { code, statusCode } = error instanceof Error ? (error as Partial<FastifyError>) : {};
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem('too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem('unreadable', '请求内容不是可读的 JSON');
    default:
      return statusCode !== undefined && statusCode < 500 ? new Problem('unreadable', '请求无法读取') : new Problem('internal');
  }
}
