/** What a public key that verifies tokens is called, and how others are told of it. */
import {createHash, createPublicKey} from 'node:crypto';
import type {JsonWebKey, KeyObject} from 'node:crypto';

export type SigningAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'EdDSA';

export interface PublicKey {
  readonly key: KeyObject;
  /** The only one that it is used with. */
  readonly algorithm: SigningAlgorithm;
  /** The thumbprint of RFC 7638: base64url of a SHA-256. Distribution 3 knows keys by it. */
  readonly kid: string;
  /** `ABCD:EFGH:...`, twelve groups. Distribution 2 knows keys by it. */
  readonly libtrustId: string;
  readonly jwk: JsonWebKey;
}

const ofCurves: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
const fewestBitsOfRsa = 2048;

function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  const {asymmetricKeyType: type, asymmetricKeyDetails: details} = key;
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'rsa') {
    return (details?.modulusLength ?? 0) >= fewestBitsOfRsa ? 'RS256' : undefined;
  }
  return type === 'ec' ? ofCurves[details?.namedCurve ?? ''] : undefined;
}

/** The members that make the key, in the order of RFC 7638. */
function thumbprint({kty, crv, e, n, x, y}: JsonWebKey): string {
  const members = kty === 'RSA' ? {e, kty, n} : kty === 'EC' ? {crv, kty, x, y} : {crv, kty, x};
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Of 30 bytes, so that no padding is needed: twelve groups of four. */
function base32Groups(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.replaceAll(/.{5}/g, (five) => alphabet[Number.parseInt(five, 2)] ?? '');
  return digits.replaceAll(/.{4}(?=.)/g, '$&:');
}

/** `undefined`: unfit to sign tokens, as RSA below 2048 bits is, and what no registry verifies. */
export function describePublicKey(given: KeyObject): PublicKey | undefined {
  const algorithm = algorithmOf(given);
  if (algorithm === undefined) return undefined;
  const jwk = given.export({format: 'jwk'});
  // Made anew: a point of a curve that was compressed in the file would give another libtrust id.
  const key = createPublicKey({key: jwk, format: 'jwk'});
  const der = key.export({type: 'spki', format: 'der'});
  const libtrustId = base32Groups(createHash('sha256').update(der).digest().subarray(0, 30));
  return {key, algorithm, kid: thumbprint(jwk), libtrustId, jwk};
}
