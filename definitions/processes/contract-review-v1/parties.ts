/** In whose name a contract may be concluded. Pure; no zod. */
import type { Directory } from '../../language/directory.ts';

/** Kinds of seal whose owner concludes contracts in its own name. */
const CONTRACTING_SEALS: readonly unknown[] = ['合同专用章', '行政印章'];

/** The names in which the school concludes contracts: those under its contract and administration seals in use, each once. */
export function schoolNames(directory: Directory): string[] {
  const seals = Object.values(directory.resources).filter(
    (one) => one.kind === 'seal' && one.active && CONTRACTING_SEALS.includes(one.attributes.sealType),
  );
  return [...new Set(seals.map((seal) => String(seal.attributes.signOff)))];
}
