import { describe, expect, test } from 'vitest';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, booking, choose, effect, forEach, handle, parallel, wait } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer, director, applicant } = cast;

describe('a waiting step 等待', () => {
  const waits = plainDefinition([approve('a', [headA]), wait('w', '3 workdays'), approve('b', [headB])]);

  test('goes on by itself when its time has come, and nobody need act', () => {
    const matter = play(waits).when(headA, 'agree');
    expect([matter.open, Object.keys(matter.matter.waits)]).toEqual([[], ['w']]);
    expect(matter.at('2026-03-05T09:29:00Z').open).toEqual([]);
    expect(matter.at('2026-03-05T09:30:00Z').open).toEqual(['b']);
    expect(matter.of('WaitEnded').map(({ facts }) => facts)).toEqual([{ key: 'w', name: '等待w', because: 'time' }]);
    expect(matter.of('AlarmRang').some(({ facts }) => facts.kind === 'wait' && facts.alarm === 'w:wait')).toBe(true);
  });

  test('until a day that has passed it goes on at once', () => {
    const passed = plainDefinition([wait('w', { date: '2026-02-27' }), approve('b', [headB])]);
    const matter = play(passed);
    expect([matter.open, matter.of('WaitBegan').length, matter.of('WaitEnded').length]).toEqual([['b'], 1, 1]);
    expect(matter.matter.alarms['w:wait']).toBeUndefined();
  });

  test('as the last step it ends the matter', () => {
    const last = plainDefinition([approve('a', [headA]), wait('w', '1 workday')]);
    expect(play(last).when(headA, 'agree').at('2026-03-04T00:00:00Z').outcome).toBe('completed');
  });

  test('ends with the matter', () => {
    const matter = play(plainDefinition([parallel('p', [wait('w', '3 workdays')], [approve('a', [headA])])]));
    expect(matter.when(headA, 'disagree').outcome).toBe('rejected');
    expect(matter.of('WaitEnded').map(({ facts }) => facts.because)).toEqual(['matter-ended']);
  });

  test('may be taken back while it waits', () => {
    const matter = play(plainDefinition([wait('w', '3 workdays'), approve('b', [headB])]));
    expect(matter.command(applicant, { type: 'withdraw', reason: null })).toBeNull();
    expect(matter.outcome).toBe('withdrawn');
  });

  test('in each of many waits for each', () => {
    const each = plainDefinition([forEach('f', wait('w', '1 workday'), approve('b', [headB]))]);
    const matter = play(each, { form: { items: ['u-a', 'u-b'] } });
    expect(Object.keys(matter.matter.waits)).toEqual(['w@0', 'w@1']);
    expect(matter.at('2026-03-04T00:00:00Z').open).toEqual(['b@0', 'b@1']);
  });

  test('a return over it ends it, and it begins anew when the matter comes by again', () => {
    const over = plainDefinition([
      approve('a', [headA]),
      parallel('p', [wait('w', '3 workdays'), approve('c', [reviewer])], [handle('h', [headB])]),
      approve('z', [director]),
    ]);
    const matter = play(over).when(headA, 'agree').at('2026-03-03T01:00:00Z').when(headB, 'return', { to: 'a' });
    expect([matter.open, matter.matter.waits, matter.matter.alarms['w:wait']]).toEqual([['a'], {}, undefined]);
    expect(matter.of('WaitEnded').map(({ facts }) => facts.because)).toEqual(['returned']);
    matter.when(headA, 'agree').at('2026-03-05T10:00:00Z');
    expect(Object.keys(matter.matter.waits)).toEqual(['w']);
    expect(matter.at('2026-03-07T00:00:00Z').open).toEqual(['h', 'c']);
  });

  test('a return within another branch leaves it alone', () => {
    const beside = plainDefinition([
      parallel('p', [wait('w', '3 workdays')], [approve('a', [headA]), approve('b', [headB])]),
      approve('z', [director]),
    ]);
    const matter = play(beside).when(headA, 'agree').when(headB, 'return', { to: 'a' });
    expect([matter.open, Object.keys(matter.matter.waits)]).toEqual([['a'], ['w']]);
  });

  test('an effect before it stays while it waits', () => {
    const booked = plainDefinition([effect('e', booking), wait('w', '1 workday'), choose('c', () => false, [])]);
    const matter = play(booked);
    expect(Object.keys(matter.matter.effects)).toEqual(['e']);
    expect(matter.at('2026-03-04T00:00:00Z').outcome).toBe('completed');
  });
});
