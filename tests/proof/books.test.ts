/** The independent books notice what they are kept for: each record here was tampered with in one place. */
import { describe, expect, test } from 'vitest';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { type Play, play } from '../machine/support/play.ts';
import { cast } from '../machine/support/school.ts';
import { approve, parallel } from '../machine/support/steps.ts';
import { plainDefinition } from '../machine/support/trees.ts';
import { Books } from './model/books.ts';
import { checkTokens } from './model/tokens.ts';

const { headA, headB, reviewer, director } = cast;
const definition = plainDefinition([approve('a', [headA, headB, reviewer], { mode: 'all' }), approve('b', [director])]);

const agreed = (...people: readonly string[]): Play =>
  people.reduce((matter, person) => matter.when(person, 'agree'), play(definition));

/** The record without, or with a change of, the events chosen; numbered through again. */
function tampered(matter: Play, change: (event: MatterEvent) => MatterEvent[]): MatterEvent[] {
  return matter.events.flatMap(change).map((event, at) => ({ ...event, sequence: at + 1 }));
}

const read = (events: readonly MatterEvent[]) => () => new Books().record(events);

describe('the books', () => {
  test('agree with an honest record', () => {
    const matter = agreed(headA, headB, reviewer, director);
    expect(read(matter.events)).not.toThrow();
  });

  test('notice a vote that is counted twice', () => {
    const twice = tampered(agreed(headA), (event) => (event.type === 'TaskActed' ? [event, event] : [event]));
    expect(read(twice)).toThrow('is acted on twice');
  });

  test('notice a step that closes before everybody has agreed', () => {
    const hasty = tampered(agreed(headA, headB, reviewer), (event) =>
      event.type === 'TaskActed' && event.facts.decision.person === reviewer ? [] : [event],
    );
    expect(read(hasty)).toThrow('closes and leaves task');
  });

  test('notice a task that outlives its step', () => {
    const withdrawn = play(definition);
    withdrawn.command(cast.applicant, { type: 'withdraw', reason: null });
    const ghost = tampered(withdrawn, (event) => (event.type === 'TaskClosed' ? [] : [event]));
    expect(read(ghost)).toThrow('closes and leaves task');
  });

  test('notice somebody who acts on what is not theirs', () => {
    const stranger = tampered(agreed(headA), (event) =>
      event.type === 'TaskActed'
        ? [{ ...event, facts: { ...event.facts, decision: { ...event.facts.decision, person: cast.stranger } } }]
        : [event],
    );
    expect(read(stranger)).toThrow('p-stranger acts on task');
  });

  test('notice a state that has forgotten a task, a vote, or whose turn it is', () => {
    const { matter, events } = agreed(headA);
    const books = () => new Books().record(events);
    expect(() => books().compare({ ...matter, tasks: {} })).toThrow('the matter has tasks');
    const visit = matter.visits.a;
    if (visit === undefined) throw new Error('The step was not opened');
    const unvoted = { ...visit, seats: visit.seats.map((seat) => ({ ...seat, verdict: null })) };
    expect(() => books().compare({ ...matter, visits: { a: unvoted } })).toThrow('seat 1 of a says');
    expect(() => books().compare({ ...matter, visits: { a: { ...visit, decisions: [] } } })).toThrow('counts 0 decisions');
  });

  test('notice an alarm that outlives its round', () => {
    const { matter, events } = agreed(headA, headB, reviewer);
    const alarms = { ...matter.alarms, 'a:red': { at: matter.updatedAt, kind: 'red' as const, visit: 'a' } };
    expect(() => new Books().record(events).compare({ ...matter, alarms })).toThrow('alarm a:red outlives its round');
  });
});

describe('the walk down the blocks', () => {
  const both = plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])]), approve('c', [director])]);

  test('notices a branch that is marked done while something in it is open', () => {
    const { matter } = play(both);
    const block = matter.blocks.p;
    if (block === undefined) throw new Error('The block was not opened');
    const marked = { ...matter, blocks: { p: { ...block, done: [true, false] } } };
    expect(() => checkTokens(both, marked)).toThrow('branch 0 of p is open');
  });

  test('notices two steps open one after the other, and a matter that stands nowhere', () => {
    const { matter } = play(both);
    const other = play(plainDefinition([approve('c', [director])])).matter.visits.c;
    if (other === undefined) throw new Error('The step was not opened');
    expect(() => checkTokens(both, { ...matter, visits: { ...matter.visits, c: other } })).toThrow('c is open after p');
    expect(() => checkTokens(both, { ...matter, visits: {}, blocks: {} })).toThrow('stands nowhere');
  });
});
