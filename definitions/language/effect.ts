/**
 * What a matter does to the records beside its own events. Effects are data; they are carried out in the transaction of the
 * transition that asks for them, so they happen exactly once, or the transition does not happen.
 */

import type { ResourceKind } from './directory.ts';
import type { JsonObject } from './json.ts';

/** 保管期限 a closed matter's file may have (国家档案局令8号, WNMC, HEZE). */
export const RETENTIONS = ['permanent', '30-years', '10-years', '5-years', '3-years', '1-year'] as const;
export type Retention = (typeof RETENTIONS)[number];

/** Kinds of effect, one word each. */
export const EFFECT_KINDS = ['reserve', 'release', 'queue-bulletin', 'archive'] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** An effect with its facts. */
export type Effect =
  | {
      kind: 'reserve';
      /** What is booked for the matter; each is refused when any other booking overlaps. Instants in UTC, `to` exclusive. */
      bookings: { resource: string; resourceKind: ResourceKind; from: string; to: string }[];
      /** The refusal in Chinese when one of them is taken. */
      refusal: string;
    }
  | { kind: 'release'; resources: string[]; at: string }
  | { kind: 'queue-bulletin'; topic: string; entry: JsonObject }
  | { kind: 'archive'; class: string; retention: Retention };
