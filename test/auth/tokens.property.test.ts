import test from 'ava';
import fc from 'fast-check';
import type {SigningKeys} from '../../src/auth/signing-keys.ts';
import {createTokenVerifier, type TokenVerifier} from '../../src/auth/token-verifier.ts';
import {tries} from '../support/properties.ts';
import {issuer, type KeysBench, keysBench, service} from './keys-workbench.ts';

for (const kind of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`of a token signed with ${kind} no bit can be changed, also where it came before`, async (t) => {
    const bench = await keysBench(t);
    const keys = await bench.open({kind});
    const {token} = await bench.issue(keys);
    const verifier = verifierOf(bench, keys);
    const connection = {};
    t.is((await verifier.verify(token, connection)).outcome, 'accepted');
    const refuses = async (index: number, bit: number): Promise<boolean> => {
      const bytes = Buffer.from(token);
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      const changed = bytes.toString('latin1');
      return (await verifier.verify(changed, connection)).outcome === 'rejected';
    };
    const place = fc.nat({max: token.length - 1});
    const property = fc.asyncProperty(place, fc.nat({max: 7}), refuses);
    await t.notThrowsAsync(async () => fc.assert(property, tries(500)));
    // The last character has bits that no byte is made of.
    for (let bit = 0; bit < 8; bit++) t.true(await refuses(token.length - 1, bit));
  });

  test(`of a token signed with ${kind} no character can be exchanged, left out or added`, async (t) => {
    const bench = await keysBench(t);
    const keys = await bench.open({kind});
    const {token} = await bench.issue(keys);
    const verifier = verifierOf(bench, keys);
    const change = fc.record({
      start: fc.nat({max: token.length}),
      length: fc.nat({max: 3}),
      text: fc.string({
        unit: fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.'),
        maxLength: 3,
      }),
    });
    const property = fc.asyncProperty(change, async ({start, length, text}) => {
      const changed = token.slice(0, start) + text + token.slice(start + length);
      fc.pre(changed !== token);
      return (await verifier.verify(changed)).outcome === 'rejected';
    });
    await t.notThrowsAsync(async () => fc.assert(property, tries(500)));
  });
}

test('what is refused is refused without an exception, whatever it is', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const verifier = verifierOf(bench, keys);
  const header = fc.record(
    {
      alg: fc.constantFrom('ES256', 'none', 7),
      kid: fc.constant(keys.current().publicKey.kid),
      typ: fc.constant('JWT'),
      x: fc.json(),
    },
    {requiredKeys: []},
  );
  const part = fc.oneof(
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    header.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
    fc.string({unit: 'binary', maxLength: 50}),
  );
  const text = fc.oneof(
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
    fc.string({unit: 'binary'}),
  );
  const property = fc.asyncProperty(
    text,
    async (each) => (await verifier.verify(each)).outcome === 'rejected',
  );
  await t.notThrowsAsync(async () => fc.assert(property, tries(1000)));
});

/** Without the look at the disk that an unknown key is worth, once a second. */
const verifierOf = (bench: KeysBench, keys: SigningKeys): TokenVerifier =>
  createTokenVerifier({
    keys: {
      trusted: (kid) => keys.trusted(kid),
      find: async (kid) => Promise.resolve(keys.trusted(kid)),
    },
    issuer,
    services: [service],
    now: () => bench.time,
  });
