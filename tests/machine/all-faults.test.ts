/** Goal: whoever sends something wrong hears every fault at once, those across fields too, however malformed a field is. */
import { expect, test } from 'vitest';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { mergeFaults } from '../../workflows/machine/faults.ts';
import { given } from '../support/machine.ts';

test('a field of the wrong type hides no fault across other fields', () => {
  const { person, form } = given(sealUse).example();
  const refusal = given(sealUse).startRefused(person, { ...form, takeOut: null, docKind: '合同协议', signOff: 'x' });
  const paths = refusal.faults.map((fault) => fault.path);
  expect(paths).toEqual(expect.arrayContaining(['/form/takeOut', '/form/signOff', '/form/sourceRef']));
  expect(new Set(paths).size).toBe(paths.length);
});

const faulted: Fault[] = [{ path: '/form/a', message: 'a 应为数' }];
const needsA = ({ a }: JsonObject): Fault[] => [{ path: '/form/b', message: String(a).repeat(Number(a)) }];
const stumbles = (value: JsonObject): Fault[] => {
  if ('a' in value) throw new Error('a is no number');
  return [
    { path: '/form/a/0', message: '缺少 a' },
    { path: '/form/c', message: 'c 有误' },
  ];
};

test('a check that stumbles over a faulted field is asked again without it, and says nothing of that field', () => {
  expect(mergeFaults(faulted, '/form', { a: 'x' }, [stumbles]).map((fault) => fault.path)).toEqual(['/form/a', '/form/c']);
});

test('a check that can say nothing without the faulted field hides nothing of the others', () => {
  const hopeless = (): Fault[] => {
    throw new Error('needs everything');
  };
  const paths = mergeFaults(faulted, '/form', { a: 2 }, [hopeless, needsA]).map((fault) => fault.path);
  expect(paths).toEqual(['/form/a', '/form/b']);
});

test('a check that fails on a well-formed value is a bug and is thrown', () => {
  expect(() => mergeFaults([], '/form', { a: 'x' }, [stumbles])).toThrow('a is no number');
});

test('a definition may give its checks as a list', () => {
  const { person, form } = given(sealUse).example();
  const rule = (path: string) => () => [{ path, message: '有误' }];
  const listed = { ...sealUse, checks: [rule('/form/copies'), rule('/form/reason')] };
  const refusal = given(listed).startRefused(person, form);
  expect(refusal.faults.map((fault) => fault.path)).toEqual(['/form/copies', '/form/reason']);
});
