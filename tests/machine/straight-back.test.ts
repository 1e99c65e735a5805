/** A return straight back never leaves an approval, or a booking, standing on what was changed meanwhile. */
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import { taskView } from '../../workflows/machine/telling/view.ts';
import { play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, booking, effect, handle, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, director, reviewer } = cast;
const booked = plainDefinition([handle('a', [headA]), effect('book', booking), approve('b', [headB]), approve('c', [director])]);
const atC = () =>
  play(booked)
    .when(headA, 'complete', { output: { n: 1 } })
    .when(headB, 'agree');

test('straight back over a booking is refused with the cure', () => {
  const refusal = atC().refused(director, 'return', { to: 'a', next: 'back', opinion: '重选' });
  expect(refusal).toMatchObject({ code: 'bad-input', faults: [{ path: '/then' }] });
  expect(refusal?.faults[0]?.message).toContain('重走');
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

describe('straight back when something was changed that others had decided on', () => {
  const row = (changes: Partial<ProcessDefinition> = {}) =>
    plainDefinition([handle('a', [headA]), approve('b', [headB]), approve('c', [director])], changes);
  const returned = (definition = row()) =>
    play(definition, { form: { copies: 1, phone: '1' } })
      .when(headA, 'complete', { output: { n: 1 } })
      .when(headB, 'agree')
      .when(director, 'return', { next: 'back', opinion: '份数有误' });

  test('a changed form goes through every step again, and the timeline says so', () => {
    const matter = returned().when(applicant, 'complete', { output: { copies: 2, phone: '1' } });
    expect(matter.open).toEqual(['a']);
    expect(matter.matter.visits.b?.superseded).toBe(true);
    expect(matter.of('DetourReplayed').map(({ facts }) => [facts.because, facts.changed, facts.superseded])).toEqual([
      ['form', ['copies'], ['a', 'b', 'c', 'applicant!c']],
    ]);
    const told = matter.events.flatMap((event) => timelineEntry(event)?.text ?? []);
    expect(told).toContain('修改了表单内容,其后各环节重新办理');
    matter.when(headA, 'complete').when(headB, 'agree').when(director, 'agree');
    expect(matter.outcome).toBe('completed');
  });

  test('a field that the definition calls harmless comes straight back', () => {
    const harmless = row({ harmlessFields: ['phone'] });
    expect(returned(harmless).when(applicant, 'complete', { output: { copies: 1, phone: '2' } }).open).toEqual(['c']);
    expect(returned(harmless).when(applicant, 'complete', { output: { copies: 2, phone: '2' } }).open).toEqual(['a']);
  });

  test('fields in another order are no change', () => {
    expect(returned().when(applicant, 'complete', { output: { phone: '1', copies: 1 } }).open).toEqual(['c']);
  });

  test('the applicant is told beforehand, and why the matter came back', () => {
    const matter = returned();
    const definition = row();
    const view = taskView(definition, matter.matter, matter.taskOf(applicant), applicant, {
      directory: smallSchool(),
      calendar: smallCalendar,
      now: matter.matter.updatedAt,
    });
    expect(view.ask).toBe('只补附件或不改动表单的,提交后直接回到“审批c”;修改表单内容的,各环节重新办理');
    expect(view.returned).toMatchObject({ by: 'director', from: '审批c', reason: '份数有误' });
  });

  test('those who act again see which fields were changed since they did', () => {
    const matter = returned().when(applicant, 'complete', { output: { copies: 2, phone: '1' } });
    const seen = (person: string) =>
      taskView(row(), matter.matter, matter.taskOf(person), person, {
        directory: smallSchool(),
        calendar: smallCalendar,
        now: matter.matter.updatedAt,
      }).changed;
    expect(seen(headA)).toEqual(['copies']);
    matter.when(headA, 'complete');
    expect(seen(headB)).toEqual(['copies']);
    matter.when(headB, 'return').when(applicant, 'complete', { output: { copies: 2, phone: '3' } });
    expect(seen(headA)).toEqual(['phone']);
  });

  test('a changed output makes what follows its step be done again, and nothing before it', () => {
    const matter = returned(row()).when(applicant, 'complete');
    matter.when(director, 'return', { to: 'a', next: 'back' });
    matter.when(headA, 'complete', { output: { n: 2 } });
    expect(matter.open).toEqual(['b']);
    expect(matter.matter.outputs).toEqual({ a: { n: 2 } });
    expect(matter.of('DetourReplayed')[0]?.facts).toMatchObject({
      because: 'output',
      changed: ['n'],
      superseded: ['b', 'c', 'applicant!c', 'a!c'],
    });
    expect(matter.when(headB, 'agree').when(director, 'agree').outcome).toBe('completed');
  });

  test('a changed output in a branch that was left opens that branch again, and no other', () => {
    const definition = plainDefinition([
      parallel('p', [handle('a', [headA]), approve('b', [headB])], [approve('d', [reviewer])]),
      approve('c', [director]),
    ]);
    const matter = play(definition)
      .when(headA, 'complete', { output: { n: 1 } })
      .when(headB, 'agree')
      .when(reviewer, 'agree');
    matter.when(director, 'return', { to: 'a', next: 'back' }).when(headA, 'complete', { output: { n: 2 } });
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['c']);
    expect(matter.matter.visits.d?.round).toBe(1);
  });

  test('a changed output beside open branches leaves those alone', () => {
    const definition = plainDefinition([
      handle('a', [headA]),
      parallel('p', [approve('b', [headB])], [approve('d', [reviewer])]),
    ]);
    const matter = play(definition).when(headA, 'complete', { output: { n: 1 } });
    matter.when(headB, 'return', { to: 'a', next: 'back' }).when(headA, 'complete', { output: { n: 2 } });
    // Both branches decide on the output, so both begin again.
    expect(matter.open).toEqual(['b', 'd']);
    expect(matter.matter.visits.d?.round).toBe(2);
  });
});

describe('two branches that both return to the applicant', () => {
  const beside = plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])]), approve('c', [director])]);

  test('straight back: the second waits for the correction, and hears so with the cure', () => {
    const matter = play(beside, { form: { n: 1 } }).when(headA, 'return', { next: 'back' });
    const refusal = matter.refused(headB, 'return', { next: 'back' });
    expect(refusal?.faults).toEqual([
      { path: '/then', message: '申请人正按“审批a”的退回意见修改,请待其重新提交后再退回,或选择退回后从头重走' },
    ]);
    expect(matter.open).toEqual(['b', 'applicant!a']);
  });

  test('with replay the second takes the correction over, and there is one', () => {
    const matter = play(beside, { form: { n: 1 } })
      .when(headA, 'return', { next: 'back' })
      .when(headB, 'return');
    expect(matter.open).toEqual(['applicant']);
    expect(matter.when(applicant, 'complete').open).toEqual(['a', 'b']);
  });

  test('a corrected form stands in the record once', () => {
    const matter = play(beside, { form: { n: 1 } })
      .when(headA, 'return')
      .when(applicant, 'complete', { output: { n: 2 } });
    expect(matter.of('TaskActed').map(({ facts }) => facts.output)).toEqual([null, null]);
    expect(matter.of('FormCorrected')[0]?.facts.form).toEqual({ n: 2 });
  });
});
