/** `/`, for programs: they are told where to go. */
import {RegistryError} from '../oci/errors.ts';
import type {Handler} from './context.ts';

const hint = 'there is nothing at this address: the API of the registry is below /v2/';

/** What follows shows a browser its page, where there are pages here. */
export function home({hasPages}: {readonly hasPages: boolean}): Handler {
  return async (ctx, next) => {
    await next();
    if (ctx.body !== undefined || ctx.respond === false) return;
    const message = hasPages ? `${hint}, and people open it in a browser` : hint;
    throw new RegistryError('NOT_FOUND', {message});
  };
}
