/** Manifests by their digests: what they name, their text, and what hangs on them. */
import test from 'ava';
import {
  config,
  type Content,
  contentOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
  strangeDigest,
} from '../../support/content.ts';
import {openWorkshop, type Workshop} from './content.ts';
import {type Item, itemOf, itemsOf} from './workbench.ts';

const tools = '/api/v1/repositories/tools~saw';
const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const of = (digest: string): string => `${tools}/manifests/${digest}`;

/** Pushed to tools/saw, by its digest unless a tag is given. */
async function put({by}: Workshop, image: Content, tag?: string): Promise<Content> {
  await pushBlob(by('anna'), 'tools/saw', config);
  await putManifest(by('anna'), 'tools/saw', tag ?? image.digest, image).expect(201);
  return image;
}

test('a child of an index is shown by its digest as a tag would show it, with the indexes that name it', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push, api} = bench;
  const digest = await push('tools/saw', 'arm', {layers: ['12345'], annotations: {a: 'b'}});
  const tag = itemOf(await by('bert').get(`${tools}/tags/arm`).expect(200));
  const size = Number(tag['manifest_size']);
  const index = indexOf([], {manifests: [{mediaType: mediaTypes.image, digest, size}]});
  await put(bench, index, 'all');
  const shown = itemOf(await by('bert').get(of(digest)).expect(200));
  for (const [field, value] of Object.entries(shown)) {
    if (['tags', 'tags_count', 'indexes', 'platforms'].includes(field)) continue;
    t.deepEqual(value, tag[field], field);
  }
  t.like(shown, {tags: ['arm'], tags_count: 1, indexes: [index.digest], platforms: []});
  t.is((shown['layers'] as readonly Item[]).length, 1);
  await by('anna').delete(`${tools}/tags/arm`).expect(204);
  t.like(itemOf(await by('bert').get(of(digest)).expect(200)), {tags: [], tags_count: 0});
  for (const path of [of(digest), `${of(digest)}/raw`, `${of(digest)}/referrers`]) {
    await by('carl').get(path).expect(404);
    await api.get(path).expect(404);
    await by('root').get(path.replace('~saw', '~axe')).expect(404);
  }
  for (const end of ['', '/raw', '/referrers']) {
    await by('root')
      .get(`${of(strangeDigest)}${end}`)
      .expect(404);
    await by('root')
      .get(`${of('latest')}${end}`)
      .expect(404);
    await by('root')
      .get(`${of(`sha256:${'%2e'.repeat(3)}`)}${end}`)
      .expect(404);
  }
});

test('what another repository holds is not shown by its digest', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const digest = await push('tools/axe', 'v1', {layers: ['another']});
  for (const end of ['', '/raw', '/referrers']) {
    t.is((await by('root').get(`${of(digest)}${end}`)).status, 404, end);
  }
});

test('the text of a manifest is that which was pushed, and asking for it is no pull', async (t) => {
  const bench = await openWorkshop(t);
  const {by} = bench;
  const text = JSON.stringify(
    {
      mediaType: mediaTypes.image,
      schemaVersion: 2,
      config: config.descriptor,
      layers: [],
      annotations: {odd: '<script>\u2028 😀 "ä"'},
    },
    undefined,
    3,
  );
  const image = await put(bench, contentOf(`${text}\n\n`, mediaTypes.image), 'v1');
  const shown = itemOf(
    await by('bert')
      .get(`${of(image.digest)}/raw`)
      .expect(200),
  );
  const size = image.bytes.length;
  t.deepEqual(shown, {
    digest: image.digest,
    media_type: mediaTypes.image,
    size,
    text: `${text}\n\n`,
  });
  t.is(itemOf(await by('bert').get(of(image.digest)))['digest_pulls'], 0);
});

interface Node {
  readonly digest: string;
  readonly kind: string;
  readonly tag: string | null;
  readonly referrers: readonly Node[];
}

