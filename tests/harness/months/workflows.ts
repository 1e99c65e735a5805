/** The workflow for the month's process, in runs so short that each matter goes through several. */
import { createOfficeProcess } from '../../../workflows/office-process.ts';

const workflow = createOfficeProcess({ eventsPerRun: 150 });
// A default export is how a bundle names the workflow of every type.
export default workflow;
