/** An application before it is sent: its process, the world it is looked at in, and every fault at once. */
import { answerReads } from '../db/facts.ts';
import { fileIdsIn, filesFor } from '../db/files.ts';
import { worldFor } from '../db/world.ts';
import { newestDefinition } from '../definitions/catalog.ts';
import { schemaChecks } from '../definitions/forms.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { Fault, JsonObject } from '../definitions/language/json.ts';
import type { StartMatter } from '../workflows/machine/commands.ts';
import { decide } from '../workflows/machine/decide.ts';
import { readsOf } from '../workflows/machine/faults.ts';
import { isRefusal } from '../workflows/machine/refusals.ts';
import { newMatter } from '../workflows/machine/state.ts';
import type { World } from '../workflows/machine/world.ts';
import type { ApiContext, Asker } from './context.ts';
import { Problem } from './problem.ts';

/** The newest definition of a process that a body names. @throws Problem 422. */
export function definitionNamed(id: string): ProcessDefinition {
  const definition = newestDefinition(id);
  if (definition !== undefined) return definition;
  throw new Problem('bad-input', '没有这一流程', { faults: [{ path: '/process', message: '没有这一流程,请见办事指南' }] });
}

/** The newest definition of a process that a path names. @throws Problem 404. */
export function definitionAt(id: string): ProcessDefinition {
  const definition = newestDefinition(id);
  if (definition === undefined) throw new Problem('not-found', '没有这一流程,请见办事指南');
  return definition;
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
  return worldFor(asker.world, definition.id, { now: asker.now, no: '', files, facts, schemas: schemaChecks(definition) });
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
  const definition = newestDefinition(body.process);
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
