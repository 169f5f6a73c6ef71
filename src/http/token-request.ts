/** Requests for tokens: the query of a GET, the form of a POST. */
import type {Proof} from '../auth/realm.ts';
import {RegistryError} from '../oci/errors.ts';
import {parseScope, type Scope} from '../oci/scope.ts';
import type {Authorization} from './basic.ts';

export interface TokenRequest {
  readonly service: string | undefined;
  readonly scopes: readonly Scope[];
  readonly clientId: string;
  readonly isOffline: boolean;
  readonly proof: Proof;
}

/** In characters. */
const longestClientId = 200;

/** `undefined`: the header is no proof of anything. Throws TOKEN_REQUEST_INVALID. */
export function readTokenQuery(
  query: URLSearchParams,
  authorization: Authorization,
): TokenRequest | undefined {
  const proof = proofOf(authorization);
  return proof && {...common(query), isOffline: query.get('offline_token') === 'true', proof};
}

function proofOf(authorization: Authorization): Proof | undefined {
  switch (authorization.kind) {
    case 'none':
      return {kind: 'none'};
    case 'basic':
      return {...authorization, kind: 'password'};
    default:
      return undefined;
  }
}

/** Throws TOKEN_REQUEST_INVALID. */
export function readTokenForm(form: URLSearchParams): TokenRequest {
  return {
    ...common(form),
    isOffline: form.get('access_type') === 'offline',
    proof: grant(form),
  };
}

function grant(form: URLSearchParams): Proof {
  switch (form.get('grant_type')) {
    case 'password':
      return {
        kind: 'password',
        username: required(form, 'username'),
        password: required(form, 'password'),
      };
    case 'refresh_token':
      return {kind: 'refresh-token', token: required(form, 'refresh_token')};
    default:
      throw invalid('grant_type must be password or refresh_token');
  }
}

function common(fields: URLSearchParams) {
  const clientId = fields.get('client_id') ?? '';
  if (clientId.length > longestClientId) {
    throw invalid(`client_id may have ${longestClientId} characters at most`);
  }
  if (clientId.includes('\0')) throw invalid('client_id must be plain text');
  const service = fields.get('service') ?? '';
  // Clients send an empty one as well.
  return {service: service === '' ? undefined : service, scopes: readScopes(fields), clientId};
}

/** Repeated, or joined by spaces, or both. */
function readScopes(fields: URLSearchParams): readonly Scope[] {
  const texts = fields.getAll('scope').flatMap((text) => text.split(' '));
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const scope = parseScope(text);
      if (scope) return scope;
      throw invalid('a scope is TYPE:NAME:ACTION,ACTION', {scope: text.slice(0, 200)});
    });
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw invalid(`${name} is missing`);
  return value;
}

function invalid(message: string, detail?: unknown): RegistryError {
  return new RegistryError('TOKEN_REQUEST_INVALID', {message, detail});
}
