/** The letters of one matter to another, all of them forgotten; to prove that a replay of kept histories catches a change. */
import type { Letter } from '../../../workflows/machine/letters.ts';

export { letterOfRefusal } from '../../../workflows/machine/letters.ts';

/** Nothing, whatever a matter has asked for. */
export const lettersToLinked = (): Letter[] => [];

/** Nothing, whatever became of a matter that another one started. */
export const letterToParent = (): Letter | null => null;
