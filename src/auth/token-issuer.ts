/** Signs tokens. Whom, and for what, others have decided. */
import {randomBytes} from 'node:crypto';
import {SignJWT} from 'jose';
import {type Clock, systemClock} from '../host/clock.ts';
import type {Scope} from '../oci/scope.ts';
import type {Limits} from './caller.ts';
import type {Signer} from './keys/signer.ts';
import {longestToken} from './token-claims.ts';
import type {Claims} from './token-claims.ts';

export interface TokenRequest {
  /** The authenticated name; empty: anonymous. */
  readonly subject: string;
  /** The service. */
  readonly audience: string;
  /** What is granted. */
  readonly access: readonly Scope[];
  readonly accountId?: string;
  /** Of the account, at present. */
  readonly generation?: number;
  readonly limits?: Limits;
  /** Milliseconds; a part of a second counts as a whole one. */
  readonly expiresIn: number;
}

export interface IssuedToken {
  readonly token: string;
  /** In seconds, as the answer of the realm has it. */
  readonly expiresIn: number;
  readonly issuedAt: Date;
  /** The `jti`. */
  readonly id: string;
}

/** So much is granted that no registry would take the token: the request asked for too many scopes. */
export class TokenTooLargeError extends Error {
  override readonly name = 'TokenTooLargeError';
}

export interface TokenIssuer {
  /** Rejects with TokenTooLargeError. */
  issue(request: TokenRequest): Promise<IssuedToken>;
}

/** `issuer` is the `iss`. */
export function createTokenIssuer({
  keys,
  issuer,
  now = systemClock,
}: {
  readonly keys: {current(): Signer};
  readonly issuer: string;
  readonly now?: Clock;
}): TokenIssuer {
  return {
    async issue(request) {
      const {publicKey, privateKey, x5c} = keys.current();
      const issued = Math.floor(now().getTime() / 1000);
      const expiresIn = Math.ceil(request.expiresIn / 1000);
      const id = randomBytes(16).toString('base64url');
      const claims: Claims = {
        iss: issuer,
        sub: request.subject,
        aud: request.audience,
        exp: issued + expiresIn,
        nbf: issued,
        iat: issued,
        jti: id,
        access: request.access.map(({type, name, actions}) => ({
          type,
          name,
          actions: [...actions],
        })),
        ...ownClaims(request),
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({
          typ: 'JWT',
          alg: publicKey.algorithm,
          kid: publicKey.kid,
          x5c: [...x5c],
        })
        .sign(privateKey);
      if (token.length > longestToken) {
        throw new TokenTooLargeError(`the token has ${token.length} characters`);
      }
      return {token, expiresIn, issuedAt: new Date(issued * 1000), id};
    },
  };
}

function ownClaims({accountId, generation, limits}: TokenRequest): Pick<Claims, 'holdfast'> {
  if (accountId === undefined && generation === undefined && limits === undefined) return {};
  return {
    holdfast: {
      account: accountId,
      generation,
      limits: limits && {
        namespaces: limits.namespaces && [...limits.namespaces],
        pullOnly: limits.isPullOnly,
        teams: limits.teams && {...limits.teams},
      },
    },
  };
}
