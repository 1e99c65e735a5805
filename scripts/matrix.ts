/** `npm run matrix`: plays every pair of actions in every mode and place, and writes docs/pass-matrix.md. Ends with 1 when a promise breaks. */
import { writeFileSync } from 'node:fs';
import { matrixPage } from '../tests/proof/matrix/page.ts';

const { text, pairs, done } = matrixPage();
writeFileSync(new URL('../docs/pass-matrix.md', import.meta.url), text);
console.log(`${pairs} pairs played, ${done} done, ${pairs - done} refused: docs/pass-matrix.md`);
