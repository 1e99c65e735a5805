/** Reads `events.jsonl` of a package line by line, hashes the chain anew, and keeps what the rest of the package is held against. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { canonicalize } from '../../db/canonical.ts';
import { CHAIN_START, hashOf } from '../../db/events.ts';
import { fileIdsIn } from '../../db/files.ts';
import type { Retention } from '../../definitions/language/effect.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { OPINION_EVENTS, type OpinionRecord, opinionsOf } from '../../workflows/machine/telling/opinions.ts';
import { eventLine } from './format.ts';

/** What the record says of its matter. */
export interface RecordFacts {
  matterId: string;
  no: string;
  process: string;
  version: number;
  title: string;
  applicant: { id: string; name: string };
  unit: string;
  startedAt: string;
  class: string | null;
  retention: Retention | null;
  archivedAt: string | null;
  ending: { code: string; text: string; at: string } | null;
  form: JsonObject;
  attachments: string[];
  parent: string | null;
}

/** The record of a matter, gone through once. */
export interface ReadRecord {
  count: number;
  head: string;
  facts: RecordFacts | null;
  opinions: OpinionRecord[];
  /** The first event that names each file. */
  named: ReadonlyMap<string, number>;
  /** Files that were attached; they were checked when they were, so they belong to the matter. */
  attached: ReadonlySet<string>;
}

/** Goes through the events of a matter in their order. */
export class RecordReader {
  #count = 0;
  #head = CHAIN_START;
  #facts: RecordFacts | null = null;
  readonly #opinionEvents: MatterEvent[] = [];
  readonly #named = new Map<string, number>();
  readonly #attached = new Set<string>();

  /** Takes in the next event, whose hash was looked at. */
  add(matterId: string, event: MatterEvent, hash: string): void {
    this.#count += 1;
    this.#head = hash;
    for (const id of fileIdsIn(event.facts)) if (!this.#named.has(id)) this.#named.set(id, event.sequence);
    for (const id of attachmentsOf(event)) this.#attached.add(id);
    if (OPINION_EVENTS.some((type) => type === event.type)) this.#opinionEvents.push(event);
    this.#facts = event.type === 'MatterStarted' ? begun(matterId, event) : this.#facts;
    if (this.#facts !== null) note(this.#facts, event);
  }

  /** What was read so far. */
  get record(): ReadRecord {
    return {
      count: this.#count,
      head: this.#head,
      facts: this.#facts,
      opinions: opinionsOf(this.#opinionEvents),
      named: this.#named,
      attached: this.#attached,
    };
  }
}

function attachmentsOf(event: MatterEvent): readonly string[] {
  switch (event.type) {
    case 'MatterStarted':
    case 'TaskActed':
    case 'FormCorrected':
    case 'ProgressReported':
    case 'Supplemented':
      return event.facts.attachments;
    default:
      return [];
  }
}

function begun(matterId: string, { at, facts }: Extract<MatterEvent, { type: 'MatterStarted' }>): RecordFacts {
  const { no, processId, version, title, applicant, form, attachments, parent } = facts;
  return {
    matterId,
    no,
    process: processId,
    version,
    title,
    applicant: { id: applicant.id, name: applicant.name },
    unit: applicant.unit,
    startedAt: at,
    class: null,
    retention: null,
    archivedAt: null,
    ending: null,
    form,
    attachments,
    parent: parent?.no ?? null,
  };
}

function note(facts: RecordFacts, { type, at, facts: said }: MatterEvent): void {
  switch (type) {
    case 'FormCorrected':
      facts.form = said.form;
      facts.attachments = said.attachments;
      facts.title = said.title;
      return;
    case 'VersionMoved':
      facts.version = said.to;
      return;
    case 'EffectDone':
      if (said.effect.kind !== 'archive') return;
      facts.class = said.effect.class;
      facts.retention = said.effect.retention;
      facts.archivedAt = at;
      return;
    case 'MatterEnded':
      facts.ending = { code: said.code, text: said.text, at };
      return;
    default:
      return;
  }
}

/** Where a chain in a package breaks, and how. */
export interface ChainBreak {
  /** Line of `events.jsonl`, from 1. */
  line: number;
  reason: string;
}

/** Reads the events of a package. @returns the record as far as it is whole, with its first break. */
export async function readEvents(stream: Readable): Promise<{ record: ReadRecord; broken: ChainBreak | null }> {
  const reader = new RecordReader();
  let line = 0;
  let head = CHAIN_START;
  let matterId: string | null = null;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const read = eventIn(text);
    if (read === null) return { record: reader.record, broken: { line, reason: 'the line is no event' } };
    const reason = breakOf(read, text, { sequence: line, head, matterId });
    if (reason !== null) return { record: reader.record, broken: { line, reason } };
    reader.add(read.matterId, read.event, read.hash);
    head = read.hash;
    matterId = read.matterId;
  }
  return { record: reader.record, broken: line === 0 ? { line: 1, reason: 'there is no event' } : null };
}

interface EventLine {
  matterId: string;
  event: MatterEvent;
  previousHash: string;
  hash: string;
}

/** The event on a line, or null where there is none. Its shape is vouched for by its hash, which is looked at next. */
function eventIn(text: string): EventLine | null {
  try {
    const { matterId, previousHash, hash, ...event } = JSON.parse(text);
    const whole = [matterId, previousHash, hash, event.type].every((one) => typeof one === 'string');
    return whole && typeof event.facts === 'object' && event.facts !== null ? { matterId, event, previousHash, hash } : null;
  } catch {
    return null;
  }
}

function breakOf(
  { matterId, event, previousHash, hash }: EventLine,
  text: string,
  expected: { sequence: number; head: string; matterId: string | null },
): string | null {
  if (event.sequence !== expected.sequence)
    return `event ${expected.sequence} is missing: event ${event.sequence} stands in its place`;
  if (expected.matterId !== null && matterId !== expected.matterId) return 'the event is of another matter';
  if (previousHash !== expected.head) return 'the event is not chained to the one before';
  if (hash !== hashOf(previousHash, matterId, event)) return 'the event is not what was written';
  // One way to write it only, so that nothing can be added between its lines.
  if (`${text}\n` !== eventLine(matterId, event, previousHash, hash)) return 'the line is not in canonical form (RFC 8785)';
  return null;
}

/** Whether two JSON values say the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalize(a) === canonicalize(b);
}
