import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { rewindTargets } from '../../workflows/machine/admin/intervene.ts';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { LINK_LIMITS } from '../../workflows/machine/flow/waits.ts';
import type { Link } from '../../workflows/machine/state.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import type { LinkStatus } from '../../workflows/machine/words.ts';
import { type Play, play } from './support/play.ts';
import { STATE_CHARACTERS_MAX } from './support/promises.ts';
import { cast } from './support/school.ts';
import { approve, choose, forEach, handle, link, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer, director, applicant, administrator } = cast;
const world = { inForce: { other: { version: 3, since: null } } };

const one = { processId: 'other', form: { copies: 2 } };
const seals = plainDefinition([approve('a', [headA]), link('seal', () => [one, one]), approve('z', [director])]);

function links(matter: Play): Link[] {
  return Object.values(matter.matter.links);
}

/** The matter of a link says what became of it. */
function tell(matter: Play, at: number, status: LinkStatus, text = '办结', from?: string): string | null {
  const found = links(matter)[at];
  if (found === undefined) throw new Error(`There is no link ${at}`);
  const no = status === 'refused' ? null : `QT-2026-000${at + 1}`;
  const refusal = matter.hear(from ?? found.matterId, { type: 'linked', link: found.id, status, no, text });
  return refusal?.code ?? null;
}

