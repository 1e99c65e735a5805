/** In whose name a contract may be concluded. Pure; no zod. */
import type { Directory } from '../../language/directory.ts';

/** The names in which the school concludes contracts: those under its seals in use of the kind that contracts bear, each once. */
export function schoolNames(directory: Directory, sealType: unknown): string[] {
  const seals = Object.values(directory.resources).filter(
    (one) => one.kind === 'seal' && one.active && one.attributes.sealType === sealType,
  );
  return [...new Set(seals.map((seal) => String(seal.attributes.signOff)))];
}
