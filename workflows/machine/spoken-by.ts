/** How somebody who stands in 顶岗 is named in a sentence, and kept with what they ask. */
import type { Asked } from './state.ts';

/** Whoever acts, as themselves or in somebody's place. */
export interface Speaker {
  name: string;
  coverForName?: string | null;
}

/** The name of who acts, with whom they stand in for: `王芳代张启明`. */
export function spokenBy({ name, coverForName }: Speaker): string {
  return coverForName === undefined || coverForName === null ? name : `${name}代${coverForName}`;
}

/** For whom somebody stands in, as an event tells it: nothing where they act as themselves. */
export function coverage({ coverForName }: Pick<Speaker, 'coverForName'>): { coverForName?: string } {
  return coverForName === undefined || coverForName === null ? {} : { coverForName };
}

/** What somebody asks, as it is kept. @param text null where they said nothing. */
export function askedBy(speaker: Speaker, text: string | null): Asked {
  return { by: speaker.name, ...coverage(speaker), text };
}
