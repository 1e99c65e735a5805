import { expect, test } from 'vitest';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { given } from '../support/machine.ts';

test('the example goes from the form to the collection', () => {
  const matter = given(sealUse).startedBy().carriedToEnd();
  expect(matter.outcome).toBe('completed');
  expect(matter.path).toEqual(['unit-head', 'office', 'stamp', 'collect']);
});
