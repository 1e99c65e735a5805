import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, loadStartConfig, settings } from '../../runtime/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'piban-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const servers = { DATABASE_URL: 'postgres://piban:geheim@db:5432/piban', TEMPORAL_ADDRESS: 'temporal:7233' };
const base = { ...servers, DATA_DIR: folder };

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

describe('the configuration', () => {
  test('needs nothing but the servers, and has a sound value for the rest', () => {
    expect(loadConfig(base)).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 8080,
      dataDir: folder,
      databaseUrl: servers.DATABASE_URL,
      temporal: { address: 'temporal:7233', namespace: 'piban', tls: false },
      taskQueue: 'piban',
      logLevel: 'info',
      demoSignIn: true,
      limits: { uploadBytes: 20 * 1024 * 1024, bodyBytes: 1024 * 1024 },
    });
  });

  test('leaves the servers open for a start, which brings up its own', () => {
    const config = loadStartConfig({ DATA_DIR: folder });
    expect(config.databaseUrl).toBeUndefined();
    expect(config.temporal.address).toBeUndefined();
  });

  test('tells every fault at once, with the name and the rule of each', () => {
    const faults = faultsOf({ ...base, PORT: '80o0', LOG_LEVEL: 'loud', TEMPORAL_ADDRESS: 'https://x', SESSION_SECRET: 'short' });
    expect(faults).toHaveLength(4);
    expect(faults.join('\n')).toMatch(/PORT=80o0: must be a whole number from 0 to 65535/);
    expect(faults.join('\n')).toMatch(/LOG_LEVEL=loud: must be trace, debug, info/);
    expect(faults.join('\n')).toMatch(/TEMPORAL_ADDRESS=https:\/\/x: must be host:port without a scheme/);
    expect(faults.join('\n')).toMatch(/SESSION_SECRET: must be at least 32 characters/);
  });

  test('never repeats a secret in a message', () => {
    expect(faultsOf({ ...base, SESSION_SECRET: 'short', DATABASE_URL: 'mysql://me:geheim@db/x' }).join()).not.toMatch(
      /short|geheim/,
    );
  });

  test('tells a service which servers it lacks', () => {
    expect(faultsOf({ DATA_DIR: folder, DATABASE_URL: ' ' }).map((fault) => fault.split(':')[0])).toEqual([
      'DATABASE_URL',
      'TEMPORAL_ADDRESS',
    ]);
  });

  test('takes an empty value for none', () => {
    expect(loadConfig({ ...base, PORT: '', TEMPORAL_API_KEY: '' })).toMatchObject({ port: 8080, temporal: { tls: false } });
  });

  test('refuses the demo sign-in in production, and a production without a secret, even beside other faults', () => {
    const faults = faultsOf({ ...base, NODE_ENV: 'production', DEMO_SIGN_IN: 'true', PORT: 'x' });
    expect(faults.map((fault) => fault.split(/[:=]/)[0])).toEqual(['PORT', 'DEMO_SIGN_IN', 'SESSION_SECRET']);
  });

  test('has no demo sign-in in production unless it is asked for', () => {
    const secret = 'a'.repeat(32);
    expect(loadConfig({ ...base, NODE_ENV: 'production', SESSION_SECRET: secret }).demoSignIn).toBe(false);
  });

  test('uses TLS with an API key, and refuses the key without TLS', () => {
    expect(loadConfig({ ...base, TEMPORAL_API_KEY: 'key' }).temporal).toMatchObject({ tls: true, apiKey: 'key' });
    expect(faultsOf({ ...base, TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'false' })).toHaveLength(1);
  });

  test('wants a certificate and its key together, and files that exist', () => {
    const faults = faultsOf({ ...base, TEMPORAL_TLS_CERT: '/nowhere.pem' });
    expect(faults.join('\n')).toMatch(/given together/);
    expect(faults.join('\n')).toMatch(/TEMPORAL_TLS_CERT=\/nowhere.pem: there is no such file/);
  });

  test('makes a secret once, keeps it from other people and finds it again', () => {
    const first = loadConfig(base).session.secret;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(loadConfig(base).session.secret).toBe(first);
    expect(statSync(join(folder, 'session-secret')).mode & 0o077).toBe(0);
  });

  test('tells nobody by e-mail unless it knows a mail server and a sender, and never shows its password', () => {
    expect(loadConfig(base).notices).toEqual({
      publicUrl: 'http://127.0.0.1:8080',
      webhooksInside: false,
      tries: 20,
      retrySeconds: 10,
      keepDays: 180,
    });
    const mail = { SMTP_URL: 'smtp://oa:geheim@mail:587', MAIL_FROM: '批办 <oa@example.edu.cn>' };
    expect(loadConfig({ ...base, ...mail }).notices.mail).toEqual({ url: mail.SMTP_URL, from: mail.MAIL_FROM });
    expect(faultsOf({ ...base, SMTP_URL: mail.SMTP_URL }).join()).toMatch(/SMTP_URL, MAIL_FROM.*together/);
    expect(faultsOf({ ...base, ...mail, SMTP_URL: 'http://oa:geheim@mail' }).join()).toMatch(/^SMTP_URL: must be like smtp/);
    expect(faultsOf({ ...base, ...mail, MAIL_FROM: 'a@b\r\nBcc: c@d' })[0]).toMatch(/^MAIL_FROM/);
  });

  test('begins links where people open the console', () => {
    expect(loadConfig({ ...base, HOST: '0.0.0.0', PORT: '9000' }).notices.publicUrl).toBe('http://localhost:9000');
    expect(loadConfig({ ...base, PUBLIC_URL: 'https://oa.example.edu.cn' }).notices.publicUrl).toBe('https://oa.example.edu.cn');
  });

  test.each([
    ['1048576', 1_048_576],
    ['512kb', 524_288],
    ['3MB', 3_145_728],
  ])('reads the size %s', (text, bytes) => {
    expect(loadConfig({ ...base, UPLOAD_LIMIT: text }).limits.uploadBytes).toBe(bytes);
  });
});

test('.env.example documents every setting there is, and the value that counts without it', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const entries = [...text.matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)].map(([, off, name, value]) => [name, off ? undefined : value]);
  const known = Object.entries(settings).map(([name, setting]) => [name, 'fallback' in setting ? setting.fallback : undefined]);
  expect(entries.toSorted()).toEqual(known.toSorted());
});

test('no process but the configuration reads the environment', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folders = ['api', 'workers', 'activities', 'db', 'workflows', 'definitions', 'runtime'];
  const files = folders.flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
  );
  const readers = files.filter((path) => path.endsWith('.ts') && readFileSync(join(root, path), 'utf8').includes('process.env'));
  expect(readers).toEqual([join('runtime', 'config.ts')]);
});
