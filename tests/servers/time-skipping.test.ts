/** Goal: time can be skipped in tests only. What a start runs has no way to ask for it, and the server that it starts refuses it. */
import { expect, test } from 'vitest';
import { dynamicSettings } from '../../scripts/servers/temporal-config.ts';
import { allSources } from '../support/sources.ts';

const SKIPPING = 'frontend.WorkflowTimeSkippingEnabled';
/** Programs that start a server for tests. */
const FOR_TESTS = [/^tests\//, /^bench\//, /^scripts\/record-histories\.ts$/, /^scripts\/servers\//];

const shipped = allSources().filter(({ path }) => !FOR_TESTS.some((own) => own.test(path)));
const starter = allSources().find(({ path }) => path === 'scripts/servers/temporal.ts')?.text ?? '';

test('a server that is started for use does not know of it', () => {
  expect(Object.keys(dynamicSettings(false))).not.toContain(SKIPPING);
  expect(dynamicSettings(true)[SKIPPING]).toBe(true);
});

test('no setting of the environment reaches it: only a call in the code can ask for a testing server, and none that ships does', () => {
  expect(shipped.length).toBeGreaterThan(100);
  const asking = shipped.filter(({ text }) => /testing:|time_?skipping/i.test(text));
  expect(asking.map(({ path }) => path)).toEqual([]);
  expect(starter).toContain('testing');
  expect(starter).not.toMatch(/testing[^\n]*process\.env/);
});
