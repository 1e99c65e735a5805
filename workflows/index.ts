/** What the worker bundles: one dynamic workflow for every process, and the office's day. */
export { officeDay } from './office-day.ts';
export { default } from './office-process.ts';
