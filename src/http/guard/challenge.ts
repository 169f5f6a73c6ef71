/** `WWW-Authenticate` of the registry: where to get a token, and for what. */
import {RegistryError} from '../../oci/errors.ts';
import {formatScope, type Scope} from '../../oci/scope.ts';
import type {Context} from '../context.ts';
import type {RealmUrl} from '../realm-url.ts';

type TokenFault = 'invalid_token' | 'insufficient_scope';

const sentences: Readonly<Record<TokenFault, string>> = {
  invalid_token: 'the token does not count, or counts no more',
  insufficient_scope: 'the token is not for that',
};

export interface Challenger {
  /** The header. Scopes are of names that were parsed: nothing in them has to be escaped. */
  readonly challenge: (
    ctx: Context,
    scopes: readonly Scope[],
    fault?: TokenFault,
    reason?: string,
  ) => string;
  /** 401 with that header. `reason`: a sentence for the caller, where there is more to say than the fault. */
  readonly unauthorized: (
    ctx: Context,
    scopes: readonly Scope[],
    fault?: TokenFault,
    reason?: string,
  ) => RegistryError;
}

/** RFC 6750, 3: no other characters in an error_description. */
const undescribable = /[^\x20\x21\x23-\x5B\x5D-\x7E]/g;

/** What docker, podman and skopeo show, and nothing else of a refusal for want of scope. */
const description = (reason: string): string =>
  reason.replaceAll('"', "'").replace(undescribable, '?');

export function createChallenger(realmUrl: RealmUrl, service: string): Challenger {
  const challenge: Challenger['challenge'] = (ctx, scopes, fault, reason) => {
    const parts = [
      `realm="${realmUrl(ctx)}"`,
      `service="${service}"`,
      ...(scopes.length > 0 ? [`scope="${scopes.map(formatScope).join(' ')}"`] : []),
      ...(fault === undefined ? [] : [`error="${fault}"`]),
      ...(reason === undefined ? [] : [`error_description="${description(reason)}"`]),
    ];
    return `Bearer ${parts.join(',')}`;
  };
  return {
    challenge,
    unauthorized: (ctx, scopes, fault, reason) =>
      new RegistryError('UNAUTHORIZED', {
        ...(fault === undefined ? {} : {message: sentences[fault]}),
        detail: reason ?? scopes.map(({type, name, actions}) => ({type, name, actions})),
        headers: {'WWW-Authenticate': challenge(ctx, scopes, fault, reason)},
      }),
  };
}
