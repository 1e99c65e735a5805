/** The 20 control-flow and 43 resource patterns, with where each is found in an office; the tests are found by their numbers. */

/** A pattern with the definition that has it, or the reason why an office should not want it. */
export interface Pattern {
  number: number;
  name: string;
  /** What shows it: a published step, or what the small definition of its test is made of. */
  shownBy?: string;
  /** A test elsewhere, where a list or a whole system shows it: file and name. */
  elsewhere?: { file: string; test: string };
  /** Why it is left out. */
  notBecause?: string;
}

type Row = readonly [name: string, shownBy: string];

function numbered(rows: readonly Row[]): Pattern[] {
  return rows.map(([name, shownBy], at) => ({ number: at + 1, name, shownBy }));
}

/** Control flow, van der Aalst, ter Hofstede, Kiepuszewski and Barros 2003. */
export const CONTROL_FLOW: readonly Pattern[] = numbered([
  ['Sequence', 'three `approve` in a list; seal-use `unit-head` → `office`'],
  ['Parallel Split', '`parallel`; contract-review'],
  ['Synchronization', '`parallel` and what follows it'],
  ['Exclusive Choice', '`choose` by an amount; seal-use `competent`'],
  ['Simple Merge', '`choose`, then one archiving'],
  ['Multi-Choice', '`parallel` with `when` on each branch'],
  ['Structured Synchronizing Merge', '`parallel` with `when`, and what follows it'],
  ['Multi-Merge', '`forEach` whose list goes on after each report; instruction-follow-up `assignment`'],
  ['Structured Discriminator', '`parallel` with `needed: 1`; `approve` in mode `any`'],
  ['Arbitrary Cycles', 'the action `return` to any earlier step, `replay`'],
  ['Implicit Termination', 'a list that ends in a `parallel`'],
  ['Multiple Instances without Synchronization', '`link` with `waits: false`'],
  ['Multiple Instances with a priori Design-Time Knowledge', '`approve` in mode `all` by three named people'],
  ['Multiple Instances with a priori Run-Time Knowledge', '`forEach` over the units of an earlier output; instruction-follow-up'],
  ['Multiple Instances without a priori Run-Time Knowledge', 'the action `addSigners`'],
  ['Deferred Choice', '`approve` with `silence: reject`, and the command `withdraw`'],
  ['Interleaved Parallel Routing', '`parallel` with `atMost: 1`'],
  ['Milestone', '`withdrawUntil: first-decision`'],
  ['Cancel Task', 'the action `removeSigners`'],
  ['Cancel Case', 'the command `terminate` after a booking'],
]);

const DECLINES =
  'work in an office is given, not offered to somebody alone: who can’t do it hands it on or asks the administrator, so that it always has an owner';
const CAPACITY =
  'a matter held back until somebody has room is with nobody meanwhile (事事有着落): its limit would run with no one to answer for it';
const AHEAD =
  'an opinion given before those in front have spoken is no opinion on what they said; who wants to prepare keeps a draft (opinion drafts)';

