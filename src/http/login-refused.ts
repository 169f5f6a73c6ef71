/** What is answered to a login that failed, here and there alike. */
import type {LoginRefusal} from '../auth/login.ts';
import {RegistryError} from '../oci/errors.ts';

/** Nothing tells a wrong password from an unknown name, or from an account that is disabled. */
export function loginRefused({reason, retryAfter}: LoginRefusal, challenge: string): RegistryError {
  if (reason === 'locked' || reason === 'rate-limited') {
    const headers = {'Retry-After': String(retryAfter ?? 1)};
    return new RegistryError('TOOMANYREQUESTS', {headers});
  }
  return new RegistryError('UNAUTHORIZED', {
    message: 'the name or the password is not right',
    headers: {'WWW-Authenticate': challenge},
  });
}
