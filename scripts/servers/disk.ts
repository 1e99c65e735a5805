import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';

/** Room that a start wants on the disk of DATA_DIR, in megabytes: two databases, their logs, and a margin for work. */
export const roomForStart = 500;

/**
 * Makes sure that a folder has room.
 * @param megabytes how much is wanted
 * @param purpose what for, as it stands in the message
 * @throws naming the folder, what is free and the cure
 */
export function requireSpace(folder: string, megabytes: number, purpose: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  if (free < megabytes)
    throw new Error(
      `The disk of ${folder} is nearly full: ${free} MB free, and ${purpose} wants ${megabytes} MB; make room or choose another place`,
    );
}

/**
 * Makes the folder that holds an installation's data.
 * @throws when it can't be made or written, naming it and the cure
 */
export function requireFolder(folder: string): void {
  try {
    // Others may walk through, as the account that runs PostgreSQL must, and see nothing.
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOSPC' ? 'its disk is full: make room' : `it can't be written (${code}): make it writable`;
    throw new Error(`The data folder ${folder} can't be used, ${why}, or choose another by DATA_DIR`, { cause: error });
  }
}
