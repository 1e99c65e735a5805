/** Every message along the chain of causes, outermost first. */
function chain(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message, ...(error.cause === undefined ? [] : chain(error.cause))];
}

/** What a person is told when Piban can't start: the message, its cause where it adds something, and the cure of a full disk. */
export function explain(error: unknown): string {
  const [first = '', ...causes] = chain(error);
  const reasons = causes.filter((cause) => cause && !first.includes(cause));
  const text = [first, ...reasons.map((reason) => `  because: ${reason}`)].join('\n');
  const full = /ENOSPC|No space left on device|database or disk is full/i.test(text);
  return `Piban can't start: ${text}${full ? '\nThe disk is full: make room, or choose another place by DATA_DIR.' : ''}`;
}

/** @throws when this Node.js is older than what the packages need, with the cure */
export function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node.js ${process.versions.node} is too old: install 20.19 or newer (https://nodejs.org)`);
}
