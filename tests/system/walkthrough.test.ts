/** Goal: what docs/walkthrough.md says works. Its own blocks are run in bash against the real system. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem('walkthrough');
  await system.api.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await system?.stop();
});

function bash(script: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail'], { env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (part) => {
      output += part;
    });
    child.stderr.on('data', (part) => {
      output += part;
    });
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(script);
  });
}

test('the walkthrough carries both matters to their registers', async () => {
  const text = readFileSync(new URL('../../docs/walkthrough.md', import.meta.url), 'utf8');
  const script = [...text.matchAll(/```bash\n([\s\S]*?)```/g)].map((found) => found[1]).join('\n');
  const { port } = system.api.api.server.address() as AddressInfo;
  const { code, output } = await bash(script, { PORT: String(port) });
  expect(code, output).toBe(0);
  expect(output).toMatch(/YYSQ-\d{4}-0001 open/);
  expect(output).toContain('/form/copies');
  expect(output.match(/办结/g)?.length ?? 0, output).toBeGreaterThanOrEqual(2);
  expect(output).toMatch(/"no":"PSDB-\d{4}-0001"/);
});
