/** Compares every answer that the API gives in this process with what its description says of it. */
import {subscribe} from 'node:diagnostics_channel';
import {AdministrationError} from '../../src/auth/administration/administration-error.ts';
import {ApiError, apiErrors} from '../../src/http/api/api-error.ts';
import {RegistryError} from '../../src/oci/errors.ts';
import type {Endpoint, Reply} from '../../src/http/api/endpoint.ts';
import {statusesOf} from '../../src/http/api/openapi.ts';

interface Answered {
  readonly endpoint: Endpoint;
  readonly reply?: Reply;
  /** In place of a reply. */
  readonly error?: unknown;
}

const violations: string[] = [];

subscribe('holdfast.api.answer', (message) => {
  const violation = violationIn(message as Answered);
  if (violation !== undefined) violations.push(violation);
});

/** Throws where one of the answers so far was not as it must be. */
export function requireDescribedAnswers(): void {
  if (violations.length > 0) throw new Error(violations.join('\n'));
}

export function violationIn({endpoint, reply, error}: Answered): string | undefined {
  const {name, answers} = endpoint;
  if (!reply) {
    const fault = statusOf(error);
    const isNamed = fault === undefined || statusesOf(endpoint).has(fault);
    return isNamed ? undefined : `${name} answers the fault ${fault}, which it does not name`;
  }
  const {status, body} = reply;
  const shape = answers[status];
  if (!shape || !statusesOf(endpoint).has(status)) {
    return `${name} answers ${status}, which it does not name`;
  }
  if (reply.stream || shape.type !== undefined) {
    return reply.stream && shape.type !== undefined && body === undefined
      ? undefined
      : `${name} answers ${status} with a stream it does not name, or without one`;
  }
  if (!shape.schema) {
    return body === undefined
      ? undefined
      : `${name} answers ${status} with a body it does not name`;
  }
  // As it comes over the wire.
  const sent: unknown = body === undefined ? null : JSON.parse(JSON.stringify(body));
  const parsed = shape.schema.safeParse(sent);
  return parsed.success ? undefined : `${name} answers ${status}: ${parsed.error.message}`;
}

/** `undefined`: of something that is wrong with ourselves. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof ApiError || error instanceof AdministrationError) {
    return apiErrors[error.code === 'no-accounts' ? 'off' : error.code];
  }
  return error instanceof RegistryError ? error.status : undefined;
}
