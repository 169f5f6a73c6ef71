import test from 'ava';
import {bareMediaType, isJsonMediaType} from '../../src/oci/media-types.ts';
import {nextLink} from '../../src/oci/link-header.ts';

for (const [mediaType, isJson] of [
  ['application/json', true],
  ['application/vnd.oci.image.manifest.v1+json', true],
  ['Application/JSON', true],
  ['application/x+json', true],
  ['application/+json', false],
  ['application/json5', false],
  ['application/xhtml+xml', false],
  ['text/html', false],
  ['text/json', false],
  ['image/svg+json', false],
  ['application/a b+json', false],
  ['application/a/b+json', false],
  ['application/json\r\nX-Evil: 1', false],
  [`application/${'a'.repeat(200)}+json`, false],
  ['', false],
] as const) {
  test(`${JSON.stringify(mediaType.slice(0, 50))} is ${isJson ? 'a' : 'no'} JSON media type`, (t) => {
    t.is(isJsonMediaType(mediaType), isJson);
  });
}

test('a media type is bare without its parameters and spaces', (t) => {
  for (const header of ['a/b', 'a/b;c=d', ' a/b ; c="d;e"', 'a/b;']) {
    t.is(bareMediaType(header), 'a/b');
  }
  t.is(bareMediaType(''), '');
  t.is(bareMediaType(';a'), '');
});

test('a Link leads to the next page, its query escaped', (t) => {
  t.is(
    nextLink('/v2/a/referrers/x', {n: 5, artifactType: 'a/b+json', last: 'a&b'}),
    '</v2/a/referrers/x?n=5&artifactType=a%2Fb%2Bjson&last=a%26b>; rel="next"',
  );
});
