/** The name of this process, as `ps -e`, `pgrep` and `ps -C` have it: otherwise it would be Node's. */
import {writeFileSync} from 'node:fs';
import {errorCode} from './error-code.ts';

/** At most 15 bytes. Its words stay as they are, which `process.title` would put out of sight. */
export function nameProcess(name: string): void {
  try {
    writeFileSync('/proc/self/comm', name);
  } catch (error) {
    // Only Linux has it, and only where somebody has mounted it.
    if (errorCode(error) === undefined) throw error;
  }
}
