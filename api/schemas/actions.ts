/** What the bodies of actions on tasks, commands on matters and interventions hold, and the commands that they become. */
import { z } from 'zod';
import { day } from '../../definitions/language/fields.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import {
  type ActOnTask,
  COMMAND_LIMITS,
  type Command,
  type Detour,
  type InterventionCommand,
} from '../../workflows/machine/commands.ts';
import { SIGNER_MODES, SIGNER_POSITIONS } from '../../workflows/machine/words.ts';
import type { RequestKey } from '../gateway.ts';
import { fileIds, jsonObject } from './common.ts';

// How long an opinion may be is the machine's rule, told together with the faults of the output.
const opinion = z.string().nullish();
const person = z.string().min(1, '请选择人员').max(80);
const people = z.array(person).min(1, '请选择人员').max(COMMAND_LIMITS.people);
const words = { opinion, attachments: fileIds.default([]) };
const id = z.string().min(1).max(200);

/** The body of `POST /api/tasks/:id/actions`. */
export const actionBody = z.discriminatedUnion('action', [
  z.strictObject({
    action: z
      .enum(['agree', 'disagree', 'complete', 'read', 'reply'])
      .meta({ description: '同意、不同意、办理完毕、已阅、答复' }),
    ...words,
    output: jsonObject.optional().meta({ description: '办理结果;办理完毕时按所给 schema 填写' }),
  }),
  z.strictObject({
    action: z.literal('return').meta({ description: '退回' }),
    ...words,
    to: id.meta({ description: 'applicant、previous 或环节编号' }),
    // biome-ignore lint/suspicious/noThenProperty: the contract's word (design §6); the machine calls it `next`.
    then: z.enum(['replay', 'back']).default('replay').meta({ description: '其后重新办理,或直接回到本环节' }),
  }),
  z.strictObject({
    action: z.literal('transfer').meta({ description: '转办' }),
    ...words,
    to: person,
    draft: z
      .strictObject({ opinion, output: jsonObject.nullish(), attachments: fileIds.default([]) })
      .optional()
      .meta({ description: '愿意移交给接办人的拟稿' }),
  }),
  z.strictObject({ action: z.literal('delegate').meta({ description: '委派:办后回到本人' }), ...words, to: person }),
  z.strictObject({
    action: z.literal('addSigners').meta({ description: '加签' }),
    ...words,
    people,
    position: z.enum(SIGNER_POSITIONS).meta({ description: '前加签、后加签、并加签' }),
    mode: z.enum(SIGNER_MODES).default('all').meta({ description: '或签、会签、依次' }),
  }),
  z.strictObject({ action: z.literal('removeSigners').meta({ description: '减签' }), ...words, people }),
  z.strictObject({
    action: z.enum(['claim', 'release', 'takeBack']).meta({ description: '签收、退签、取回(对本人已办的待办)' }),
    ...words,
  }),
  z.strictObject({ action: z.literal('circulate').meta({ description: '传阅、抄送' }), ...words, people }),
  z.strictObject({ action: z.literal('consult').meta({ description: '征询:opinion 为所问' }), ...words, people }),
]);
type ActionBody = z.output<typeof actionBody>;

/** Who gives a command under which key. */
export interface Giver {
  id: string;
  name: string;
}

function envelope(key: RequestKey, by: Giver) {
  return { id: key.commandId, by: { kind: 'person' as const, id: by.id }, bodyHash: key.bodyHash };
}

/** The command that an action asks for. */
export function actCommand(task: string, body: ActionBody, key: RequestKey, by: Giver): ActOnTask & { bodyHash: string } {
  return {
    ...envelope(key, by),
    type: 'act',
    task,
    action: body.action,
    opinion: body.opinion?.trim() || null,
    // The body passed the JSON parser: it is plain JSON.
    output: 'output' in body ? ((body.output as JsonObject | undefined) ?? null) : null,
    attachments: body.attachments,
    returnOrder: body.action === 'return' ? { to: body.to, next: body.then } : null,
    detour: detourOf(body, by),
  };
}

