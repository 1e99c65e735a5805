/** Ignores SIGTERM, and has a helper in its process group; says both pids when it is up. */
import { spawn } from 'node:child_process';

process.on('SIGTERM', () => undefined);
const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
console.log(JSON.stringify({ pid: process.pid, helper: helper.pid }));
process.send?.({ ready: true });
setInterval(() => undefined, 1000);