describe('starting other matters 关联办件', () => {
  test('asks for each with its form, and waits', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    expect([matter.open, matter.matter.waits]).toEqual([[], { seal: { key: 'seal', kind: 'links' } }]);
    expect(links(matter)).toMatchObject([
      { id: 'seal#1', processId: 'other', version: 3, applicant, form: { copies: 2 }, status: 'asked', recalled: false },
      { id: 'seal#2', status: 'asked' },
    ]);
    for (const { matterId } of links(matter)) expect(matterId).toMatch(/^m1\.\d+$/);
    expect(new Set(links(matter).map(({ matterId }) => matterId)).size).toBe(2);
  });

  test('goes on when all have ended, whatever became of them', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    expect(tell(matter, 0, 'open', '已受理')).toBeNull();
    expect(links(matter)[0]).toMatchObject({ status: 'open', no: 'QT-2026-0001', form: {} });
    expect([tell(matter, 0, 'completed'), matter.open]).toEqual([null, []]);
    expect([tell(matter, 1, 'rejected', '不同意'), matter.open]).toEqual([null, ['z']]);
    expect(links(matter).map(({ status, text }) => [status, text])).toEqual([
      ['completed', '办结'],
      ['rejected', '不同意'],
    ]);
    expect(matter.when(director, 'agree').outcome).toBe('completed');
  });

  test('whoever urges meanwhile is told where to', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    tell(matter, 0, 'open', '已受理');
    const urge = { type: 'urge', text: null } as const;
    expect(matter.command(applicant, urge)).toMatchObject({
      code: 'action-not-offered',
      message: '正在等待关联办件QT-2026-0001办结,请到该办件催办',
    });
  });

  test.each(['refused', 'rejected', 'withdrawn', 'terminated'] as const)(
    'where the definition says so a matter that was %s ends this one, and it says which',
    (status) => {
      const strict = plainDefinition([link('seal', () => [one, one], { whenFailed: 'reject' }), approve('z', [director])]);
      const matter = play(strict, { world });
      tell(matter, 0, 'completed');
      tell(matter, 1, status, '未办成');
      expect([matter.outcome, matter.matter.waits]).toEqual(['rejected', {}]);
      expect(matter.matter.ending?.text).toBe(`关联seal:关联办件${status === 'refused' ? '' : 'QT-2026-0002'}未办成`);
    },
  );

  test('a refused one never leaves the matter hanging', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    tell(matter, 0, 'refused', '份数:不能为空');
    tell(matter, 1, 'refused', '份数:不能为空');
    expect(matter.open).toEqual(['z']);
  });

  test('the same said twice, or something older said late, changes nothing', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    for (const status of ['open', 'open', 'completed', 'completed', 'open', 'withdrawn'] as const) tell(matter, 0, status);
    expect(matter.of('LinkChanged').map(({ facts }) => facts.status)).toEqual(['open', 'completed']);
  });

  test('only the matter itself may say what became of it', () => {
    const matter = play(seals, { world }).when(headA, 'agree');
    expect(tell(matter, 0, 'completed', '办结', 'm-somebody')).toBe('not-allowed');
    expect(tell(matter, 0, 'completed', '办结', links(matter)[1]?.matterId)).toBe('not-allowed');
    const body = { type: 'linked', link: 'seal#1', status: 'completed', no: null, text: '' } as const;
    expect(matter.command(headA, body)?.code).toBe('not-allowed');
    expect(matter.hear('m-x', { ...body, link: 'constructor' })?.code).toBe('not-allowed');
  });

  test('without waiting the matter goes on at once, and hears of them until it ends', () => {
    const loose = plainDefinition([link('seal', () => [one], { waits: false }), approve('z', [director])]);
    const matter = play(loose, { world });
    expect([matter.open, matter.matter.waits]).toEqual([['z'], {}]);
    expect([tell(matter, 0, 'completed'), links(matter)[0]?.status]).toEqual([null, 'completed']);
  });

  test('nothing to start is done at once', () => {
    expect(play(plainDefinition([link('seal', () => []), approve('z', [director])]), { world }).open).toEqual(['z']);
  });

  test('in each of many each waits for its own', () => {
    const each = plainDefinition([
      forEach(
        'f',
        link('seal', ({ item }) => [{ processId: 'other', form: { unit: item } }]),
      ),
    ]);
    const matter = play(each, { world, form: { items: ['u-a', 'u-b'] } });
    expect(links(matter).map(({ id, form }) => [id, form])).toEqual([
      ['seal@0#1', { unit: 'u-a' }],
      ['seal@1#1', { unit: 'u-b' }],
    ]);
    tell(matter, 1, 'completed');
    expect(matter.outcome).toBeNull();
    tell(matter, 0, 'completed');
    expect(matter.outcome).toBe('completed');
  });

  test('two hundred at once, the state bounded', () => {
    const form: JsonObject = { text: '内容'.repeat(300) };
    const many = plainDefinition([link('seal', () => Array.from({ length: 200 }, () => ({ processId: 'other', form })))]);
    const matter = play(many, { world });
    expect(matter.of('MattersLinked')).toHaveLength(10);
    expect(JSON.stringify(matter.matter).length).toBeLessThan(STATE_CHARACTERS_MAX);
    for (let at = 0; at < 10; at += 1) tell(matter, at, 'completed');
    expect(matter.outcome).toBeNull();
  });

  test('too many, or too much, is refused and nothing remains', () => {
    const start = (count: number, form: JsonObject) =>
      play(plainDefinition([link('seal', () => Array.from({ length: count }, () => ({ processId: 'other', form })))]), { world });
    expect(() => start(LINK_LIMITS.atOnce + 1, {})).toThrow('最多200项');
    expect(() => start(2, { text: 'x'.repeat(LINK_LIMITS.characters) })).toThrow('内容过多');
  });

  test('a process of which no version is in force is a fault of the definition', () => {
    const wrong = plainDefinition([link('seal', () => [{ processId: 'nowhere', form: {} }])]);
    expect(() => play(wrong, { world })).toThrow('starts "nowhere", of which no version is in force');
  });
});

