/** Goal: urging 催办 disturbs nobody twice, and its refusal says until when; a withdrawal that comes too late says who can help. */
import { describe, expect, test } from 'vitest';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { whyNot } from '../../workflows/machine/round/allowed.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, booking, effect, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, director, reviewer } = cast;
const urge = { type: 'urge', text: null } as const;
const beside = plainDefinition([parallel('p', [approve('a', [headA]), approve('c', [director])], [approve('b', [headB])])]);
const urged = (matter: Play): string[][] => matter.of('Urged').map(({ facts }) => facts.people.map((one) => one.id));
const withdraw = { type: 'withdraw', reason: null } as const;

describe('the cool-down', () => {
  test('is each person’s own: who has newly come is urged, who was urged is left alone', () => {
    const matter = play(beside);
    expect(matter.command(applicant, urge)).toBeNull();
    matter.at('2026-03-02T10:00:00+08:00').when(headA, 'agree');
    expect(matter.command(applicant, urge)).toBeNull();
    expect(urged(matter)).toEqual([[headA, headB], [director]]);
  });

  test('its refusal says until when, in the words of the greyed button', () => {
    const matter = play(beside);
    matter.command(applicant, urge);
    matter.at('2026-03-02T10:00:00+08:00');
    const refusal = matter.command(reviewer, urge);
    expect([refusal?.code, refusal?.message]).toEqual(['too-early', '刚刚催办过,3月2日13:00后可以再催']);
    const world = { directory: smallSchool(), calendar: smallCalendar, now: '2026-03-02T02:00:00.000Z' };
    expect(whyNot(beside, matter.matter, reviewer, 'urge', world)).toBe(refusal?.message);
    expect(matter.at('2026-03-02T13:00:00+08:00').command(reviewer, urge)).toBeNull();
  });

  test('who waits for signers, or only reads, is not urged', () => {
    const matter = play(plainDefinition([approve('a', [headA])]));
    matter.when(headA, 'addSigners', { people: [reviewer] }).when(reviewer, 'circulate', { people: [headB] });
    matter.command(applicant, urge);
    expect(urged(matter)).toEqual([[reviewer]]);
  });

  test('who has claimed a task is urged alone', () => {
    const matter = play(plainDefinition([approve('a', [headA, headB])])).when(headA, 'claim');
    matter.command(applicant, urge);
    expect(urged(matter)).toEqual([[headA]]);
  });
});

describe('texts of commands', () => {
  const long = '长'.repeat(COMMAND_LIMITS.text + 1);

  const commands: [Parameters<Play['command']>[1], string][] = [
    [{ type: 'urge', text: long }, '/text'],
    [{ type: 'comment', text: long }, '/text'],
    [{ type: 'comment', text: ' ' }, '/text'],
    [{ type: 'supplement', text: long, attachments: [] }, '/text'],
    [{ type: 'withdraw', reason: long }, '/reason'],
  ];
  test.each(commands)('are bounded in the machine too', (command, path) => {
    expect(
      play(beside)
        .command(applicant, command)
        ?.faults.map((fault) => fault.path),
    ).toEqual([path]);
  });
});

describe('withdrawal', () => {
  test('that comes too late names who can lay the matter back', () => {
    const row = plainDefinition([approve('a', [headA]), approve('b', [headB])]);
    expect(play(row).when(headA, 'agree').command(applicant, withdraw)?.message).toBe(
      '已有人办理,不能撤回;可请环节“审批b”的办理人退回申请人',
    );
    const noReturn = plainDefinition([approve('a', [headA]), approve('b', [headB], { returnTo: 'none' })]);
    expect(play(noReturn).when(headA, 'agree').command(applicant, withdraw)?.message).toBe(
      '已有人办理,不能撤回;确需停办的,请联系流程管理员终止',
    );
  });

  test('may be until a step or an effect is reached, as the definition says', () => {
    const steps = [approve('a', [headA]), effect('book', booking), approve('b', [headB])];
    for (const before of ['book', 'b']) {
      const definition = plainDefinition(steps, { withdrawUntil: { before } });
      expect(play(definition).command(applicant, withdraw)).toBeNull();
      expect(play(definition).when(headA, 'agree').command(applicant, withdraw)?.code).toBe('too-late');
    }
    const later = plainDefinition([...steps, approve('c', [director])], { withdrawUntil: { before: 'c' } });
    expect(play(later).when(headA, 'agree').command(applicant, withdraw)).toBeNull();
  });
});
