import { expect, test } from 'vitest';
import { takenText } from '../../activities/taken.ts';
import { demoUniversity } from '../../scripts/demo/university.ts';
import { demoCalendar } from '../support/machine.ts';
import { started, trip } from './vehicle-use-support.ts';

test('a vehicle that is taken is named, with until when and what is free', () => {
  const matter = started(trip('2026-03-16T09:00', '2026-03-16T11:30')).carriedTo('depart');
  const [reserved] = matter.eventsOf('EffectDone').map((event) => event.facts.effect);
  if (reserved?.kind !== 'reserve') throw new Error('Nothing was reserved');
  const morning = { from: '2026-03-16T00:30:00.000Z', to: '2026-03-16T02:00:00.000Z' };
  const afternoon = { from: '2026-03-16T06:00:00.000Z', to: '2026-03-16T09:00:00.000Z' };
  const busy = [
    { resource: 'vehicle-sedan-1', ...morning },
    { resource: 'vehicle-bus', ...morning },
    { resource: 'vehicle-van', ...afternoon },
  ];
  expect(takenText(reserved, busy, { directory: demoUniversity(), calendar: demoCalendar })).toBe(
    '该时段川A·O1001或所选驾驶员已有派车,请改派或与申请人另定时间;' +
      '1号轿车已约至2026-03-16 10:00,该时段可用:2号轿车、商务车、面包车',
  );
});
