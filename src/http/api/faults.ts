/** Answers whatever goes wrong below /api in the shape of the API. */
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import type {RegistryError} from '../../oci/errors.ts';
import type {Context, Middleware} from '../context.ts';
import {type FaultTellers, translate} from '../middleware/errors.ts';
import {ApiError, type ApiErrorCode} from './api-error.ts';
import {errorBody, statusOf} from './error-answer.ts';

const isOfApi = (path: string): boolean => path === '/api' || path.startsWith('/api/');

export function apiFaults(tellers: FaultTellers): Middleware {
  return async (ctx, next) => {
    if (!isOfApi(ctx.path)) {
      await next();
      return;
    }
    ctx.set({'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff'});
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) {
        throw new ApiError('unknown', 'there is nothing at this address; see /api/docs');
      }
    } catch (error) {
      answer(ctx, toApiError(error) ?? fromRegistry(translate(ctx, error, tellers)));
    }
  };
}

function answer(ctx: Context, error: ApiError): void {
  if (ctx.headerSent) {
    // The client has to notice that what it got is not whole.
    ctx.req.socket.destroy();
    return;
  }
  ctx.status = statusOf(error);
  ctx.remove('ETag');
  ctx.set({...error.headers, 'Cache-Control': 'no-store'});
  ctx.body = errorBody(error);
}

/** `undefined`: no fault of the client, or one that another place words. */
function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof AdministrationError)) return undefined;
  // What is a fault of ours stands in the log alone.
  if (error.code === 'internal') return undefined;
  if (error.code === 'unavailable') {
    const headers = {'Retry-After': '5'};
    return new ApiError('unavailable', 'it is not possible at present; try again', {
      headers,
      cause: error,
    });
  }
  const code = error.code === 'no-accounts' ? 'off' : error.code;
  return new ApiError(code, error.faults, {cause: error});
}

const byStatus: Readonly<Record<number, ApiErrorCode>> = {
  401: 'unauthorized',
  403: 'denied',
  404: 'unknown',
  405: 'off',
  408: 'timeout',
  413: 'too-large',
  429: 'limited',
  500: 'internal',
  503: 'unavailable',
};

function fromRegistry(error: RegistryError): ApiError {
  const code = byStatus[error.status] ?? (error.status < 500 ? 'bad-request' : 'unavailable');
  return new ApiError(code, error.message, {headers: error.headers, cause: error});
}
