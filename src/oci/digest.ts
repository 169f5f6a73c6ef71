/** Content digests. */
import {createHash} from 'node:crypto';
import {RegistryError} from './errors.ts';

const hexLengths = {sha256: 64, sha512: 128} as const;
export type DigestAlgorithm = keyof typeof hexLengths;

/** `sha256:` and 64, or `sha512:` and 128 lower-case hexadecimal digits. */
export type Digest = string & {readonly __brand: 'Digest'};

const grammar = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

function isDigestAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(hexLengths, text);
}

export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(':');
  const algorithm = text.slice(0, colon);
  if (!isDigestAlgorithm(algorithm)) return false;
  const hex = text.slice(colon + 1);
  return hex.length === hexLengths[algorithm] && /^[0-9a-f]+$/.test(hex);
}

/** Throws DIGEST_INVALID, with a word on whether it is malformed or of an algorithm that is not supported. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  const [algorithm = ''] = text.split(':');
  const known = isDigestAlgorithm(algorithm);
  throw new RegistryError('DIGEST_INVALID', {
    message: known
      ? `a ${algorithm} digest has ${hexLengths[algorithm]} lower-case hexadecimal digits`
      : grammar.test(text)
        ? 'the digest algorithm is not supported: use sha256 or sha512'
        : 'a digest is written ALGORITHM:HEX, such as sha256:e3b0c442…',
    detail: {digest: text.slice(0, 256)},
  });
}

/** Throws DIGEST_INVALID. */
export function parseDigestAlgorithm(text: string): DigestAlgorithm {
  if (isDigestAlgorithm(text)) return text;
  throw new RegistryError('DIGEST_INVALID', {
    message: 'the digest algorithm is not supported: use sha256 or sha512',
    detail: {algorithm: text.slice(0, 64)},
  });
}

export const digestAlgorithm = (digest: Digest): DigestAlgorithm =>
  digest.startsWith('sha512:') ? 'sha512' : 'sha256';

export const digestHex = (digest: Digest): string => digest.slice(digest.indexOf(':') + 1);

export function toDigest(algorithm: DigestAlgorithm, hex: string): Digest {
  return parseDigest(`${algorithm}:${hex}`);
}

/** The digest of bytes in memory. */
export function digestOf(content: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return toDigest(algorithm, createHash(algorithm).update(content).digest('hex'));
}
