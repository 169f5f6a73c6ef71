/** Every parser on every text: it agrees with the specification, is at its end soon, and throws nothing but what it says. */
import test from 'ava';
import fc from 'fast-check';
import {isDigest, parseDigest, parseDigestAlgorithm} from '../../src/oci/digest.ts';
import {RegistryError} from '../../src/oci/errors.ts';
import {nextLink} from '../../src/oci/link-header.ts';
import {inherentMediaType, parseManifest, readManifest} from '../../src/oci/manifest.ts';
import {bareMediaType, isJsonMediaType, manifestKind} from '../../src/oci/media-types.ts';
import {isRepositoryName, parseRepositoryName} from '../../src/oci/name.ts';
import {parseContentRange, parseRange, uploadRange} from '../../src/oci/range.ts';
import {parseReference} from '../../src/oci/reference.ts';
import {parseStrictJson, StrictJsonError} from '../../src/oci/strict-json.ts';
import {isTag} from '../../src/oci/tag.ts';
import {parseUserName} from '../../src/oci/user-name.ts';
import {parsePageSize} from '../../src/registry/page.ts';
import {originForm} from '../../src/http/origin-form.ts';
import {parseByteSize, parseDuration, parseListenAddress} from '../../src/config/units.ts';
import {requestId} from '../../src/observability/request-id.ts';
import {tries} from '../support/properties.ts';

const digestGrammar = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const nearlyDigests = fc
  .tuple(
    fc.constantFrom('sha256', 'sha512', 'sha384', 'SHA256', ''),
    fc.constantFrom(':', '', '::', ': '),
    fc.stringMatching(/^[0-9a-fA-Fg]{63,65}$|^[0-9a-f]{127,129}$/),
  )
  .map((parts) => parts.join(''));

test('a digest is what the specification says, whatever the text', (t) => {
  fc.assert(
    fc.property(fc.oneof(nearlyDigests, fc.stringMatching(digestGrammar), fc.string()), (text) => {
      t.is(isDigest(text), digestGrammar.test(text), text);
    }),
    tries(2000),
  );
});

test('a reference is a tag where it is one, a digest where it has a colon, and else nothing', (t) => {
  fc.assert(
    fc.property(fc.oneof(nearlyDigests, fc.string({maxLength: 130})), (text) => {
      if (!text.includes(':')) {
        t.deepEqual<unknown, unknown>(parseReference(text), isTag(text) ? {tag: text} : undefined);
      } else if (isDigest(text))
        t.deepEqual<unknown, unknown>(parseReference(text), {digest: text});
      else t.throws(() => parseReference(text), {instanceOf: RegistryError});
    }),
    tries(2000),
  );
});

test('a name of an account is one component of a repository’s name, whatever the text', (t) => {
  const component = fc.array(
    fc.constantFrom('a', 'z9', '0', '.', '_', '__', '-', '--', 'A', '/', 'é', ' '),
    {
      maxLength: 140,
    },
  );
  const names = component.map((parts) => parts.join(''));
  const long = fc.integer({min: 120, max: 136}).map((length) => 'a'.repeat(length));
  fc.assert(
    fc.property(fc.oneof(names, long, fc.string(), fc.string({unit: 'binary'})), (text) => {
      const isName = /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(text) && text.length <= 128;
      t.is<string | undefined, string | undefined>(parseUserName(text), isName ? text : undefined);
      if (isName) t.true(isRepositoryName(`${text}/app`), text);
    }),
    tries(2000),
  );
});

test('the Content-Range of a chunk comes back from its text, and the Range of an upload ends with it', (t) => {
  fc.assert(
    fc.property(fc.nat({max: 2 ** 40}), fc.nat({max: 2 ** 40}), (start, more) => {
      const end = start + more;
      t.deepEqual(parseContentRange(`${start}-${end}`), {start, end});
      t.is(more === 0 ? undefined : parseContentRange(`${end}-${start}`), undefined);
      t.is(uploadRange(end + 1), `0-${end}`);
    }),
    tries(1000),
  );
});

test('the link to the next page leads to the very query it was made of', (t) => {
  const value = fc.string({unit: 'grapheme'}).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('n', 'last', 'artifactType'), value), (query) => {
      const link = /^<([^<>"\s]*)>; rel="next"$/.exec(nextLink('/v2/a/tags/list', query))?.[1];
      const url = new URL(link ?? '', 'http://test');
      t.is(url.pathname, '/v2/a/tags/list');
      t.deepEqual(Object.fromEntries(url.searchParams), {...query});
    }),
    tries(1000),
  );
});

