/** The one place where a failure becomes an answer. */
import {type ErrorName, RegistryError} from '../../oci/errors.ts';
import type {Metrics} from '../../observability/metrics.ts';
import {StorageError, type StorageErrorKind} from '../../storage/driver.ts';
import {MetadataError} from '../../metadata/metadata-error.ts';
import {LoginUnavailable} from '../../auth/login-unavailable.ts';
import type {Context, Middleware} from '../context.ts';

const storageErrors: Readonly<Record<StorageErrorKind, ErrorName>> = {
  full: 'STORAGE_FULL',
  'read-only': 'UNAVAILABLE',
  unavailable: 'UNAVAILABLE',
  corrupt: 'UNKNOWN',
  'too-large': 'CONTENT_TOO_LARGE',
};

export function errors(metrics: Metrics): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new RegistryError('NOT_FOUND');
    } catch (error) {
      answer(ctx, translate(ctx, error, metrics));
    }
  };
}

/** What has no answer of its own stands in the log thereafter. */
export function translate(ctx: Context, error: unknown, metrics: Metrics): RegistryError {
  if (error instanceof RegistryError) return error;
  const isAborted = ctx.req.destroyed && !ctx.req.complete;
  if (error instanceof StorageError) {
    metrics.storageErrors.inc({kind: error.kind});
    // Who sends more than was announced is at fault, not the storage.
    const level = error.kind === 'too-large' ? 'info' : 'error';
    ctx.state.log[level]({err: error, kind: error.kind}, 'storage failed');
    const name = storageErrors[error.kind];
    const headers = name === 'UNAVAILABLE' ? {'Retry-After': '5'} : {};
    return new RegistryError(name, {headers, cause: error});
  }
  if (error instanceof LoginUnavailable || error instanceof MetadataError) {
    if (error instanceof LoginUnavailable && error.isTold) ctx.state.problem = error.message;
    else ctx.state.log.error({err: error}, 'accounts could not be asked');
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
