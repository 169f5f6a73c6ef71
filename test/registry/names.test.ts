/** Names, tags and references: what is one and what is none, as it comes over the wire. */
import test from 'ava';
import {
  codesOf,
  errorsOf,
  getBytes,
  imageOf,
  pushBlob,
  pushImage,
  config,
  putManifest,
  randomContent,
  startUpload,
  strangeDigest,
} from '../support/content.ts';
import {layoutFiles} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';

const badNames: Readonly<Record<string, string>> = {
  'with an upper-case letter': 'Library/alpine',
  'with an encoded way up': '..%2f..%2f..%2fetc',
  'that is only dots': '%2e%2e',
  'with an encoded NUL': 'a%00b',
  'with a malformed escape': '%zz',
  'with a space': 'a%20b',
  'with a letter that is not ASCII': 'caf%C3%A9',
  'with an empty part': 'a%2f%2fb',
  'that ends in a slash': 'a%2f',
  'that ends in a separator': 'a-',
  'that begins with a separator': '_a',
  'with a part that begins with an underscore': 'a/_layers',
  'with two dots in a row': 'a..b',
  'with three underscores in a row': 'a___b',
  'with a backslash': 'a%5cb',
  'with a newline at its end': 'a%0a',
  'of 256 characters': 'a'.repeat(256),
  'of 300 characters': 'a/'.repeat(149) + 'bb',
};

const badName = test.macro({
  title: (_, kind: string) => `a name ${kind} answers 400 NAME_INVALID to everything`,
  async exec(t, kind: string) {
    const server = await startInProcess(t);
    const name = badNames[kind] ?? '';
    for (const [method, path] of [
      ['GET', 'tags/list'],
      ['GET', 'manifests/latest'],
      ['PUT', 'manifests/latest'],
      ['DELETE', 'manifests/latest'],
      ['GET', `blobs/${strangeDigest}`],
      ['DELETE', `blobs/${strangeDigest}`],
      ['GET', `referrers/${strangeDigest}`],
      ['POST', 'blobs/uploads/'],
      ['GET', 'blobs/uploads/id?_state=x'],
    ] as const) {
      const answer = await rawRequest(server, {method, path: `/v2/${name}/${path}`});
      t.is(answer.status, 400, `${method} ${path}`);
      t.deepEqual(codesOf(answer), ['NAME_INVALID']);
    }
    t.deepEqual(await layoutFiles(server), []);
  },
});

for (const kind of Object.keys(badNames)) test(badName, kind);

test('a path with a way up is no way to other repositories', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'latest'});
  for (const path of ['/v2/b/../a/manifests/latest', '/v2/b/%2e%2e/a/manifests/latest']) {
    const {status, body} = await rawRequest(server, {path});
    t.is(status, 400);
    t.deepEqual(codesOf({body}), ['NAME_INVALID']);
  }
});

const goodNames: readonly string[] = [
  'a',
  '0',
  'a/b/c/d/e/f/g',
  'a.b',
  'a_b',
  'a__b',
  'a-b',
  'a----b',
  'a/blobs/b',
  'a/manifests/b',
  'manifests/manifests',
  'blobs/uploads',
  'tags/list',
  'referrers/x',
  'v2/v2',
  'a'.repeat(255),
  `${'a/'.repeat(127)}b`,
];

test('every name of the grammar takes an image and gives it back', async (t) => {
  const {api} = await startInProcess(t);
  for (const name of goodNames) {
    const layer = randomContent();
    const image = await pushImage(api, name, {tag: 'v1', layers: [layer]});
    const manifest = await getBytes(api, `/v2/${name}/manifests/v1`).expect(200);
    t.deepEqual(manifest.body, image.bytes, name);
    const blob = await getBytes(api, `/v2/${name}/blobs/${layer.digest}`).expect(200);
    t.deepEqual(blob.body, layer.bytes, name);
    t.deepEqual((await api.get(`/v2/${name}/tags/list`)).body, {name, tags: ['v1']});
    const location = await startUpload(api, name);
    await api.get(location).expect(204);
    await api.delete(location).expect(204);
  }
});

test('slashes of a name may come encoded', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a/b', {tag: 'v1'});
  const answer = await getBytes(api, '/v2/a%2Fb/manifests/v1').expect(200);
  sameBytes(t, answer.body, image.bytes);
});

const badTags: Readonly<Record<string, string>> = {
  'of 129 characters': 'a'.repeat(129),
  'that begins with a dot': '.a',
  'that begins with a dash': '-a',
  'with a slash': 'a%2fb',
  'with a plus sign': 'a%2bb',
  'that is a way up': '%2e%2e%2f%2e%2e',
  'with a malformed escape': '%zz',
  'with a letter that is not ASCII': '%C3%A9',
};

for (const [kind, tag] of Object.entries(badTags)) {
  test(`a tag ${kind} answers 400 MANIFEST_INVALID to a push, 404 MANIFEST_UNKNOWN to a pull`, async (t) => {
    const server = await startInProcess(t);
    await pushBlob(server.api, 'a', config);
    const {bytes, descriptor} = imageOf([]);
    const path = `/v2/a/manifests/${tag}`;
    const headers = {'Content-Type': descriptor.mediaType};
    const put = await rawRequest(server, {method: 'PUT', path, headers, body: bytes});
    t.is(put.status, 400);
    t.deepEqual(codesOf(put), ['MANIFEST_INVALID']);
    const get = await rawRequest(server, {path});
    t.is(get.status, 404);
    t.deepEqual(codesOf(get), ['MANIFEST_UNKNOWN']);
    t.is((await rawRequest(server, {method: 'HEAD', path})).status, 404);
  });
}

for (const tag of ['a'.repeat(128), '_', '0', 'v1.2-3_4', 'UPPER', 'x.tmp', 'current', 'link']) {
  test(`the tag ${tag.slice(0, 20)} of ${tag.length} characters takes a manifest and gives it back`, async (t) => {
    const {api} = await startInProcess(t);
    const image = await pushImage(api, 'a', {tag});
    sameBytes(t, (await getBytes(api, `/v2/a/manifests/${tag}`).expect(200)).body, image.bytes);
    t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: [tag]});
  });
}

for (const reference of ['sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e', 'a:b', ':']) {
  test(`the reference ${reference} answers 400 DIGEST_INVALID`, async (t) => {
    const {api} = await startInProcess(t);
    const path = `/v2/a/manifests/${reference}`;
    for (const answer of [
      await api.get(path),
      await api.delete(path),
      await putManifest(api, 'a', reference, imageOf([])),
    ]) {
      t.is(answer.status, 400);
      t.deepEqual(codesOf(answer), ['DIGEST_INVALID']);
    }
  });
}

test('the error names what was wrong, cut to a length that a log can bear', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await api.get(`/v2/${'A'.repeat(5000)}/tags/list`).expect(400);
  const [error] = errorsOf(answer);
  t.is(error?.detail?.['name'], 'A'.repeat(255));
  t.true(answer.text.length < 1000);
});