/** Resources, Russell, ter Hofstede, Edmond and van der Aalst 2004. */
export const RESOURCES: readonly Pattern[] = [
  { number: 1, name: 'Direct Distribution', shownBy: 'the rule `person`' },
  { number: 2, name: 'Role-Based Distribution', shownBy: 'the rule `role`; seal-use `office`' },
  { number: 3, name: 'Deferred Distribution', shownBy: 'the rule `person` over an earlier output' },
  { number: 4, name: 'Authorization', shownBy: '`withoutDetours`; interventions of process administrators only' },
  { number: 5, name: 'Separation of Duties', shownBy: '`excluded`: who approved before' },
  { number: 6, name: 'Case Handling', shownBy: 'the rule `actorOf` at every later step' },
  { number: 7, name: 'Retain Familiar', shownBy: '`familiar`' },
  { number: 8, name: 'Capability-Based Distribution', shownBy: '`capability`' },
  { number: 9, name: 'History-Based Distribution', shownBy: '`allocate: longest-idle`' },
  { number: 10, name: 'Organisational Distribution', shownBy: 'the rules `unitHead` and `leaderInCharge`' },
  { number: 11, name: 'Automatic Execution', shownBy: '`passes`' },
  { number: 12, name: 'Distribution by Offer - Single Resource', notBecause: DECLINES },
  { number: 13, name: 'Distribution by Offer - Multiple Resources', shownBy: '`handle` in mode `any` by two people' },
  { number: 14, name: 'Distribution by Allocation - Single Resource', shownBy: '`handle` by one person' },
  { number: 15, name: 'Random Allocation', shownBy: '`allocate: random`' },
  { number: 16, name: 'Round Robin Allocation', shownBy: '`allocate: round-robin`' },
  { number: 17, name: 'Shortest Queue', shownBy: '`allocate: least-loaded`' },
  { number: 18, name: 'Early Distribution', shownBy: 'the preview of two `approve`' },
  { number: 19, name: 'Distribution on Enablement', shownBy: 'two `approve` in a list; `choose`' },
  { number: 20, name: 'Late Distribution', notBecause: CAPACITY },
  { number: 21, name: 'Resource-Initiated Allocation', shownBy: 'the action `claim`' },
  {
    number: 22,
    name: 'Resource-Initiated Execution - Allocated Work Item',
    shownBy: '`handle` by one person, taken up a day later',
  },
  {
    number: 23,
    name: 'Resource-Initiated Execution - Offered Work Item',
    shownBy: '`handle` in mode `any`, done without a claim',
  },
  {
    number: 24,
    name: 'System-Determined Work Queue Content',
    shownBy: 'what stands in a to-do list is the system’s to say',
    elsewhere: { file: 'tests/system/rights.test.ts', test: 'stands in the to-do list of its assignees only' },
  },
  {
    number: 25,
    name: 'Resource-Determined Work Queue Content',
    shownBy: 'the filters of the lists by unit, process and person',
    elsewhere: { file: 'tests/system/rights.test.ts', test: 'shows supervisors all, and each filter its part' },
  },
  { number: 26, name: 'Selection Autonomy', shownBy: 'two tasks of one person in a `parallel`' },
  { number: 27, name: 'Delegation', shownBy: 'the action `delegate`' },
  { number: 28, name: 'Escalation', shownBy: '`limit`, and the ladder after it' },
  { number: 29, name: 'Deallocation', shownBy: 'the action `release`' },
  { number: 30, name: 'Stateful Reallocation', shownBy: 'the action `transfer` with a draft' },
  { number: 31, name: 'Stateless Reallocation', shownBy: 'the command `reassign`' },
  { number: 32, name: 'Suspension-Resumption', shownBy: '`clockStopsWithApplicant`' },
  { number: 33, name: 'Skip', shownBy: 'the command `skip`' },
  { number: 34, name: 'Redo', shownBy: 'the action `takeBack`' },
  { number: 35, name: 'Pre-Do', notBecause: AHEAD },
  { number: 36, name: 'Commencement on Creation', shownBy: '`effect`' },
  { number: 37, name: 'Commencement on Allocation', shownBy: '`limit` from the opening of the task' },
  {
    number: 38,
    name: 'Piled Execution',
    shownBy: 'many tasks agreed to in one request',
    elsewhere: {
      file: 'tests/system/batch.test.ts',
      test: 'agrees to what can be agreed to; the rest fails alone, each with its own reason',
    },
  },
  { number: 39, name: 'Chained Execution', shownBy: 'two `approve` in a list' },
  { number: 40, name: 'Configurable Unallocated Work Item Visibility', shownBy: '`handle` in mode `any` by two people' },
  { number: 41, name: 'Configurable Allocated Work Item Visibility', shownBy: '`handle` by one person' },
  { number: 42, name: 'Simultaneous Execution', shownBy: 'two tasks of one person in a `parallel`' },
  { number: 43, name: 'Additional Resources', shownBy: 'the action `addSigners` before' },
];
