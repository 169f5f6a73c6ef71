/** Why a backup can't be made, read or put back: a sentence for a person. */
import {errorCode} from '../host/error-code.ts';

export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
  }
}

/** Errors of the system on what lies there become ones that say it. */
export async function onPlace<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    const isOfSystem = error instanceof Error && 'syscall' in error;
    if (code === undefined || !isOfSystem || error instanceof BackupError) throw error;
    throw new BackupError(sentence(place, code, 'path' in error ? String(error.path) : undefined), {
      cause: error,
    });
  }
}

function sentence(place: string, code: string, path = place): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return `no room is left for ${place}; what was copied stays, and the next run goes on from there`;
  }
  return `${path} can't be used (${code})`;
}
