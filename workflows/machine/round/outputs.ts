/** The outputs of a handling step: one for each of several handlers, and whether a later round changed them. */
import type { Json, JsonObject } from '../../../definitions/language/json.ts';
import { latestRound } from '../fold/evolve-round.ts';
import type { Matter, StepKey } from '../state.ts';
import { plainKey } from '../tree.ts';

/** The output of each who handled a step in its latest round, in the order of their seats; empty when it was set aside. */
export function outputsBySeat(matter: Matter, key: StepKey): { item: string; output: JsonObject }[] {
  const plain = plainKey(key);
  const visit = latestRound(matter, plain);
  if (visit === undefined || visit.kind !== 'handle' || matter.visits[plain]?.superseded === true) return [];
  const alone = matter.outputs[plain];
  if (visit.mode === 'any') {
    const last = visit.decisions.findLast((decision) => decision.action === 'complete' && decision.added !== true);
    return alone === undefined || last === undefined ? [] : [{ item: last.coverFor ?? last.person, output: alone }];
  }
  return visit.seats.flatMap((seat) => {
    const output = seat.group === 0 && seat.status === 'done' ? (seat.answer?.output ?? null) : null;
    const item = seat.assignees[0]?.id ?? seat.answer?.by;
    return output === null || item === undefined ? [] : [{ item, output }];
  });
}

/** Every output of a step as it stands, the latest first. */
export function outputsAt(matter: Matter, key: StepKey): JsonObject[] {
  const latest = matter.outputs[plainKey(key)];
  return [...(latest === undefined ? [] : [latest]), ...outputsBySeat(matter, key).map((one) => one.output)];
}

/** Whether two JSON values say the same; keys may come in any order, and an absent key is like an undefined one. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((one, at) => sameJson(one, b[at]));
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(a[key], b[key]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
