/** Every published process definition, by id and version. Plain data and functions: safe in workflow code. */
import type { ProcessDefinition } from './language/define.ts';
import { contractReview } from './processes/contract-review/process.ts';
import { contractReview as contractReviewV1 } from './processes/contract-review-v1/process.ts';
import { instructionFollowUp } from './processes/instruction-follow-up/process.ts';
import { instructionFollowUp as instructionFollowUpV1 } from './processes/instruction-follow-up-v1/process.ts';
import { instructionFollowUp as instructionFollowUpV2 } from './processes/instruction-follow-up-v2/process.ts';
import { keyWork } from './processes/key-work/process.ts';
import { sealUse } from './processes/seal-use/process.ts';
import { sealUse as sealUseV1 } from './processes/seal-use-v1/process.ts';
import { serviceComplaint } from './processes/service-complaint/process.ts';
import { vehicleUse } from './processes/vehicle-use/process.ts';
import { vehicleUse as vehicleUseV1 } from './processes/vehicle-use-v1/process.ts';

/** All definitions, in the order in which people see them. */
export const definitions: readonly ProcessDefinition[] = [
  sealUse,
  vehicleUse,
  contractReview,
  instructionFollowUp,
  keyWork,
  serviceComplaint,
  sealUseV1,
  contractReviewV1,
  vehicleUseV1,
  instructionFollowUpV1,
  instructionFollowUpV2,
];

/** All definitions, `id@version` → definition. */
export const catalog: Readonly<Record<string, ProcessDefinition>> = Object.fromEntries(
  definitions.map((one) => [`${one.id}@${one.version}`, one]),
);

/** A definition by id and version, or undefined when there is none. */
export function findDefinition(id: string, version: number): ProcessDefinition | undefined {
  return catalog[`${id}@${version}`];
}

/** The newest version of a process, or undefined when there is none with this id. */
export function newestDefinition(id: string): ProcessDefinition | undefined {
  return definitions.filter((one) => one.id === id).sort((a, b) => b.version - a.version)[0];
}

/** The newest version of every process, in the order of the catalog. */
export function newestDefinitions(): ProcessDefinition[] {
  return [...new Set(definitions.map((one) => one.id))].flatMap((id) => newestDefinition(id) ?? []);
}
