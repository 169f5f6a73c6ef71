/** Public keys as a JSON Web Key Set. */
import type {JsonWebKey} from 'node:crypto';
import type {PublicKey} from './public-key.ts';

export interface Jwks {
  readonly keys: readonly JsonWebKey[];
}

/** Each key twice, as either version of Distribution asks for it. */
export const jwksOf = (publicKeys: readonly PublicKey[]): Jwks => ({
  keys: publicKeys.flatMap(({jwk, algorithm, kid, libtrustId}) =>
    [kid, libtrustId].map((id) => ({...jwk, alg: algorithm, use: 'sig', kid: id})),
  ),
});
