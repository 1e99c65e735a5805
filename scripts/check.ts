/** `npm run check`: what types can't see in the published definitions, each with its place and cure. Ends with 1 when there is any. */
import { definitions } from '../definitions/catalog.ts';
import { checkCatalog } from '../definitions/check-catalog.ts';
import { formCatalog } from '../definitions/forms.ts';

const findings = checkCatalog(definitions, formCatalog);
for (const { process: id, place, rule, cure } of findings) console.error(`${id} ${place}\n  ${rule}.\n  Cure: ${cure}.`);
if (findings.length === 0) console.log(`${definitions.length} definitions, nothing to mend`);
else process.exitCode = 1;
