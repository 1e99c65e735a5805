/** The workflow for the month's process, in runs so short that each matter goes through several. */
import { createOfficeProcess } from '../../../workflows/office-process.ts';
import { findMonth } from './processes.ts';

const workflow = createOfficeProcess({ findDefinition: findMonth, eventsPerRun: 150 });
// A default export is how a bundle names the workflow of every type.
export default workflow;
