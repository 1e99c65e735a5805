import { expect, test } from 'vitest';
import { createLogger } from '../../runtime/log.ts';

function logged(logLevel: 'info' | 'warn', write: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger({ logLevel }, 'api', { write: (line: string) => void lines.push(line) }));
  return lines;
}

test('an event is one JSON line with its time in UTC, its level, its service and its fields', () => {
  const lines = logged('info', (logger) => logger.info({ requestId: 'r1', matter: '2026-0001' }, 'a\nb'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  const event = JSON.parse(lines[0]!);
  expect(event).toMatchObject({ level: 'info', service: 'api', requestId: 'r1', matter: '2026-0001', msg: 'a\nb' });
  expect(event.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('secrets under their usual names are hidden', () => {
  const lines = logged('info', (logger) =>
    logger.info({
      token: 'geheim1',
      session: { secret: 'geheim2' },
      temporal: { apiKey: 'geheim3' },
      databaseUrl: 'postgres://geheim4',
      req: { method: 'GET', headers: { authorization: 'Bearer geheim5', cookie: 'geheim6' } },
      env: { SESSION_SECRET: 'geheim7' },
    }),
  );
  expect(lines.join()).not.toMatch(/geheim/);
  expect(lines.join().match(/\[redacted\]/g)).toHaveLength(7);
});

test('what is below the level is not written', () => {
  expect(
    logged('warn', (logger) => {
      logger.info('quiet');
      logger.warn('loud');
    }).map((line) => JSON.parse(line).msg),
  ).toEqual(['loud']);
});
