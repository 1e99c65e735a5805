/** `npm run patterns`: writes docs/patterns.md, the workflow patterns with the definition and the test that show each. */
import { writeFileSync } from 'node:fs';
import { patternsPage } from '../tests/proof/patterns/page.ts';

const { text, score } = patternsPage();
writeFileSync(new URL('../docs/patterns.md', import.meta.url), text);
console.log(`control flow ${score.controlFlow} of 20, resources ${score.resources} of 43: docs/patterns.md`);
