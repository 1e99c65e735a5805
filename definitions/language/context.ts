/**
 * What the pure functions of a definition may look at. Everything here was read in the transaction of the transition at hand
 * or is part of the matter's own state, so the same call gives the same answer in a replay years later.
 */
import type { WorkingCalendar } from './calendar.ts';
import type { Directory } from './directory.ts';
import type { Json, JsonObject } from './json.ts';

/** The types that a definition brings: its form, the output of each handling step by step id, and its settings. */
export interface Shape {
  form: object;
  outputs: object;
  settings: object;
}

/** The shape of a definition whose own types are not known here: what the machine sees. */
export interface AnyShape extends Shape {
  form: JsonObject;
  outputs: Record<string, JsonObject>;
  settings: Record<string, Json>;
}

/** A person with the unit they belong to. */
export interface PersonRef {
  id: string;
  name: string;
  unit: string;
}

/** One decision that was taken in a step: who, what, when, with which opinion. */
export interface Decision {
  person: string;
  name: string;
  action: string;
  at: string;
  opinion: string | null;
  /** The absent person for whom it was taken 代, and their name. */
  coverFor: string | null;
  coverForName?: string | null;
  /** The task, and the seat of the round, that it was taken in; absent in older records. */
  task?: string;
  seat?: number;
  /** True for a signer who was added 加签 or delegated to: the step's own people decide beside them. */
  added?: boolean;
}

/** What became of a matter that a linking step started. */
export interface LinkedMatter {
  processId: string;
  /** Its number; null until it has been taken on. */
  no: string | null;
  /** `asked`, `refused`, `open`, or how it ended: `completed`, `rejected`, `withdrawn`, `terminated`. */
  status: string;
  /** Why it was refused, or what its end said. */
  text: string;
  /** When it was refused or ended, as this matter was told, UTC; null before. */
  endedAt: string | null;
}

/** What a condition, a title, a limit or an assignee rule may depend on. */
export interface Context<S extends Shape = AnyShape> {
  form: S['form'];
  /** The latest output of each handling step; inside a `forEach` that of the same item. Absent until the step was completed. */
  outputs: Partial<S['outputs']>;
  /** The outputs of a step inside a `forEach`, one for each finished item, in the items' order. */
  each<K extends keyof S['outputs'] & string>(step: K): { item: string; output: S['outputs'][K] }[];
  settings: S['settings'];
  applicant: PersonRef;
  /** The unit that the matter is applied for: the applicant's own. */
  unit: string;
  /** The unit or person id of the `forEach` that the step stands in, or null. */
  item: string | null;
  /** The latest decisions of a step, empty while nobody has acted. */
  decisions(step: string): readonly Decision[];
  /** The matters that a linking step started in its latest round; empty before. */
  links(step: string): readonly LinkedMatter[];
  /** The matter's number; empty while it is being previewed or applied for. */
  no: string;
  /** When the matter was accepted, UTC. */
  startedAt: string;
  /** When something last happened to the matter, UTC: in a transition its own time, so that a limit knows when its step is opened. */
  updatedAt: string;
}

/** Facts about one uploaded file. */
export interface FileFact {
  id: string;
  name: string;
  /** Media type by content, e.g. `application/pdf`. */
  type: string;
  size: number;
}

/** What a definition wants to know of other matters before it accepts a form; answered in the same transaction. */
export type Read =
  | { kind: 'matter'; as: string; no: string }
  | {
      kind: 'similar';
      as: string;
      processId: string;
      /** A top-level form field and the value it must have. */
      field: string;
      value: string;
      /** Only matters started at or after this instant. */
      since: string;
      /** A top-level integer form field to add up, if any. */
      sum?: string;
      /** Another top-level field that must have a value too. */
      also?: { field: string; value: string };
      /** Only matters that have not ended; default all that were not refused, withdrawn or terminated. */
      openOnly?: true;
    };

/** The answer to one {@link Read}. */
export type Fact =
  | { kind: 'matter'; found: false }
  | {
      kind: 'matter';
      found: true;
      no: string;
      processId: string;
      status: string;
      title: string;
      applicant: string;
      unit: string;
      form: JsonObject;
      /** Ids of its steps that ended well in their latest round: what an open matter has come past. */
      done?: string[];
    }
  | { kind: 'similar'; count: number; sum: number; latest: string | null };

/** What the checks of a form or an output may look at besides the thing itself. */
export interface CheckContext<S extends Shape = AnyShape> {
  form: S['form'];
  settings: S['settings'];
  applicant: PersonRef;
  now: string;
  /** When the application was accepted, UTC: now while it is being made. A corrected form is measured against this, not against now. */
  appliedAt: string;
  calendar: WorkingCalendar;
  directory: Directory;
  /** The files that the form or output names, by id; one that is missing here does not exist or is not the sender's. */
  files: Readonly<Record<string, FileFact>>;
  facts: Readonly<Record<string, Fact>>;
}
