/** What holds for every answer, whatever was asked. */
import {apiErrors} from '../../src/http/api/api-error.ts';
import {MalformedAnswer, type StrictAnswer} from '../load/answers.ts';
import type {Hearing} from '../load/connection.ts';
import {specifiedCodes} from '../support/specification.ts';
import type {Case} from './speech.ts';

/** In milliseconds, for requests that were sent without a pause; the machine may be busy. */
const slowest = 8000;

interface Judging {
  /** Of a registry with accounts: refusals may be a page, or the JSON of its own API. */
  readonly hasPages: boolean;
}

/** A sentence for what is wrong with an answer; `undefined`: nothing. */
function faultOf(
  {status, headers, body}: StrictAnswer,
  method: string,
  {hasPages}: Judging,
): string | undefined {
  // Who announces more than the disk has is told so.
  if (status === 507 && body.includes('bytes are announced')) return undefined;
  if (status >= 500) return `status ${status}: ${body.toString().slice(0, 300)}`;
  if (status < 400) return undefined;
  const type = headers.get('content-type') ?? '';
  if (hasPages && type.startsWith('text/html') && body.length < 64 * 1024) return undefined;
  if (!type.startsWith('application/json')) {
    return `${status} of type ${headers.get('content-type') ?? 'none'}`;
  }
  if (body.length > 64 * 1024) return `${status} with ${body.length} bytes of errors`;
  if (method === 'HEAD') return undefined;
  try {
    const {errors} = JSON.parse(body.toString()) as {errors: readonly {code: string}[]};
    const codes = hasPages ? [...specifiedCodes, ...Object.keys(apiErrors)] : specifiedCodes;
    const isSpecified = errors.every(({code}) => codes.includes(code));
    if (errors.length > 0 && isSpecified) return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return `${status} says ${body.toString().slice(0, 300)}`;
}

export function judge(
  {methods, isSound, pause}: Case,
  hearing: Hearing,
  judging: Judging,
): string | undefined {
  for (const [index, answer] of hearing.answers.entries()) {
    const fault = faultOf(answer, methods[index] ?? '', judging);
    if (fault !== undefined) return fault;
  }
  const {answers, isDone, elapsed} = hearing;
  const isClosed = answers.some(({headers}) => headers.get('connection') === 'close');
  if (isSound && !isDone && !isClosed) {
    return `${answers.length} of ${methods.length} answers came in ${Math.round(elapsed)} ms`;
  }
  if (isSound && pause === 0 && elapsed > slowest) return `it took ${Math.round(elapsed)} ms`;
  return undefined;
}

export const malformed = (error: unknown): string => {
  if (error instanceof MalformedAnswer) return `no HTTP: ${error.message}`;
  throw error;
};