const outline = (nodes: readonly Node[]): readonly unknown[] =>
  nodes
    .map(({digest, kind, tag, referrers}) => [digest, kind, tag, outline(referrers)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

test('what hangs on a manifest is shown as a tree: by subjects, by tags of cosign, and what hangs on that', async (t) => {
  const bench = await openWorkshop(t);
  const {by} = bench;
  const image = await put(bench, imageOf([], {annotations: {of: 'tree'}}), 'v1');
  const hang = async (on: Content, artifactType: string, annotations: object = {}) =>
    put(bench, imageOf([], {subject: on.descriptor, artifactType, annotations}));
  const sbom = await hang(image, 'application/spdx+json');
  const signature = await hang(sbom, 'application/vnd.cncf.notary.signature');
  const provenance = await hang(image, bundle, {
    'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1',
  });
  const other = await hang(image, 'application/vnd.example');
  const hex = image.digest.replace(':', '-');
  const tagged = await put(bench, imageOf([], {annotations: {by: 'cosign'}}), `${hex}.sig`);
  const attested = await put(bench, imageOf([], {annotations: {by: 'att'}}), `${hex}.att`);
  // As a client lists them that does not know the API of referrers.
  await put(bench, indexOf([sbom]), hex);
  // In a circle.
  await put(bench, image, `${tagged.digest.replace(':', '-')}.att`);
  const shown = itemOf(
    await by('bert')
      .get(`${of(image.digest)}/referrers`)
      .expect(200),
  );
  t.true(shown['is_complete']);
  const expected: readonly Node[] = [
    {
      digest: sbom.digest,
      kind: 'sbom',
      tag: null,
      referrers: [{digest: signature.digest, kind: 'signature', tag: null, referrers: []}],
    },
    {digest: provenance.digest, kind: 'attestation', tag: null, referrers: []},
    {digest: other.digest, kind: 'other', tag: null, referrers: []},
    {digest: tagged.digest, kind: 'signature', tag: `${hex}.sig`, referrers: []},
    {digest: attested.digest, kind: 'attestation', tag: `${hex}.att`, referrers: []},
  ];
  t.deepEqual(outline(shown['referrers'] as readonly Node[]), outline(expected));
});

test('a tree of referrers says where it ends though there is more', async (t) => {
  const bench = await openWorkshop(t);
  const {by} = bench;
  const top = await put(bench, imageOf([], {annotations: {of: 'deep'}}), 'v1');
  const fields = {artifactType: 'application/vnd.example'};
  let last = top;
  for (let deep = 0; deep < 6; deep += 1) {
    last = await put(bench, imageOf([], {subject: last.descriptor, ...fields}));
  }
  const depthOf = (nodes: readonly Node[]): number =>
    Math.max(0, ...nodes.map(({referrers}) => 1 + depthOf(referrers)));
  const ask = async (digest: string) =>
    itemOf(
      await by('bert')
        .get(`${of(digest)}/referrers`)
        .expect(200),
    );
  const deep = await ask(top.digest);
  t.false(deep['is_complete']);
  t.is(depthOf(deep['referrers'] as readonly Node[]), 5);
  const [first] = deep['referrers'] as readonly Node[];
  const whole = await ask(first?.digest ?? '');
  t.true(whole['is_complete']);
  t.is(depthOf(whole['referrers'] as readonly Node[]), 5);
  t.is(itemsOf(await by('bert').get(`${tools}/tags`)).length, 1);
});

test('the text of a configuration is shown, of whatever it is, unless it is larger than clients read', async (t) => {
  const bench = await openWorkshop(t);
  const {by} = bench;
  const chart = contentOf('{"name": "tool"}', 'application/vnd.cncf.helm.config.v1+json');
  const large = contentOf(Buffer.alloc(4 * 1024 * 1024 + 1, 0x20), mediaTypes.config);
  const binary = contentOf(Buffer.from([0, 1, 2]), mediaTypes.config);
  for (const [content, text] of [
    [chart, '{"name": "tool"}'],
    [large, null],
    [binary, null],
  ] as const) {
    await pushBlob(by('anna'), 'tools/saw', content);
    const {digest} = await put(bench, imageOf([], {config: content.descriptor}));
    t.deepEqual(
      itemOf(
        await by('bert')
          .get(`${of(digest)}/configuration`)
          .expect(200),
      ),
      {
        digest: content.digest,
        media_type: content.descriptor.mediaType,
        size: content.descriptor.size,
        text,
      },
    );
    await by('carl')
      .get(`${of(digest)}/configuration`)
      .expect(404);
  }
  const index = await put(bench, indexOf([]));
  await by('root')
    .get(`${of(index.digest)}/configuration`)
    .expect(404);
});

test('what a layer says of itself is told with it', async (t) => {
  const bench = await openWorkshop(t);
  const statement = contentOf('{}', 'application/vnd.in-toto+json');
  await pushBlob(bench.by('anna'), 'tools/saw', statement);
  const annotations = {'in-toto.io/predicate-type': 'https://spdx.dev/Document'};
  const layers = [{...statement.descriptor, annotations}];
  const {digest} = await put(bench, imageOf([], {layers}));
  const shown = itemOf(await bench.by('bert').get(of(digest)).expect(200));
  t.like(shown['layers'], [{digest: statement.digest, annotations}]);
});
