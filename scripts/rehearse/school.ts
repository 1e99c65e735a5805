/** The school of a rehearsal: the demo university, its calendar and files, and what the machine is given of it. */
import { publishedHolidays } from '../../db/holidays.ts';
import { definitions } from '../../definitions/catalog.ts';
import { formsOf, schemaFaults } from '../../definitions/forms.ts';
import { schoolDate, type WorkingCalendar } from '../../definitions/language/calendar.ts';
import type { Fact, FileFact } from '../../definitions/language/context.ts';
import type { ProcessDefinition, RegisterSource } from '../../definitions/language/define.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { ExampleContext } from '../../definitions/language/forms.ts';
import type { Json } from '../../definitions/language/json.ts';
import { settingValues } from '../../definitions/language/settings.ts';
import { versionsInForce } from '../../workflows/machine/admin/in-force.ts';
import { contextOf } from '../../workflows/machine/context.ts';
import { dueOfStep } from '../../workflows/machine/records.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import type { World } from '../../workflows/machine/world.ts';

const holidays = publishedHolidays();

/** The demo school's calendar: published holidays, office hours 08:30–12:00 and 14:00–17:30 in Asia/Shanghai. */
export const demoCalendar: WorkingCalendar = {
  version: 1,
  offsetMinutes: 480,
  officeHours: [
    { from: '08:30', to: '12:00' },
    { from: '14:00', to: '17:30' },
  ],
  publishedYears: holidays.years,
  days: holidays.days,
};

/** Sample files that everybody may name. */
export const sampleFiles = {
  pdf: 'file-00000000-0001',
  docx: 'file-00000000-0002',
  png: 'file-00000000-0003',
} as const;

const SAMPLE_FACTS: Readonly<Record<string, FileFact>> = {
  [sampleFiles.pdf]: { id: sampleFiles.pdf, name: '样例.pdf', type: 'application/pdf', size: 12_345 },
  [sampleFiles.docx]: {
    id: sampleFiles.docx,
    name: '样例.docx',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    size: 23_456,
  },
  [sampleFiles.png]: { id: sampleFiles.png, name: '样例.png', type: 'image/png', size: 34_567 },
};

/** What a rehearsal reads of its school. */
export interface School {
  directory: Directory;
  calendar: WorkingCalendar;
  settings: Readonly<Record<string, Json>>;
  /** Files beside the samples. */
  files: readonly FileFact[];
  /** Answers to the definition's reads, by their `as`; a read without an answer finds nothing. */
  facts: Readonly<Record<string, Fact>>;
}

/** What differs from the demo school in one rehearsal. */
export type SchoolChanges = Partial<School>;

/** What the machine is given at a time. */
export function worldOf(definition: ProcessDefinition, now: string, school: School): World {
  const forms = formsOf(definition);
  const outputs = Object.entries(forms.outputs).map(([step, schema]) => {
    return [step, (value: Json) => schemaFaults(schema, '/output', value)] as const;
  });
  return {
    now,
    directory: school.directory,
    calendar: school.calendar,
    settings: school.settings,
    no: `${definition.numberPrefix}-${schoolDate(school.calendar, now).slice(0, 4)}-0001`,
    files: { ...SAMPLE_FACTS, ...Object.fromEntries(school.files.map((file) => [file.id, file])) },
    facts: school.facts,
    // The version at hand takes applications, whatever versions the catalog has.
    inForce: {
      ...versionsInForce(definitions, schoolDate(school.calendar, now)),
      [definition.id]: { version: definition.version, since: null },
    },
    schemas: { form: (value) => schemaFaults(forms.form, '/form', value), outputs: Object.fromEntries(outputs) },
  };
}

/** What an example is made from at a time; everything in the school is free. */
export function exampleContextOf(definition: ProcessDefinition, now: string, school: School, serial: number): ExampleContext {
  return {
    now,
    calendar: school.calendar,
    directory: school.directory,
    settings: settingValues(definition.settings, school.settings),
    files: { pdf: sampleFiles.pdf, docx: sampleFiles.docx },
    free: (kind) =>
      Object.values(school.directory.resources)
        .filter((one) => one.kind === kind && one.active)
        .map((one) => one.id),
    serial,
  };
}

/** A matter's row in the register of its process, by column key. */
export function registerRowOf(definition: ProcessDefinition, matter: Matter, directory: Directory): Record<string, Json> {
  const source: RegisterSource = {
    ...contextOf(definition, matter),
    no: matter.no,
    title: matter.title,
    applicantUnitName: matter.unitName,
    status: matter.ending?.code ?? (matter.suspensions.some((stop) => stop.to === null) ? 'suspended' : 'open'),
    outcome: matter.ending?.text ?? null,
    endedAt: matter.ending?.at ?? null,
    dueAt: matter.due.dueAt,
    effectAt: (step) => matter.effects[step]?.at ?? null,
    dueOf: (step) => dueOfStep(matter, step),
    nameOf: (id) => directory.people[id]?.name ?? directory.units[id]?.name ?? directory.resources[id]?.name ?? id,
  };
  return Object.fromEntries(definition.register.map((column) => [column.key, column.value(source)]));
}
