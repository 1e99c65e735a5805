/** Generated matters of every process, written to the tables transition by transition. */
import fc from 'fast-check';
import { writeReadModel } from '../../activities/readmodel.ts';
import type { ApiContext } from '../../api/context.ts';
import { catalog } from '../../definitions/catalog.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { evolveAll } from '../../workflows/machine/fold/evolve.ts';
import { type Matter, type MatterState, newMatter } from '../../workflows/machine/state.ts';
import { given } from '../support/machine.ts';

const DAY_MS = 86_400_000;

/** What one generated matter goes through. */
export interface Walk {
  process: number;
  applicant: number;
  turns: { who: number; back: boolean; days: number }[];
}

/** A process whose concerned people change with its form, as a correction may change it. */
const watched: ProcessDefinition = {
  ...sealUse,
  concerned: ({ form }) => [Number(form.copies) % 2 === 0 ? demoCast.student : demoCast.archivist],
};
// Bookings would collide, since every example asks for the same trip.
const definitions = [...Object.values(catalog).filter((one) => one.id !== 'vehicle-use'), watched];
const applicants: Readonly<Record<string, readonly string[]>> = {
  'instruction-follow-up': [demoCast.officeClerk, demoCast.sealWitness, demoCast.supervisor],
};
const anybody = [demoCast.lecturer, demoCast.otherLecturer, demoCast.computingHead, demoCast.hrHead, demoCast.officeDirector];

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % list.length];
}

/** Walks a matter through the machine. @returns null where its example does not fit its applicant. */
export function walked(walk: Walk): { definition: ProcessDefinition; matter: Matter; events: MatterEvent[] } | null {
  const definition = pick(definitions, walk.process);
  if (definition === undefined) return null;
  const rehearsal = given(definition);
  const applicant = pick(applicants[definition.id] ?? anybody, walk.applicant) ?? '';
  try {
    rehearsal.startedBy(applicant, rehearsal.example().form);
  } catch {
    return null;
  }
  for (const { who, back, days } of walk.turns) {
    if (rehearsal.outcome !== null) break;
    if (days > 0) rehearsal.at(new Date(Date.parse(rehearsal.now) + days * DAY_MS).toISOString());
    const task = pick(rehearsal.tasks, who);
    const person = pick(task?.assignees ?? [], who)?.id;
    if (task === undefined || person === undefined) break;
    const forward = task.kind === 'approve' ? 'agree' : task.kind === 'read' ? 'read' : 'complete';
    const { form } = rehearsal.matter;
    const corrected = task.kind === 'correct' ? { output: { ...form, copies: Number(form.copies) + 1 } } : {};
    if (!back || rehearsal.attempt(person, 'return', { step: task.visit }) !== null) {
      rehearsal.attempt(person, forward, { step: task.visit, ...corrected });
    }
  }
  return { definition, matter: rehearsal.matter, events: rehearsal.events };
}

/** Gives a walked matter ids of its own and writes its tables transition by transition, as they came. */
export async function store(
  { db, cache }: Pick<ApiContext, 'db' | 'cache'>,
  serial: number,
  found: NonNullable<ReturnType<typeof walked>>,
): Promise<Matter> {
  const id = `g${serial}`;
  const { definition } = found;
  const events: MatterEvent[] = JSON.parse(JSON.stringify(found.events).replaceAll('"m1', `"${id}`));
  const transitions = new Map<string, MatterEvent[]>();
  for (const event of events) transitions.set(event.command, [...(transitions.get(event.command) ?? []), event]);
  let state: MatterState = newMatter(id);
  const outer = await cache.now(db);
  for (const made of transitions.values()) {
    const before = state;
    state = evolveAll(state, made);
    if (state.phase === 'new') throw new Error('A walk begins with its start');
    const matter = { ...state, no: `GEN-2026-${String(serial).padStart(5, '0')}` };
    await db.transaction(async (tx) => {
      const input = { definition, matter, events: made, head: '', nameOf: (one: string) => one, outer, before };
      await Promise.all(writeReadModel(tx, input, { notices: false }));
    });
  }
  if (state.phase === 'new') throw new Error('A walk begins with its start');
  return state;
}

/** Some matters, each with what it goes through. */
export const walks = fc.array(
  fc.record({
    process: fc.nat(20),
    applicant: fc.nat(20),
    turns: fc.array(fc.record({ who: fc.nat(5), back: fc.boolean(), days: fc.constantFrom(0, 0, 1, 5, 20) }), { maxLength: 12 }),
  }),
  { minLength: 4, maxLength: 8 },
);
