/** Checks of definitions together with their forms. Apart from the language because forms hold zod schemas. */
import { fieldsOf } from './forms.ts';
import { checkDefinitions, type Finding } from './language/check.ts';
import { namedTargets } from './language/check-blocks.ts';
import { placesIn } from './language/check-places.ts';
import type { ProcessDefinition } from './language/define.ts';
import type { ProcessForms } from './language/forms.ts';

/** Everything that is wrong with one definition's forms: each handling step has its output form and an example of it. */
export function checkForms(definition: ProcessDefinition, forms: ProcessForms | undefined): Finding[] {
  const process = `${definition.id}@${definition.version}`;
  const findings: Finding[] = [];
  const note = (place: string, rule: string, cure: string): void => {
    findings.push({ process, place, rule, cure });
  };
  if (forms === undefined) {
    note('forms', 'The process has no forms', 'Add its line to definitions/forms.ts');
    return findings;
  }
  const handling = placesIn(definition.steps).filter(({ step }) => step.kind === 'handle');
  for (const { step, path } of handling) {
    if (forms.outputs[step.id] === undefined)
      note(path, 'A handling step has an output form', `Add outputs.${step.id} to form.ts`);
    if (forms.outputExamples[step.id] === undefined) {
      note(path, 'A handling step has an example of its output', `Add outputExamples.${step.id} to form.ts`);
    }
  }
  const ids = new Set(handling.map(({ step }) => step.id));
  for (const id of new Set([...Object.keys(forms.outputs), ...Object.keys(forms.outputExamples)])) {
    if (!ids.has(id)) note(`outputs.${id}`, 'An output form belongs to a handling step', 'Take it out, or add the step');
  }
  const fields = fieldsOf(forms.form);
  for (const field of definition.harmlessFields ?? []) {
    if (fields.includes(field)) continue;
    note('harmlessFields', `harmlessFields names "${field}", which is no field of the form`, `Name some of ${fields.join(', ')}`);
  }
  return findings;
}

/** Linked matters whose process is in no catalog. What a link's function reckons is known only when it runs. */
function checkLinks(definition: ProcessDefinition, ids: ReadonlySet<string>): Finding[] {
  return placesIn(definition.steps).flatMap(({ step, path }) => {
    const unknown = step.kind === 'link' ? namedTargets(step).filter((id) => !ids.has(id)) : [];
    return unknown.map((id) => ({
      process: `${definition.id}@${definition.version}`,
      place: path,
      rule: `The link starts "${id}", which is in no catalog`,
      cure: `Name one of ${[...ids].join(', ')}`,
    }));
  });
}

/** Everything that is wrong with a catalog and its forms. */
export function checkCatalog(
  definitions: readonly ProcessDefinition[],
  forms: Readonly<Record<string, ProcessForms>>,
): Finding[] {
  const keys = new Set(definitions.map((one) => `${one.id}@${one.version}`));
  const strays = Object.keys(forms).filter((key) => !keys.has(key));
  return [
    ...checkDefinitions(definitions),
    ...definitions.flatMap((one) => checkForms(one, forms[`${one.id}@${one.version}`])),
    ...definitions.flatMap((one) => checkLinks(one, new Set(definitions.map(({ id }) => id)))),
    ...strays.map((process) => ({
      process,
      place: 'forms',
      rule: 'Forms belong to a definition of the catalog',
      cure: 'Add the definition to definitions/catalog.ts, or take the line out of definitions/forms.ts',
    })),
  ];
}
