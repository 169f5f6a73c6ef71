/** The one place where a failure becomes an answer. */
import {errorCodes, type ErrorName, RegistryError} from '../../oci/errors.ts';
import {errorText} from '../../observability/error-text.ts';
import type {Metrics} from '../../observability/metrics.ts';
import type {Repeated} from '../../observability/repeated.ts';
import {StorageError, type StorageErrorKind} from '../../storage/driver.ts';
import {MetadataError} from '../../metadata/metadata-error.ts';
import {BusyError} from '../../auth/gate.ts';
import {LoginUnavailable} from '../../auth/login-unavailable.ts';
import type {Context, Middleware} from '../context.ts';

const storageErrors: Readonly<Record<StorageErrorKind, ErrorName>> = {
  full: 'STORAGE_FULL',
  'read-only': 'STORAGE_READ_ONLY',
  unavailable: 'UNAVAILABLE',
  corrupt: 'UNKNOWN',
  'too-large': 'CONTENT_TOO_LARGE',
};

/** Where failures are counted and told. */
export interface FaultTellers {
  readonly metrics: Metrics;
  /** Of what fails with every request as long as it lasts. */
  readonly repeated: Repeated;
}

export function errors(tellers: FaultTellers): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new RegistryError('NOT_FOUND');
    } catch (error) {
      answer(ctx, translate(ctx, error, tellers));
    }
  };
}

/** What has no answer of its own stands in the log thereafter. */
export function translate(ctx: Context, error: unknown, tellers: FaultTellers): RegistryError {
  if (error instanceof RegistryError) return error;
  const isAborted = ctx.req.destroyed && !ctx.req.complete;
  if (error instanceof StorageError) {
    tellers.metrics.storageErrors.inc({kind: error.kind});
    tellOfStorage(ctx, error, tellers);
    const name = storageErrors[error.kind];
    const headers = errorCodes[name].status === 503 ? {'Retry-After': '5'} : {};
    return new RegistryError(name, {headers, cause: error});
  }
  if (error instanceof BusyError) {
    const message = `${error.message}; try again`;
    return new RegistryError('UNAVAILABLE', {message, headers: {'Retry-After': '5'}, cause: error});
  }
  // What the database refuses is a fault of ours, and one again when it is sent again.
  if (error instanceof MetadataError && (error.kind === 'query' || error.kind === 'constraint')) {
    tellRepeated(ctx, error, tellers, {}, 'the database refused a statement');
    return new RegistryError('UNKNOWN', {cause: error});
  }
  if (error instanceof LoginUnavailable || error instanceof MetadataError) {
    if (error instanceof LoginUnavailable && error.isTold) ctx.state.problem = error.message;
    else tellRepeated(ctx, error, tellers, {}, 'accounts could not be asked');
    return new RegistryError('UNAVAILABLE', {
      message:
        error instanceof LoginUnavailable
          ? `${error.message}; ${error.isOfSetup ? 'tell the administrator of this registry' : 'try again'}`
          : 'logins and accounts can not be looked up at present; try again',
      headers: {'Retry-After': '5'},
      cause: error,
    });
  }
  if (isAborted) ctx.state.log.debug({err: error}, 'request aborted');
  else ctx.state.log.error({err: error}, 'request failed');
  return new RegistryError('UNKNOWN', {cause: error});
}

function tellOfStorage(ctx: Context, error: StorageError, tellers: FaultTellers): void {
  const {kind} = error;
  // Who sends more than was announced is at fault, not the storage.
  if (kind === 'too-large') ctx.state.log.info({err: error, kind}, 'storage failed');
  // Of each damaged place the log has to know.
  else if (kind === 'corrupt') ctx.state.log.error({err: error, kind}, 'storage failed');
  else tellRepeated(ctx, error, tellers, {kind}, 'storage failed');
}

/** One line of what lasts. Each failure in full, with its stack, is for who looks for it. */
function tellRepeated(
  ctx: Context,
  error: Error,
  {repeated}: FaultTellers,
  fields: {readonly kind?: string},
  message: string,
): void {
  const finding = errorText(error);
  // Those of the storage have the place of each request in them.
  const times = repeated.tell(`${message} ${fields.kind ?? finding}`);
  if (times) ctx.state.log.error({...fields, finding, ...times}, message);
  ctx.state.log.debug({...fields, err: error}, `${message}, in full`);
}

function answer(ctx: Context, {status, headers, errors: list}: RegistryError): void {
  if (ctx.headerSent) {
    // The client has to notice that what it got is not whole.
    ctx.req.socket.destroy();
    return;
  }
  ctx.status = status;
  ctx.set({...headers, 'Content-Type': 'application/json'});
  ctx.body = JSON.stringify({errors: list});
}
