/** Where a browser is sent to sign in at another provider, and where it comes back to. All else of a sign-in is asked of the API. */
import type Router from '@koa/router';
import type {State} from '../context.ts';
import type {FaultTellers} from '../middleware/errors.ts';
import type {SignInOptions} from './context.ts';
import {leadBack} from './lead-back.ts';
import {begin, finish} from './oidc.ts';
import {callbackOf} from './place.ts';

export function addRedirectLogins(
  router: Router<State>,
  options: SignInOptions,
  tellers: FaultTellers,
): void {
  const back = leadBack(tellers);
  router.get('oidc-begin', '/auth/oidc/:provider', back, begin(options));
  router.get('oidc-callback', callbackOf(':provider'), back, finish(options));
}
