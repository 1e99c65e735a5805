/** Goal: a chain tells where it was tampered with; answers come in bounded pieces; an absence is told from a fault. */
import { describe, expect, test } from 'vitest';
import { awayCode } from '../../db/away.ts';
import { ANSWER_LIMITS, CHAIN_START, chainFault, chainRows, pieceOf } from '../../db/events.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';

const ID = 'm-1';

function remark(sequence: number, text = '已阅'): MatterEvent {
  return {
    sequence,
    at: `2026-03-02T01:00:${String(sequence % 60).padStart(2, '0')}.000Z`,
    by: { kind: 'person', id: 'p-1' },
    command: `c-${sequence}`,
    type: 'Commented',
    facts: { person: 'p-1', name: '甲', text },
  };
}

describe('a chain', () => {
  const chain = () => {
    const { rows } = chainRows(
      ID,
      CHAIN_START,
      [1, 2, 3, 4].map((sequence) => remark(sequence)),
    );
    return rows.map((row) => ({ ...row, actorId: row.actorId ?? null }));
  };

  test('as it was written has no fault', () => {
    expect(chainFault(ID, chain())).toBeNull();
    expect(chainFault(ID, [])).toBeNull();
  });

  test.each([
    ['another text', (row: { facts: unknown }) => Object.assign(row, { facts: { person: 'p-1', name: '甲', text: '同意' } })],
    ['another time', (row: object) => Object.assign(row, { at: '2026-03-02T00:00:00.000Z' })],
    ['another person', (row: object) => Object.assign(row, { actorId: 'p-2' })],
    ['another command', (row: object) => Object.assign(row, { commandId: 'c-9' })],
    ['another kind', (row: object) => Object.assign(row, { type: 'Urged' })],
  ])('in which an event was given %s is broken there', (_what, tamper) => {
    const rows = chain();
    tamper(rows[2]!);
    expect(chainFault(ID, rows)).toEqual({ sequence: 3, reason: 'the event is not what was written' });
  });

  test('from which an event was taken is broken there', () => {
    expect(chainFault(ID, chain().toSpliced(1, 1))?.sequence).toBe(2);
  });

  test('moved to another matter is broken from its beginning', () => {
    expect(chainFault('m-2', chain())?.sequence).toBe(1);
  });

  test('whose changed event was hashed anew is broken at the next', () => {
    const rows = chain();
    const [forged] = chainRows(ID, rows[1]!.hash, [remark(3, '同意')]).rows;
    rows[2] = { ...forged!, actorId: forged!.actorId ?? null };
    expect(chainFault(ID, rows)).toEqual({ sequence: 4, reason: 'the event is not chained to the one before' });
  });
});

describe('an answer', () => {
  test('holds all events when they are few', () => {
    expect(pieceOf([remark(1), remark(2)])).toEqual({ events: [remark(1), remark(2)], more: false });
    expect(pieceOf([])).toEqual({ events: [], more: false });
  });

  test('holds no more events than fit, and says that there are more', () => {
    const many = Array.from({ length: ANSWER_LIMITS.events + 1 }, (_, at) => remark(at + 1));
    expect(pieceOf(many)).toMatchObject({ more: true });
    expect(pieceOf(many).events).toHaveLength(ANSWER_LIMITS.events);
    expect(pieceOf(many.slice(1)).more).toBe(false);
  });

  test('of large events ends before the size that Temporal takes, but never empty', () => {
    const large = '字'.repeat(ANSWER_LIMITS.characters / 2);
    const all = [remark(1, large), remark(2, large), remark(3)];
    expect(pieceOf(all)).toEqual({ events: [all[0]], more: true });
    const huge = remark(1, large.repeat(3));
    expect(pieceOf([huge, remark(2)])).toEqual({ events: [huge], more: true });
  });
});

describe('an error', () => {
  const withCode = (code: string) => Object.assign(new Error('said so'), { code });

  test.each(['ECONNREFUSED', 'CONNECTION_CLOSED', '57P01', '40P01', '53300', '25006', '08006'])(
    '%s means that it passes',
    (code) => {
      expect(awayCode(withCode(code))).toBe(code);
      expect(awayCode(new Error('Failed query', { cause: withCode(code) }))).toBe(code);
    },
  );

  test.each(['23505', '22P02', '42703', 'ERR_INVALID_ARG_TYPE'])('%s is a fault', (code) => {
    expect(awayCode(withCode(code))).toBeNull();
  });

  test('without a code is a fault', () => {
    expect(awayCode(new TypeError('undefined is not a function'))).toBeNull();
    expect(awayCode('thrown')).toBeNull();
  });
});
