import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  digestAlgorithm,
  digestHex,
  digestOf,
  isDigest,
  parseDigest,
  parseDigestAlgorithm,
} from '../../src/oci/digest.ts';
import {RegistryError} from '../../src/oci/errors.ts';

const hex = (length: number, character = 'a') => character.repeat(length);

const digests: readonly (readonly [text: string, isOne: boolean])[] = [
  [`sha256:${hex(64)}`, true],
  [`sha512:${hex(128)}`, true],
  [`sha256:${hex(63)}`, false],
  [`sha256:${hex(65)}`, false],
  [`sha256:${hex(128)}`, false],
  [`sha512:${hex(64)}`, false],
  [`sha256:${hex(64, 'A')}`, false],
  [`sha256:${hex(64, 'g')}`, false],
  [`SHA256:${hex(64)}`, false],
  [`sha384:${hex(96)}`, false],
  [`sha256:${hex(64)}\n`, false],
  [` sha256:${hex(64)}`, false],
  [`sha256:sha256:${hex(64)}`, false],
  [hex(64), false],
  ['', false],
  [':', false],
  ['sha256:', false],
  ['toString:a', false],
];

for (const [text, isOne] of digests) {
  test(`${JSON.stringify(text.slice(0, 12))} to ${JSON.stringify(text.slice(-3))} of ${text.length} characters is ${isOne ? 'a' : 'no'} digest`, (t) => {
    t.is(isDigest(text), isOne);
    if (isOne) t.is<string, string>(parseDigest(text), text);
    else {
      const error = t.throws(() => parseDigest(text), {instanceOf: RegistryError});
      t.is(error.errors[0]?.code, 'DIGEST_INVALID');
    }
  });
}

test('the message tells an unsupported algorithm from a malformed digest', (t) => {
  const messageOf = (text: string) => t.throws(() => parseDigest(text)).message;
  t.regex(messageOf(`sha384:${hex(96)}`), /not supported/);
  t.regex(messageOf('md5+b64:abc='), /not supported/);
  t.regex(messageOf('sha256:abc'), /64 lower-case hexadecimal digits/);
  t.regex(messageOf('sha512:abc'), /128 lower-case hexadecimal digits/);
  t.regex(messageOf('not a digest'), /ALGORITHM:HEX/);
});

test('algorithms are sha256 and sha512, in that spelling', (t) => {
  t.is(parseDigestAlgorithm('sha256'), 'sha256');
  t.is(parseDigestAlgorithm('sha512'), 'sha512');
  for (const text of ['', 'SHA256', 'sha-256', 'md5', 'constructor', '__proto__']) {
    t.throws(() => parseDigestAlgorithm(text), {instanceOf: RegistryError});
  }
});

test('the digest of bytes is a digest of their algorithm', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.constantFrom('sha256' as const, 'sha512' as const),
      (bytes, algorithm) => {
        const digest = digestOf(bytes, algorithm);
        t.true(isDigest(digest));
        t.is(digestAlgorithm(digest), algorithm);
        t.is(digestHex(digest), createHash(algorithm).update(bytes).digest('hex'));
      },
    ),
  );
});