function detourOf(body: ActionBody, by: Giver): Detour | null {
  switch (body.action) {
    case 'transfer': {
      const { draft } = body;
      const handedOn =
        draft === undefined
          ? null
          : {
              opinion: draft.opinion?.trim() || null,
              // The body passed the JSON parser: it is plain JSON.
              output: (draft.output as JsonObject | null | undefined) ?? null,
              attachments: draft.attachments,
              by: by.id,
              byName: by.name,
            };
      return { kind: 'transfer', to: body.to, draft: handedOn };
    }
    case 'delegate':
      return { kind: 'delegate', to: body.to };
    case 'addSigners':
      return { kind: 'addSigners', people: body.people, position: body.position, mode: body.mode };
    case 'removeSigners':
    case 'circulate':
    case 'consult':
      return { kind: body.action, people: body.people };
    default:
      return null;
  }
}

const text = z.string().trim().min(1, '请填写内容').max(COMMAND_LIMITS.text);
const reason = z.string().trim().min(1, '请填写理由').max(COMMAND_LIMITS.text);
const taskOfMine = z.string().max(80).optional().meta({ description: '本人有多项可选时,指哪一项待办' });

/** The body of `POST /api/matters/:no/commands`. */
export const commandBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('withdraw').meta({ description: '撤回' }), reason: text.optional() }),
  z.strictObject({ type: z.literal('urge').meta({ description: '催办' }), text: text.optional() }),
  z.strictObject({ type: z.literal('comment').meta({ description: '留言' }), text }),
  z.strictObject({
    type: z.literal('report').meta({ description: '进展反馈' }),
    text,
    percent: z.number().int().min(0).max(100),
    attachments: fileIds.default([]),
    task: taskOfMine,
  }),
  z.strictObject({
    type: z.literal('supplement').meta({ description: '补充材料' }),
    text,
    attachments: fileIds.default([]),
  }),
  z.strictObject({
    type: z.literal('extend').meta({ description: '申请延期,须在时限届满前' }),
    until: day('延期至'),
    reason,
    task: taskOfMine,
  }),
]);

/** The command that somebody asks of a matter as a whole. */
export function matterCommand(body: z.output<typeof commandBody>, key: RequestKey, by: Giver): Command & { bodyHash: string } {
  const base = envelope(key, by);
  switch (body.type) {
    case 'withdraw':
      return { ...base, type: 'withdraw', reason: body.reason ?? null };
    case 'urge':
      return { ...base, type: 'urge', text: body.text ?? null };
    case 'comment':
      return { ...base, type: 'comment', text: body.text };
    case 'report':
      return { ...base, ...body, task: body.task ?? null };
    case 'supplement':
      return { ...base, ...body };
    case 'extend':
      return { ...base, ...body, task: body.task ?? null };
  }
}

/** The body of `POST /api/matters/:no/interventions`. */
export const interventionBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reassign').meta({ description: '改派待办' }), task: id, people, reason }),
  z.strictObject({
    kind: z.literal('rewind').meta({ description: '回退' }),
    to: id.meta({ description: 'applicant 或环节编号' }),
    reason,
  }),
  z.strictObject({
    kind: z.literal('skip').meta({ description: '跳过' }),
    visit: id.meta({ description: '待办的 visit' }),
    reason,
  }),
  z.strictObject({ kind: z.literal('terminate').meta({ description: '终止' }), reason }),
  z.strictObject({ kind: z.literal('hand-over').meta({ description: '离岗交接' }), from: person, to: person, reason }),
  z.strictObject({ kind: z.literal('move').meta({ description: '迁移到另一版本' }), version: z.number().int().min(1), reason }),
]);

/** The command that an administrator steps in with. */
export function interventionCommand(
  { kind, ...body }: z.output<typeof interventionBody>,
  key: RequestKey,
  by: Giver,
): InterventionCommand & { bodyHash: string } {
  // A body's kind is its command's type, and the rest of it what that command holds.
  return { ...envelope(key, by), type: kind, ...body } as InterventionCommand & { bodyHash: string };
}
