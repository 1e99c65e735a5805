/** All tables. */
export * from './directory.ts';
export * from './matters.ts';
export * from './records.ts';
