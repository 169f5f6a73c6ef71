import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import {
  createSecretToken,
  hashSecret,
  isSameSecret,
  looksLikeSecretToken,
  readSecretToken,
  secretMatches,
} from '../../src/auth/secret-token.ts';
import {tries} from '../support/properties.ts';

test('a token says its kind and its id, and only its hash has to be kept', (t) => {
  for (const kind of ['application', 'refresh'] as const) {
    const token = createSecretToken(kind);
    t.deepEqual(readSecretToken(token.text), {kind, id: token.id});
    t.regex(token.text, /^hf[ar]_[0-9A-Za-z]{17}_[0-9A-Za-z]{49}$/);
    t.is(token.hash, createHash('sha256').update(token.text).digest('hex'));
    t.true(secretMatches(token.text, token.hash));
    t.true(looksLikeSecretToken(token.text));
  }
});

test('no two of 10,000 tokens share an id or a secret', (t) => {
  const texts = Array.from({length: 10_000}, () => createSecretToken('application').text);
  t.is(new Set(texts.map((text) => text.split('_')[1])).size, texts.length);
  t.is(new Set(texts.map((text) => text.split('_')[2])).size, texts.length);
});

test('a secret holds 256 bits: its first and its last digit take many values', (t) => {
  const secrets = Array.from(
    {length: 2000},
    () => createSecretToken('refresh').text.split('_')[2] ?? '',
  );
  // 2^256 is 60.6 times 62^42.
  t.true(new Set(secrets.map((secret) => secret[0])).size > 55);
  t.is(new Set(secrets.map((secret) => secret[42])).size, 62);
});

test('any changed, missing or added character is seen', (t) => {
  const {text} = createSecretToken('application');
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom('0', 'a', 'Z', '_', ' ', '~', ''),
      fc.boolean(),
      (index, character, isAdded) => {
        const changed = text.slice(0, index) + character + text.slice(isAdded ? index : index + 1);
        return changed === text || readSecretToken(changed) === undefined;
      },
    ),
    tries(2000),
  );
  t.is(readSecretToken(text.replace('hfa_', 'hfr_')), undefined);
  t.is(readSecretToken(`${text}\n`), undefined);
  t.is(readSecretToken(''), undefined);
});

test('what begins as a token is taken for one, and hashes are compared whole', (t) => {
  for (const text of ['hfa_', ' hfr_abc', 'hfa_0123']) t.true(looksLikeSecretToken(text), text);
  for (const text of ['', 'hfa', 'hfb_abc', 'xhfa_abc', 'HFA_x']) {
    t.false(looksLikeSecretToken(text), text);
  }
  const {text, hash} = createSecretToken('application');
  t.false(secretMatches(text, hash.slice(1)));
  t.false(secretMatches(text, ''));
  t.false(secretMatches(`${text}x`, hash));
  t.false(secretMatches(text, hashSecret('other')));
  t.true(isSameSecret('ä', 'ä'));
  t.false(isSameSecret('a', 'b'));
});
