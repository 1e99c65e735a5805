/** Goal: no more work at once under one key than there are lanes, everybody gets a turn, and nobody waits past their deadline. */
import { describe, expect, test } from 'vitest';
import { Lanes } from '../../api/lanes.ts';

const soon = () => Date.now() + 5_000;

describe('lanes', () => {
  test('let as many in at once as they are wide, and the others in turn', async () => {
    const lanes = new Lanes(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const work = async (name: number) => {
      const leave = await lanes.enter('a', soon());
      running += 1;
      most = Math.max(most, running);
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      leave?.();
    };
    await Promise.all(Array.from({ length: 25 }, (_, name) => work(name)));
    expect(most).toBe(2);
    expect(order).toEqual(Array.from({ length: 25 }, (_, name) => name));
  });

  test('of one key do not hold up another', async () => {
    const lanes = new Lanes(1);
    expect(await lanes.enter('a', soon())).not.toBeNull();
    expect(await lanes.enter('b', soon())).not.toBeNull();
  });

  test('turn away whoever’s deadline comes first, and give their turn to the next', async () => {
    const lanes = new Lanes(1);
    const leave = await lanes.enter('a', soon());
    const late = lanes.enter('a', Date.now());
    const next = lanes.enter('a', soon());
    expect(await late).toBeNull();
    leave?.();
    expect(await next).not.toBeNull();
  });

  test('never let one too many in when two leave at once while others wait', async () => {
    const lanes = new Lanes(2);
    const [one, two] = await Promise.all([lanes.enter('a', soon()), lanes.enter('a', soon())]);
    const third = lanes.enter('a', soon());
    one?.();
    two?.();
    expect(await third).not.toBeNull();
    expect(await lanes.enter('a', soon())).not.toBeNull();
    expect(await lanes.enter('a', Date.now())).toBeNull();
  });
});
