/** Refuses writes while the registry is in maintenance. */
import {RegistryError} from '../../oci/errors.ts';
import type {Handler} from '../context.ts';

export function readOnly(isReadOnly: boolean): Handler {
  return async (_ctx, next) => {
    if (isReadOnly) {
      throw new RegistryError('UNSUPPORTED', {
        message: 'the registry is read-only for maintenance; pulls go on, pushes have to wait',
      });
    }
    await next();
  };
}
