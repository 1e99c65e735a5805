/** An application before it is sent: its process, the world it is looked at in, and every fault at once. */
import { answerReads } from '../db/facts.ts';
import { fileIdsIn, filesFor } from '../db/files.ts';
import { worldFor } from '../db/world.ts';
import { definitions, findDefinition } from '../definitions/catalog.ts';
import { schemaChecks } from '../definitions/forms.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { Fault, JsonObject } from '../definitions/language/json.ts';
import { dayInChinese, versionInForce, versionsInForce } from '../workflows/machine/admin/in-force.ts';
import type { StartMatter } from '../workflows/machine/commands.ts';
import { decide } from '../workflows/machine/decide.ts';
import { readsOf } from '../workflows/machine/faults.ts';
import { isRefusal, type Refusal } from '../workflows/machine/refusals.ts';
import { newMatter } from '../workflows/machine/state.ts';
import type { World } from '../workflows/machine/world.ts';
import type { ApiContext, Asker } from './context.ts';
import { Problem } from './problem.ts';

/** The school's day of whoever asks. */
export function today({ world, now }: Pick<Asker, 'world' | 'now'>): string {
  return schoolDate(world.calendar, now);
}

/**
 * The definition of a process that a body names: the version in force, or the one that the body names too. Whether that one still
 * takes applications is the machine's to say. @throws Problem 422.
 */
export function definitionNamed(asker: Pick<Asker, 'world' | 'now'>, id: string, version?: number): ProcessDefinition {
  const current = versionInForce(definitions, id, today(asker));
  const found = version === undefined ? current : findDefinition(id, version);
  if (found !== undefined) return found;
  const path = current === undefined ? '/process' : '/version';
  const message = current === undefined ? '没有这一流程,请见办事指南' : `本流程没有第${version}版,请见办事指南`;
  throw new Problem('bad-input', message, { faults: [{ path, message }] });
}

/** The version in force of a process that a path names. @throws Problem 404. */
export function definitionAt(asker: Pick<Asker, 'world' | 'now'>, id: string): ProcessDefinition {
  const definition = versionInForce(definitions, id, today(asker));
  if (definition === undefined) throw new Problem('not-found', '没有这一流程,请见办事指南');
  return definition;
}

/**
 * A refusal for a form that only the version before would have taken, made to say so: whoever sends the old form, from a draft or a
 * client of their own, hears of the new one beside its faults.
 */
export function toldOfNewVersion(refusal: Refusal, { definition, form }: Pick<Application, 'definition' | 'form'>): Refusal {
  const { id, version, effectiveFrom } = definition;
  const before = definitions.filter((one) => one.id === id && one.version < version).sort((a, b) => b.version - a.version)[0];
  if (refusal.code !== 'bad-input' || before === undefined) return refusal;
  const [now, then] = [definition, before].map((one) => schemaChecks(one).form(form).length);
  if (now === 0 || then !== 0) return refusal;
  const since = effectiveFrom === undefined ? '现已' : `自${dayInChinese(effectiveFrom)}起`;
  return { ...refusal, message: `本流程${since}按新办法(第${version}版)办理,所填为旧版申请,请按新版补充` };
}

/** What somebody applies for. */
export interface Application {
  definition: ProcessDefinition;
  form: JsonObject;
  attachments: string[];
}

/** The world in which an application is looked at before it is sent. */
export async function applicationWorld(
  context: ApiContext,
  asker: Asker,
  { definition, form, attachments }: Application,
): Promise<World> {
  const files = await filesFor(context.db, fileIdsIn([form, attachments]), asker.viewer.id, '');
  const facts = await answerReads(context.db, readsOf(definition, form, asker.now), null);
  const schemas = schemaChecks(definition);
  const inForce = versionsInForce(definitions, today(asker));
  return worldFor(asker.world, definition.id, { now: asker.now, no: '', files, facts, schemas, inForce });
}

/** The command that sends an application. */
export function startCommand(
  person: string,
  { definition, form, attachments }: Application,
  key: { commandId: string; bodyHash: string },
): StartMatter & { bodyHash: string } {
  return {
    type: 'start',
    id: key.commandId,
    by: { kind: 'person', id: person },
    bodyHash: key.bodyHash,
    processId: definition.id,
    version: definition.version,
    form,
    attachments,
  };
}

/**
 * What is wrong with an application whose body is malformed elsewhere, so that its sender hears of the form's faults in the same
 * answer (一次性告知). Empty when so little is right that the form can't be looked at.
 */
export async function formFaultsOf(context: ApiContext, asker: Asker, body: unknown): Promise<Fault[]> {
  if (!isObject(body) || typeof body.process !== 'string' || !isObject(body.form)) return [];
  const definition = versionInForce(definitions, body.process, today(asker));
  if (definition === undefined) return [{ path: '/process', message: '没有这一流程,请见办事指南' }];
  // The body passed the JSON parser: it is plain JSON.
  const application: Application = { definition, form: body.form as JsonObject, attachments: [] };
  const command = startCommand(asker.viewer.id, application, { commandId: '', bodyHash: '' });
  const decided = decide(definition, newMatter(''), command, await applicationWorld(context, asker, application));
  return isRefusal(decided) ? decided.faults : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