test('what makes a media type bare leaves a bare one as it is', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bare = bareMediaType(text);
      t.is(bareMediaType(bare), bare);
      t.is(isJsonMediaType(`${bare};charset=utf-8`), false);
      if (isJsonMediaType(bare)) t.regex(bare, /^application\/[!-~]+$/i);
    }),
    tries(1000),
  );
});

test('a target in the origin form is left as it is, and whatever comes is one or *', (t) => {
  const absolute = fc.tuple(
    fc.constantFrom('http://', 'HTTPS://a', 'http://a:1', 'ftp://'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        absolute.map((parts) => parts.join('')),
      ),
      (text) => {
        const form = originForm(text);
        t.true(form === '*' || form.startsWith('/'));
        t.is(originForm(form), form);
      },
    ),
    tries(2000),
  );
});

test('sizes, durations and addresses come back from their text', (t) => {
  const factors = {B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30};
  fc.assert(
    fc.property(fc.nat({max: 1e6}), fc.constantFrom('B', 'KiB', 'MiB', 'GiB'), (count, unit) => {
      t.is(parseByteSize(`${count}${unit}`), count * factors[unit]);
      t.true(Number.isNaN(parseByteSize(`${count} ${unit}`)));
      t.is(parseDuration(`${count}s`), count * 1000);
    }),
    tries(500),
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.domain(), fc.ipV6()),
      fc.nat({max: 70_000}),
      (host, port) => {
        const text = `${host.includes(':') ? `[${host}]` : host}:${port}`;
        t.deepEqual(parseListenAddress(text), port > 65_535 ? undefined : {host, port});
      },
    ),
    tries(500),
  );
});

const words = [
  'sha256:',
  '/',
  '-',
  '_',
  '.',
  ' ',
  '\t',
  '\n',
  '{',
  '[',
  '"',
  '\\',
  ',',
  ':',
  'a',
  '0',
  '=',
];
/** Short pieces repeated very often: what runs away in a regular expression. */
const repetitive = fc
  .tuple(
    fc.constantFrom('', 'bytes=', 'sha256:', 'application/', 'http://', '{"a":', '"', 'bytes=1-'),
    fc
      .array(fc.constantFrom(...words), {minLength: 1, maxLength: 3})
      .map((parts) => parts.join('')),
    fc.constantFrom('', '!', '\n', '"', 'x'),
  )
  .map(([head, piece, tail]) => head + piece.repeat(65_000 / piece.length) + tail);

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  parseDigest,
  parseDigestAlgorithm,
  parseRepositoryName,
  parseReference,
  parseRange: (text) => parseRange(text, 1000),
  parseContentRange,
  parsePageSize,
  parseManifest: (text) => parseManifest(Buffer.from(text)),
  'parseManifest of a type': (text) => parseManifest(Buffer.from('{}'), text),
  parseStrictJson: (text) => parseStrictJson(Buffer.from(text)),
};
const judges: Readonly<Record<string, (text: string) => unknown>> = {
  isDigest,
  isRepositoryName,
  isTag,
  isJsonMediaType,
  manifestKind,
  bareMediaType,
  originForm,
  requestId,
  parseDuration,
  parseByteSize,
  parseListenAddress,
  parseUserName,
  readManifest: (text) => readManifest(Buffer.from(text)),
  inherentMediaType: (text) => inherentMediaType(Buffer.from(text)),
};

for (const [name, parse] of Object.entries({...parsers, ...judges})) {
  test.serial(`${name} is at its end soon, and throws nothing else than it says`, (t) => {
    const text = fc.oneof(repetitive, fc.string(), fc.string({unit: 'binary'}));
    fc.assert(
      fc.property(text, (given) => {
        const startedAt = performance.now();
        try {
          parse(given);
        } catch (error) {
          t.true(name in parsers);
          t.true(error instanceof RegistryError || error instanceof StrictJsonError, String(error));
        }
        // Where it runs away it takes seconds.
        t.true(performance.now() - startedAt < 1000);
      }),
      tries(150),
    );
  });
}
