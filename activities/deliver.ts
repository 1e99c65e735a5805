/** Brings what one matter has for another to its workflow, which is started where it does not run. */
import type { Client } from '@temporalio/client';
import type { Database } from '../db/client.ts';
import { parentOf } from '../db/links.ts';
import { actSignal, type DeliverRequest, fromEvents, reportSignal, startOptions } from '../workflows/contract.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { type Letter, recallOf } from '../workflows/machine/letters.ts';

/** Letters on their way at once. */
const AT_ONCE = 8;

/** What delivering needs. */
export interface DeliverDependencies {
  client: Client;
  db: Database;
  taskQueue: string;
}

/**
 * Makes `deliver`. A letter that comes twice does no harm: a start meets the matter that runs, a command counts once by its id.
 * @returns what the sender is asked in return: a matter whose parent has called it back is told so, though the call was lost.
 */
export function createDeliver(dependencies: DeliverDependencies): (request: DeliverRequest) => Promise<Command[]> {
  return async ({ from, letters }) => {
    const waiting = [...letters];
    const asked: Command[] = [];
    const carry = async () => {
      for (let letter = waiting.shift(); letter !== undefined; letter = waiting.shift())
        asked.push(...(await deliver(dependencies, from, letter)));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, letters.length) }, carry));
    return asked;
  };
}

async function deliver({ client, db, taskQueue }: DeliverDependencies, from: string, letter: Letter): Promise<Command[]> {
  const { to, command } = letter;
  if (letter.processId === null) {
    const parent = await parentOf(db, to, from);
    // A parent that the record does not know, or that has ended, waits for nothing.
    if (parent?.open === true && command !== null) await send(client, taskQueue, { ...letter, processId: parent.processId });
    return parent?.recalled === undefined ? [] : [recallOf(to, from, parent.recalled)];
  }
  await send(client, taskQueue, { ...letter, processId: letter.processId });
  return [];
}

/** With the signal the workflow is started if it does not run: anew from its events, when there are any. */
async function send(client: Client, taskQueue: string, letter: Letter & { processId: string }): Promise<void> {
  const { to, processId, start, command } = letter;
  const input = start === null ? fromEvents(to) : { matterId: to, start, state: null };
  const options = startOptions(input, processId, taskQueue);
  if (command === null) await client.workflow.signalWithStart(processId, { ...options, signal: reportSignal, signalArgs: [] });
  else await client.workflow.signalWithStart(processId, { ...options, signal: actSignal, signalArgs: [command] });
}
