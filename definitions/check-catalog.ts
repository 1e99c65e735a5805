/** Checks of definitions together with their forms. Apart from the language because forms hold zod schemas. */
import { checkDefinitions, type Finding } from './language/check.ts';
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
  return findings;
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
    ...strays.map((process) => ({
      process,
      place: 'forms',
      rule: 'Forms belong to a definition of the catalog',
      cure: 'Add the definition to definitions/catalog.ts, or take the line out of definitions/forms.ts',
    })),
  ];
}
