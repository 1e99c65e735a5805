import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { requireFolder, requireSpace } from '../../scripts/servers/disk.ts';
import { explain } from '../../scripts/servers/explain.ts';
import { becomeFree, freePorts, isPortFree } from '../../scripts/servers/ports.ts';
import { checkDatabase, requirePort } from '../../scripts/servers/prepare.ts';
import { findTemporal } from '../../scripts/servers/temporal-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'piban-preconditions-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** Puts a program of that name, which does nothing but say something, before all others; or alone. */
function onPath(name: string, words: string): void {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(bin, name), `#!/bin/sh\necho '${words}'\n`);
  chmodSync(join(bin, name), 0o755);
  vi.stubEnv('PATH', bin);
}
const options = () => ({ cacheDir: mkdtempSync(join(folder, 'cache-')), report: () => undefined });

describe('ports', () => {
  test('a taken port is told with the cure, a free one is not', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await isPortFree(port)).toBe(false);
    await expect(requirePort('127.0.0.1', port)).rejects.toThrow(`PORT=${port + 1} npm start`);
    // Freed while somebody waits for it.
    const waiting = becomeFree([port]);
    server.close();
    expect(await waiting).toBe(true);
    await expect(requirePort('127.0.0.1', port)).resolves.toBeUndefined();
  });

  test('free ports are all different, free, and below those of outgoing connections', async () => {
    const ports = await freePorts(8);
    expect(new Set(ports).size).toBe(8);
    expect(ports.every((port) => port >= 20_000 && port < 32_000)).toBe(true);
  });
});

describe('the disk', () => {
  test('too little room is told with what is free, what is wanted and what for', () => {
    expect(() => requireSpace(folder, 1e12, 'a start')).toThrow(/\d+ MB free, and a start wants 1000000000000 MB; make room/);
    expect(() => requireSpace(folder, 1, 'a start')).not.toThrow();
  });

  test('a data folder that can not be made is told with the cure', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => requireFolder(join(folder, 'file', 'data'))).toThrow(/can't be used.*ENOTDIR.*choose another by DATA_DIR/);
  });

  test('a disk that fills up later is told by its name, wherever the message comes from', () => {
    const error = new Error('PostgreSQL did not start; its last words were:\nFATAL: could not write: No space left on device');
    expect(explain(error)).toMatch(/The disk is full: make room/);
    expect(explain(new Error('other', { cause: new Error('ENOSPC: no space left') }))).toMatch(/because: ENOSPC.*\n.*make room/);
  });
});

test('a database that can not be reached is told with its place and without its password', async () => {
  const [port] = await freePorts(1);
  const failure = checkDatabase(`postgres://piban:geheim@127.0.0.1:${port}/piban`);
  await expect(failure).rejects.toThrow(`The database piban at 127.0.0.1:${port} can't be used: check DATABASE_URL`);
  await expect(failure).rejects.not.toThrow('geheim');
});

describe('a Temporal server', () => {
  test('on the PATH is taken when it is recent', async () => {
    onPath('temporal', 'temporal version 1.7.2 (Server 1.31.1, UI 2.50.0)');
    expect(await findTemporal(options())).toMatchObject({ kind: 'cli', path: expect.stringMatching(/temporal$/) });
  });

  test.each(['temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)', 'something else'])(
    'on the PATH is passed over when it says "%s"',
    async (words) => {
      onPath('temporal', words);
      // The next in line is the official download; given up before it begins, so that nothing is fetched here.
      await expect(findTemporal({ ...options(), signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    },
  );

  test('can not be built without Go, which is told with the cure', async () => {
    vi.stubEnv('PATH', folder);
    await expect(findTemporal({ ...options(), stockOnly: true })).rejects.toThrow(
      /no Go toolchain.*install Go 1\.26\.8.*TEMPORAL_ADDRESS/,
    );
  });

  test('can not be built by a Go that is too old, which is told with the cure', async () => {
    onPath('go', 'go version go1.18.1 linux/amd64');
    await expect(findTemporal({ ...options(), stockOnly: true })).rejects.toThrow(/too old.*go1\.18\.1.*install Go 1\.26\.8/);
  });
});
