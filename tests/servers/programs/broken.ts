/** Ends before it serves. */
console.error('no luck');
process.exit(3);
