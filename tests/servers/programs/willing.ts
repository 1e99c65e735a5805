/** Serves until SIGTERM, then ends in order; says its pid when it is up. */
const idle = setInterval(() => undefined, 1000);
process.on('SIGTERM', () => {
  console.log('going');
  clearInterval(idle);
  process.disconnect?.();
});
console.log(JSON.stringify({ pid: process.pid, level: 'info', msg: 'up' }));
process.send?.({ ready: true });
