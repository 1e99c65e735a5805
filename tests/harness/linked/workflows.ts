/** The workflow for the test's own processes, in runs so short that a test sees many of them. */
import { createOfficeProcess } from '../../../workflows/office-process.ts';

const workflow = createOfficeProcess({ eventsPerRun: 120 });
// A default export is how a bundle names the workflow of every type.
export default workflow;