describe('calling back what was started', () => {
  test('a matter that is taken back calls back what is still open; what has ended stays', () => {
    const matter = play(plainDefinition([link('seal', () => [one, one]), approve('z', [director])]), { world });
    tell(matter, 0, 'open');
    tell(matter, 1, 'completed');
    expect(matter.command(applicant, { type: 'withdraw', reason: '不办了' })).toBeNull();
    expect(links(matter).map(({ status, recalled }) => [status, recalled])).toEqual([
      ['open', true],
      ['completed', false],
    ]);
    expect(matter.of('LinkChanged').at(-1)?.facts).toMatchObject({ link: 'seal#1', recalled: true });
  });

  test('where the definition leaves them they stay', () => {
    const left = plainDefinition([link('seal', () => [one], { whenWithdrawn: 'leave' }), approve('z', [director])]);
    const matter = play(left, { world });
    matter.command(applicant, { type: 'withdraw', reason: null });
    expect(links(matter)[0]).toMatchObject({ status: 'asked', recalled: false });
  });

  test('a matter that is completed leaves them', () => {
    const loose = plainDefinition([link('seal', () => [one], { waits: false }), approve('z', [director])]);
    const matter = play(loose, { world }).when(director, 'agree');
    expect([matter.outcome, links(matter)[0]?.recalled]).toEqual(['completed', false]);
  });

  test('going back before the step calls them back, and coming by again starts others', () => {
    const twice = plainDefinition([
      handle('a', [headA]),
      parallel('p', [link('seal', () => [one])], [approve('b', [headB])]),
      approve('z', [director]),
    ]);
    const matter = play(twice, { world }).when(headA, 'complete', { output: {} });
    tell(matter, 0, 'open');
    matter.when(headB, 'return', { to: 'a' });
    expect([matter.open, matter.matter.waits, links(matter)[0]?.recalled]).toEqual([['a'], {}, true]);
    matter.when(headA, 'complete', { output: {} });
    expect(links(matter).map(({ id, round }) => [id, round])).toEqual([
      ['seal#1', 1],
      ['seal#2', 2],
    ]);
    // What was called back was completed all the same: it is told as it was, and nobody waits for it.
    tell(matter, 0, 'completed');
    expect(links(matter)[0]).toMatchObject({ status: 'completed', recalled: false });
    matter.when(headB, 'agree');
    expect(matter.open).toEqual([]);
    tell(matter, 1, 'completed');
    expect(matter.open).toEqual(['z']);
  });

  test('one that was called back before it was taken on says so when it is', () => {
    const matter = play(
      plainDefinition([approve('a', [headA]), parallel('p', [link('seal', () => [one])], [approve('b', [reviewer])])]),
      {
        world,
      },
    ).when(headA, 'agree');
    matter.when(reviewer, 'return', { to: 'a' });
    expect(links(matter)[0]).toMatchObject({ status: 'asked', recalled: true, form: { copies: 2 } });
    tell(matter, 0, 'open');
    expect(links(matter)[0]).toMatchObject({ status: 'open', recalled: true, form: {} });
    tell(matter, 0, 'withdrawn');
    expect(links(matter)[0]).toMatchObject({ status: 'withdrawn', recalled: false });
  });

  describe('passed over by an administrator', () => {
    const skip = (matter: Play) => matter.command(administrator, { type: 'skip', visit: 'seal', reason: '已在纸质件上用印' });
    const rewind = (matter: Play, to: string) => matter.command(administrator, { type: 'rewind', to, reason: '纸质件用印不符' });
    const skipped = (): Play => {
      const matter = play(seals, { world }).when(headA, 'agree');
      tell(matter, 0, 'completed', '已盖章');
      tell(matter, 1, 'open', '已受理');
      expect(skip(matter)).toBeNull();
      return matter;
    };

    test('the reason stands where the matter that it waited for is shown; what has ended stays as it ended', () => {
      const matter = skipped();
      expect(matter.open).toEqual(['z']);
      expect(links(matter).map(({ status, text }) => [status, text])).toEqual([
        ['completed', '已盖章'],
        ['open', '流程管理员跳过本环节,不再等待:已在纸质件上用印'],
      ]);
      const told = matter.events.flatMap((event) => timelineEntry(event) ?? []);
      expect(told.filter((one) => one.opinion === '已在纸质件上用印' || one.text.includes('已在纸质件上用印'))).toHaveLength(1);
    });

    test('what becomes of it later is still told', () => {
      const matter = skipped();
      tell(matter, 1, 'completed', '办结');
      expect([matter.open, links(matter)[1]?.text]).toEqual([['z'], '办结']);
    });

    test('may be gone back to: it is asked for anew, what was still open is called back, and it waits again', () => {
      const matter = skipped();
      expect(rewindTargets(seals, matter.matter).map(({ key, name }) => [key, name])).toEqual([
        ['applicant', '申请人'],
        ['a', '审批a'],
        ['seal', '关联seal'],
      ]);
      expect(rewind(matter, 'seal')).toBeNull();
      expect([matter.open, Object.keys(matter.matter.waits)]).toEqual([[], ['seal']]);
      expect(links(matter).map(({ id, round, status, recalled }) => [id, round, status, recalled])).toEqual([
        ['seal#1', 1, 'completed', false],
        ['seal#2', 1, 'open', true],
        ['seal#3', 2, 'asked', false],
        ['seal#4', 2, 'asked', false],
      ]);
      tell(matter, 1, 'withdrawn');
      tell(matter, 2, 'completed');
      tell(matter, 3, 'completed');
      expect(matter.open).toEqual(['z']);
      expect(matter.when(director, 'agree').outcome).toBe('completed');
    });

    test('is not gone back to while it waits, nor from before it, nor from another branch', () => {
      const targets = (matter: Play) => rewindTargets(seals, matter.matter).map(({ key }) => key);
      const matter = play(seals, { world }).when(headA, 'agree');
      expect(targets(matter)).toEqual(['applicant', 'a']);
      skip(matter);
      expect(rewind(matter, 'a')).toBeNull();
      expect(targets(matter)).toEqual(['applicant']);
      const either = plainDefinition([
        approve('a', [headA]),
        choose('c', ({ form }) => form.sealed === true, [link('seal', () => [one])], [approve('b', [headB])]),
        approve('z', [director]),
      ]);
      const other = play(either, { world, form: { sealed: true } }).when(headA, 'agree');
      skip(other);
      other.when(director, 'return', { to: 'applicant' }).when(applicant, 'complete', { output: { sealed: false } });
      other.when(headA, 'agree').when(headB, 'agree');
      expect(rewindTargets(either, other.matter).map(({ key }) => key)).toEqual(['applicant', 'a', 'b']);
    });

    test(`is gone back to at most ${COMMAND_LIMITS.roundsPerStep} times`, () => {
      const matter = play(seals, { world }).when(headA, 'agree');
      for (let round = 1; round < COMMAND_LIMITS.roundsPerStep; round += 1) {
        skip(matter);
        expect(rewind(matter, 'seal')).toBeNull();
      }
      skip(matter);
      expect(rewind(matter, 'seal')?.code).toBe('too-many-rounds');
    });

    test('in one of many is gone back to there alone', () => {
      const each = plainDefinition([
        forEach(
          'f',
          link('seal', () => [one]),
          approve('b', [headB]),
        ),
        approve('z', [director]),
      ]);
      const matter = play(each, { world, form: { items: ['u-a', 'u-b'] } });
      expect(matter.command(administrator, { type: 'skip', visit: 'seal@1', reason: '已用印' })).toBeNull();
      expect(rewind(matter, 'seal@1')).toBeNull();
      expect([Object.keys(matter.matter.waits), matter.open]).toEqual([['seal@0', 'seal@1'], []]);
    });
  });

  test('the matter that started one may call it back at any time, and nobody else but its applicant', () => {
    const parent = { matterId: 'm-parent', no: 'HT-2026-0001', link: 'seal#1' };
    const matter = play(plainDefinition([approve('a', [headA]), approve('b', [headB])]), { parent }).when(headA, 'agree');
    const withdraw = { type: 'withdraw', reason: null } as const;
    expect(matter.hear('m-other', withdraw)?.code).toBe('not-allowed');
    expect(matter.hear('m-parent', withdraw)).toBeNull();
    expect([matter.outcome, matter.matter.ending?.text]).toEqual(['withdrawn', '发起它的办件HT-2026-0001撤回']);
  });

  test('a matter that nobody started cannot be called back by one', () => {
    const matter = play(plainDefinition([approve('a', [headA])]));
    expect(matter.hear('m-parent', { type: 'withdraw', reason: null })?.code).toBe('not-allowed');
  });
});
