/** Goal: a matter whose row was written by the code of issue 3 is shown, and goes on, as if today's had written it. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matterByNo } from '../../db/matters.ts';
import { matters } from '../../db/schema/index.ts';
import { STATE_FORMAT } from '../../workflows/machine/state.ts';
import { applyForSeal, clientOf, matterIn, nextDecision, send } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('former_state');
});
afterAll(async () => {
  await system?.stop();
});

test('a row without a format is read in the shape of today, and the next decision writes it so', async () => {
  const matter = await applyForSeal(clientOf(system));
  const { db } = system.api.context;
  const before = (await matterByNo(db, matter.no))?.state;
  // What the first format did not have, taken out of the row.
  await db.execute(sql`update matters set state = (state - '{format,urged,readers,waits,links,parent,interventions}'::text[])
      || jsonb_build_object(
        'tasks', (select jsonb_object_agg(key, value - '{seat,waiting,claimedBy,draft,addedBy}'::text[]) from jsonb_each(state->'tasks')),
        'visits', (select jsonb_object_agg(key, (value - '{groups,parent,extensions,countedFrom}'::text[])
          || jsonb_build_object('seats', jsonb_array_length(value->'seats'))) from jsonb_each(state->'visits')))
    where no = ${matter.no}`);
  const raw = async () =>
    (
      await db
        .select({ format: sql<number | null>`${matters.state}->'format'` })
        .from(matters)
        .where(eq(matters.no, matter.no))
    )[0];
  expect(await raw()).toEqual({ format: null });

  expect((await matterByNo(db, matter.no))?.state).toEqual(before);
  const after = await send(await nextDecision(system, matter));
  expect(after.status, JSON.stringify(after.body)).toBe(200);
  expect(matterIn(after).tasks.map((task) => task.step)).not.toEqual(matter.tasks.map((task) => task.step));
  expect(await raw()).toEqual({ format: STATE_FORMAT });
});
