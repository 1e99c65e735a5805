/** What the worker bundles: one dynamic workflow for every process. */
export { default } from './office-process.ts';
