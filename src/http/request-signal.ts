/** Aborts when the client has gone: nobody waits for the answer any more. */
import {RegistryError} from '../oci/errors.ts';
import type {Context} from './context.ts';

export function requestSignal({res}: Context): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (res.writableFinished) return;
    controller.abort(new RegistryError('UNAVAILABLE', {message: 'the client has gone'}));
  });
  return controller.signal;
}
