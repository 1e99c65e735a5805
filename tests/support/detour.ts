/** What a detour needs to know, as a test says it in few words. */
import type { Detour } from '../../workflows/machine/commands.ts';
import type { Draft } from '../../workflows/machine/state.ts';
import type { Action, SignerMode, SignerPosition } from '../../workflows/machine/words.ts';

/** Whom a detour is about, and how. */
export interface DetourDetails {
  /** Whom a transfer or a delegation names. */
  to?: string;
  people?: string[];
  /** Where added signers stand; default before. */
  position?: SignerPosition;
  /** How added signers decide; default all of them. */
  mode?: SignerMode;
  /** What a transfer hands on. */
  draft?: Draft;
}

/** The detour of an action, or null for an action that is none or needs to know nothing. */
export function detourFrom(action: Action, details: DetourDetails): Detour | null {
  const { to = '', people = [], position = 'before', mode = 'all', draft = null } = details;
  switch (action) {
    case 'transfer':
      return { kind: 'transfer', to, draft };
    case 'delegate':
      return { kind: 'delegate', to };
    case 'addSigners':
      return { kind: 'addSigners', people, position, mode };
    case 'removeSigners':
    case 'circulate':
    case 'consult':
      return { kind: action, people };
    default:
      return null;
  }
}

/** Whether an action carries no opinion at all. */
export function saysNothing(action: Action): boolean {
  return action === 'claim' || action === 'release' || action === 'takeBack';
}
