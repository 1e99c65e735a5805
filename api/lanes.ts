/** Turns for work on the same thing: so many at once, the others wait, none longer than its own deadline. */

interface Lane {
  running: number;
  waiting: (() => void)[];
}

/** Lanes by key. A key without work takes no memory. */
export class Lanes {
  readonly #width: number;
  readonly #lanes = new Map<string, Lane>();

  /** @param width how many may work at once under one key. */
  constructor(width: number) {
    this.#width = width;
  }

  /**
   * Waits for a turn.
   * @param deadline milliseconds since the epoch.
   * @returns how to give the turn back, to be called once; null when the deadline came first.
   */
  async enter(key: string, deadline: number): Promise<(() => void) | null> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.#width) lane.running += 1;
    // Who is called in takes over the turn that was given back, so the count stays.
    else if (!(await turnIn(lane, deadline))) return null;
    return () => this.#leave(key, lane);
  }

  #leave(key: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    lane.running -= 1;
    if (lane.running === 0) this.#lanes.delete(key);
  }
}

function turnIn(lane: Lane, deadline: number): Promise<boolean> {
  return new Promise((resolve) => {
    const called = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(
      () => {
        lane.waiting = lane.waiting.filter((one) => one !== called);
        resolve(false);
      },
      Math.max(0, deadline - Date.now()),
    );
    lane.waiting.push(called);
  });
}
