/** Refuses what the configuration has switched off. */
import {RegistryError} from '../../oci/errors.ts';
import type {Handler} from '../context.ts';

export const readOnly = (isReadOnly: boolean): Handler =>
  refuseIf(
    isReadOnly,
    'the registry is read-only for maintenance; pulls go on, pushes have to wait',
  );

export const noDelete = (isForbidden: boolean): Handler =>
  refuseIf(isForbidden, 'this registry deletes nothing: storage.delete is false');

function refuseIf(isRefused: boolean, message: string): Handler {
  return async (_ctx, next) => {
    if (isRefused) throw new RegistryError('UNSUPPORTED', {message});
    await next();
  };
}
