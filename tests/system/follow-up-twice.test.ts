/** Goal: one matter is followed up once (R9 art. 15): the second registration is refused with the number of the first. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoCast } from '../../scripts/demo/university.ts';
import { clientOf } from '../harness/office.ts';
import { type Answer, type System, startSystem } from '../harness/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('follow_up_twice');
});
afterAll(async () => {
  await system?.stop();
});

async function register(changes: Record<string, unknown>): Promise<Answer> {
  const { example } = await clientOf(system).guide('instruction-follow-up');
  const applicant = await system.as(example.person);
  return applicant.post('/api/matters', { process: 'instruction-follow-up', form: { ...example.form, ...changes } });
}

test('by source and leader as long as it stands, by its title while it is open', async () => {
  const same = { sourceNo: '收文〔2026〕700号', title: '同一事项' };
  const first = await register(same);
  expect(first.status, JSON.stringify(first.body)).toBe(201);
  const { no } = first.body as unknown as { no: string };
  const message = `同一事项已立项(编号${no}),不得重复督查`;
  const refused = await register(same);
  expect(refused).toMatchObject({
    status: 422,
    body: {
      errors: [
        { path: '/form/sourceNo', message },
        { path: '/form/title', message },
      ],
    },
  });
  const titled = await register({ ...same, sourceNo: '收文〔2026〕701号' });
  expect(titled).toMatchObject({ status: 422, body: { errors: [{ path: '/form/title', message }] } });
  // Another leader may have written on the same paper.
  const other = await register({ ...same, title: '另一事项', leader: demoCast.deputySecretary });
  expect(other.status, JSON.stringify(other.body)).toBe(201);
});
