/** A return straight back never leaves a booking standing on what was changed meanwhile. */
import { expect, test } from 'vitest';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, booking, effect, handle } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, director } = cast;
const booked = plainDefinition([handle('a', [headA]), effect('book', booking), approve('b', [headB]), approve('c', [director])]);
const atC = () =>
  play(booked)
    .when(headA, 'complete', { output: { n: 1 } })
    .when(headB, 'agree');

test('straight back over a booking is refused with the cure', () => {
  const refusal = atC().refused(director, 'return', { to: 'a', next: 'back', opinion: '重选' });
  expect(refusal).toMatchObject({ code: 'bad-input', faults: [{ path: '/then' }] });
  expect(refusal?.message).toContain('重走');
});

test('with replay the booking is undone and made again', () => {
  const matter = atC().when(director, 'return', { to: 'a', opinion: '重选' });
  expect(matter.of('EffectUndone')).toHaveLength(1);
  matter.when(headA, 'complete', { output: { n: 2 } });
  expect(matter.of('EffectDone')).toHaveLength(2);
});

test('straight back to a step after the booking is allowed', () => {
  expect(atC().refused(director, 'return', { to: 'b', next: 'back', opinion: '再核' })).toBeNull();
});
