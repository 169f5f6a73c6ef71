/** What could not be administered, as an answer. */
import {
  AdministrationError,
  type AdministrationFault,
} from '../auth/administration/administration-error.ts';
import {BusyError} from '../auth/gate.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {CertificateError} from '../tls/certificate-error.ts';

const statuses: Readonly<Record<AdministrationFault, number>> = {
  invalid: 400,
  denied: 403,
  unknown: 404,
  off: 405,
  'no-accounts': 405,
  taken: 409,
  refused: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
};

interface FaultAnswer {
  readonly status: number;
  readonly body: {readonly error: {readonly code: string; readonly message: string}};
}

export const answerOf = ({code, message}: AdministrationError): FaultAnswer => ({
  status: statuses[code],
  body: {error: {code, message}},
});

/** As whoever administers is told; what is a fault of ours stands in the log alone. */
export function translate(error: unknown): AdministrationError {
  if (error instanceof AdministrationError) return error;
  if (error instanceof MetadataError) {
    const code = error.kind === 'query' || error.kind === 'constraint' ? 'internal' : 'unavailable';
    return new AdministrationError(code, error.message, {cause: error});
  }
  if (error instanceof CertificateError || error instanceof BusyError) {
    return new AdministrationError('unavailable', error.message, {cause: error});
  }
  return new AdministrationError('internal', 'it failed, and the log of the server says why', {
    cause: error,
  });
}
