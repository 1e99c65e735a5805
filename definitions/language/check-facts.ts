/** The checker's part on everything about a process but its steps: guide, limits, settings, register. */
import type { Note } from './check.ts';
import { checkLimit } from './check-steps.ts';
import { isRealDay } from './civil-date.ts';
import type { ProcessDefinition } from './define.ts';

const PROCESS_ID = /^[a-z][a-z0-9-]{1,39}$/;
const NUMBER_PREFIX = /^[A-Z]{2,8}$/;

/** Notes what is wrong with the facts of a definition. */
export function checkFacts(definition: ProcessDefinition, note: Note): void {
  if (!PROCESS_ID.test(definition.id))
    note('id', `The process id "${definition.id}" is not kebab case`, 'Use a-z, 0-9 and hyphens');
  if (!Number.isInteger(definition.version) || definition.version < 1) {
    note('version', `The version ${definition.version} is no whole number from 1`, 'Count versions 1, 2, 3');
  }
  if (!NUMBER_PREFIX.test(definition.numberPrefix)) {
    note('numberPrefix', `The number prefix "${definition.numberPrefix}" is not two to eight capitals`, 'Write for example YYSQ');
  }
  checkGuide(definition, note);
  checkLimits(definition, note);
  checkRules(definition, note);
  checkSettings(definition, note);
  checkRegister(definition, note);
}

function checkGuide(definition: ProcessDefinition, note: Note): void {
  const texts = ['name', 'category', 'audience', 'contact'] as const;
  for (const field of texts) {
    if (definition[field].trim() === '')
      note(field, `The guide needs its ${field} (source 004)`, 'Write it in Chinese for applicants');
  }
  if (definition.basis.length === 0 || definition.basis.some((one) => one.trim() === '')) {
    note('basis', 'A process rests on at least one rule, and each is named (source 004)', 'Name document and article');
  }
  if (definition.materials.length === 0) {
    note(
      'materials',
      'The guide tells all materials at once (一次性告知, source 004)',
      'List them; where none is needed, say so in one entry',
    );
  }
  definition.materials.forEach((material, at) => {
    if (material.name.trim() === '' || material.note.trim() === '') {
      note(`materials[${at}]`, 'Each material has a name and says what it must look like', 'Fill in name and note');
    }
  });
  if (definition.applicants !== 'anyone' && definition.applicants.length === 0) {
    note('applicants', 'Nobody may apply', "Name roles, or write applicants: 'anyone'");
  }
  if (definition.archive.class.trim() === '' || definition.archive.basis.trim() === '') {
    note('archive', 'The archive class and the basis of its retention are named', 'Name the class and the rule');
  }
}

function checkLimits(definition: ProcessDefinition, note: Note): void {
  const { limit, correctionLimit, statutoryLimit } = definition;
  checkLimit(limit, 'limit', 'A process without a total limit is not published (source 004)', 'limit', note);
  checkLimit(correctionLimit, 'limit', 'The applicant is told how long a correction may take', 'correctionLimit', note);
  if (statutoryLimit !== undefined) checkLimit(statutoryLimit, 'limit', '', 'statutoryLimit', note);
}

/** When the version takes applications, and how often and until when the applicant may correct them. */
function checkRules({ effectiveFrom, correctionsMax, whenNotCorrected, withdrawUntil }: ProcessDefinition, note: Note): void {
  if (effectiveFrom !== undefined && !isRealDay(effectiveFrom)) {
    note(
      'effectiveFrom',
      `"${effectiveFrom}" is no real day`,
      "Write the first day on which it takes applications, '2026-10-01'",
    );
  }
  if (correctionsMax !== undefined && !(Number.isInteger(correctionsMax) && correctionsMax >= 1)) {
    note(
      'correctionsMax',
      `${correctionsMax} is no whole number from 1`,
      'Write how often a matter may be laid back, 1 for 补正一次',
    );
  }
  // A definition may come from untyped code, where a word can be any.
  const words: readonly [string, unknown, readonly string[]][] = [
    ['whenNotCorrected', whenNotCorrected, ['remind', 'abandon']],
    // A step is looked for where the steps are known.
    ['withdrawUntil', typeof withdrawUntil === 'object' ? undefined : withdrawUntil, ['first-decision', 'end']],
  ];
  for (const [field, word, known] of words) {
    if (word !== undefined && !known.includes(String(word)))
      note(field, `"${String(word)}" is unknown`, `Write ${known.map((one) => `'${one}'`).join(' or ')}`);
  }
}

function checkSettings(definition: ProcessDefinition, note: Note): void {
  for (const [key, { title, basis }] of Object.entries(definition.settings)) {
    if (title.trim() === '') note(`settings.${key}`, 'A setting has a title for people', 'Write in Chinese what it is');
    if (basis.trim() === '')
      note(`settings.${key}`, 'A setting says what its default rests on', 'Name document and article, or 惯例 [C]');
  }
}

function checkRegister(definition: ProcessDefinition, note: Note): void {
  if (definition.register.length === 0)
    note('register', 'Each process keeps a register 台账', 'Add its columns, the number first');
  const keys = new Set<string>();
  definition.register.forEach(({ key, title }, at) => {
    const place = `register[${at}]`;
    if (keys.has(key)) note(place, `The register has two columns "${key}"`, 'Give each column a key of its own');
    keys.add(key);
    if (key.trim() === '' || title.trim() === '') note(place, 'A register column has a key and a title', 'Fill in both');
  });
}
