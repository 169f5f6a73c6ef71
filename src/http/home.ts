/** `/`: what somebody types who knows no more than the host. */
import {RegistryError} from '../oci/errors.ts';
import type {Handler} from './context.ts';
import {goTo} from './sign-in/place.ts';

const hint = 'there is nothing at this address: the API of the registry is below /v2/';

/** Browsers are led to the pages, where there are any; programs are told where to go. */
export function home({hasPages}: {readonly hasPages: boolean}): Handler {
  return (ctx) => {
    ctx.vary('Accept');
    // Who takes anything is a program.
    if (hasPages && ctx.accepts('json', 'html') === 'html') {
      goTo(ctx, '/sign-in');
      return;
    }
    const message = hasPages ? `${hint}, and people sign in at /sign-in` : hint;
    throw new RegistryError('NOT_FOUND', {message});
  };
}
