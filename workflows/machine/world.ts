/** What was read for one transition. The machine reads nothing itself, so the same world gives the same decision. */
import type { WorkingCalendar } from '../../definitions/language/calendar.ts';
import type { Fact, FileFact } from '../../definitions/language/context.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { Json } from '../../definitions/language/json.ts';
import type { VersionsInForce } from './admin/in-force.ts';
import type { MoveTarget } from './admin/move.ts';
import type { SchemaCheck } from './commands.ts';
import type { Load } from './people/allocate.ts';

/** Schema checks of the form and of each output by step id. */
export interface Schemas {
  form: SchemaCheck;
  outputs: Readonly<Record<string, SchemaCheck>>;
}

/** Everything that one decision may look at beside the matter. Plain JSON but for the schema checks. */
export interface World {
  /** The workflow's time, UTC. */
  now: string;
  directory: Directory;
  calendar: WorkingCalendar;
  /** The school's overrides for this process; used at the start only. */
  settings: Readonly<Record<string, Json>>;
  /** The number that the matter gets when it starts; empty in a preview. */
  no: string;
  /** Files that the command names and its sender may use. */
  files: Readonly<Record<string, FileFact>>;
  /** Answers to the definition's `reads`. */
  facts: Readonly<Record<string, Fact>>;
  /** Schema checks of the form and of each output by step id. */
  schemas: Schemas;
  /** The version of each process that takes applications now; one that is absent here can't be started by a link. */
  inForce?: VersionsInForce;
  /** How much each person has to do; read only where the definition allocates, and as if nobody had anything where absent. */
  workload?: Readonly<Record<string, Load>>;
  /** Where a `move` goes, with the matter's kept events; read for that command only. */
  moving?: MoveTarget;
}
