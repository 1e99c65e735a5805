/** The school of a rehearsal, for tests: the same that `npm run rehearse` plays in. */
export * from '../../scripts/rehearse/school.ts';
