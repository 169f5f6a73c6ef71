/** What is answered to a login that failed, here and there alike. */
import type {LoginRefusal} from '../auth/login.ts';
import {RegistryError} from '../oci/errors.ts';

/** Nothing tells a wrong password from an unknown name, or from an account that is disabled. */
export function loginRefused(refusal: LoginRefusal, challenge: string): RegistryError {
  const {reason, retryAfter} = refusal;
  if (reason === 'locked' || reason === 'rate-limited') {
    const headers = {'Retry-After': String(retryAfter ?? 1)};
    return new RegistryError('TOOMANYREQUESTS', {message: tooMany(refusal), headers});
  }
  return new RegistryError('UNAUTHORIZED', {
    message: 'the name or the password is not right',
    headers: {'WWW-Authenticate': challenge},
  });
}

/** Names that nobody has are locked as well: to hear it says nothing of them. */
export function tooMany({username, retryAfter = 1}: LoginRefusal): string {
  const whose = username === undefined ? '' : ` for ${shown(username)}`;
  return `too many failed logins${whose} from this address: again in ${minutes(retryAfter)}`;
}

/** A client prints it on a terminal. */
const shown = (username: string): string =>
  /^[\w.@+-]{1,64}$/.test(username) ? username : 'this name';

const minutes = (seconds: number): string =>
  seconds <= 60 ? 'a minute' : `${Math.ceil(seconds / 60)} minutes`;
