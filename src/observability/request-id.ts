/** The id that ties an answer to its log lines. */
import {randomUUID} from 'node:crypto';

/** The id a trusted proxy gave the request, if it is harmless to log, or a new one. */
export function requestId(given: string | undefined): string {
  return given !== undefined && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : randomUUID();
}
