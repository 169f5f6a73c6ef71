/** Which tags are signed, and for which platforms they have something. */
import test from 'ava';
import {
  config,
  type Descriptor,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
} from '../../support/content.ts';
import {openWorkshop, type Workshop} from './content.ts';
import {type Item, itemsOf} from './workbench.ts';

const tools = '/api/v1/repositories/tools~saw';
const sigstore = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const predicate = (type: string) => ({'dev.sigstore.bundle.predicateType': type});

async function descriptorOf({by}: Workshop, digest: string): Promise<Descriptor> {
  const head = await by('anna').head(`/v2/tools/saw/manifests/${digest}`).expect(200);
  return {mediaType: mediaTypes.image, digest, size: Number(head.get('Content-Length'))};
}

async function hang({by}: Workshop, name: string, fields: object, tag?: string): Promise<void> {
  await pushBlob(by('anna'), name, config);
  const referrer = imageOf([], {config: config.descriptor, ...fields});
  await putManifest(by('anna'), name, tag ?? referrer.digest, referrer).expect(201);
}

const shown = (items: readonly Item[]) =>
  Object.fromEntries(items.map(({name, is_signed: isSigned}) => [String(name), isSigned]));

test('a tag is signed if a signature hangs on it, be it of cosign, Sigstore or notation', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const referrers = {
    old: {artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json'},
    notation: {artifactType: 'application/vnd.cncf.notary.signature'},
    bundle: {artifactType: sigstore, annotations: predicate('https://sigstore.dev/cosign/sign/v1')},
    bytes: {artifactType: sigstore, annotations: {'dev.sigstore.bundle.content': 'x'}},
    bare: {artifactType: sigstore},
    provenance: {artifactType: sigstore, annotations: predicate('https://slsa.dev/provenance/v1')},
    sbom: {artifactType: 'application/spdx+json'},
  };
  for (const [tag, fields] of Object.entries(referrers)) {
    const subject = await descriptorOf(bench, await push('tools/saw', tag, {layers: [tag]}));
    await hang(bench, 'tools/saw', {subject, ...fields});
  }
  const tagged = await push('tools/saw', 'tagged', {layers: ['tagged']});
  await hang(bench, 'tools/saw', {}, `${tagged.replace(':', '-')}.sig`);
  await push('tools/saw', 'plain', {layers: ['plain']});
  const elsewhere = await descriptorOf(
    bench,
    await push('tools/saw', 'elsewhere', {layers: ['elsewhere']}),
  );
  await hang(bench, 'tools/axe', {subject: elsewhere, ...referrers.old});
  const expected = {
    old: true,
    notation: true,
    bundle: true,
    bytes: true,
    bare: true,
    provenance: false,
    sbom: false,
    tagged: true,
    plain: false,
    elsewhere: false,
    [`${tagged.replace(':', '-')}.sig`]: false,
  };
  t.deepEqual(shown(itemsOf(await by('bert').get(`${tools}/tags`).expect(200))), expected);
  const groups = itemsOf(await by('bert').get(`${tools}/tags/grouped`).expect(200));
  for (const {is_signed: isSigned, tags} of groups) {
    for (const {name} of tags as readonly Item[]) {
      t.is(isSigned, expected[String(name)], String(name));
    }
  }
});

test('an index has the platforms of its images, and none of what BuildKit attests of them', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const make = async (name: string, os: string, architecture: string) =>
    push(name, architecture, {config: {os, architecture, variant: undefined}});
  const [arm, power] = [
    await make('tools/saw', 'linux', 'arm64'),
    await make('tools/saw', 'linux', 'ppc64le'),
  ];
  const attested = await make('tools/saw', 'unknown', 'unknown');
  const children = await Promise.all(
    [power, arm, attested, power].map(async (digest) => descriptorOf(bench, digest)),
  );
  const index = indexOf([], {manifests: children});
  await putManifest(by('anna'), 'tools/saw', 'multi', index).expect(201);
  const none = indexOf([], {manifests: []});
  await putManifest(by('anna'), 'tools/saw', 'none', none).expect(201);
  const tags = itemsOf(await by('bert').get(`${tools}/tags`).expect(200));
  const found = new Map(tags.map(({name, platforms}) => [name, platforms]));
  t.deepEqual(found.get('multi'), ['linux/ppc64le', 'linux/arm64']);
  t.deepEqual(found.get('none'), []);
  t.deepEqual(found.get('arm64'), ['linux/arm64']);
  const [first] = itemsOf(await by('bert').get(`${tools}/tags/grouped?per_page=1`).expect(200));
  t.deepEqual(first?.['platforms'], []);
});

test('tags are found by a part of their names, in capitals or not, and by their kind', async (t) => {
  const {by, push} = await openWorkshop(t);
  for (const tag of ['v1.0', 'V1.1', 'latest', 'a_b', 'axb']) await push('tools/saw', tag);
  await putManifest(by('anna'), 'tools/saw', 'multi-v1', indexOf([])).expect(201);
  const asked = async (query: string) => {
    const answer = await by('bert').get(`${tools}/tags?${query}`).expect(200);
    const names = itemsOf(answer).map(({name}) => name);
    t.is(answer.get('X-Total'), String(names.length));
    return names;
  };
  t.deepEqual(await asked('name=v1'), ['V1.1', 'multi-v1', 'v1.0']);
  t.deepEqual(await asked('name=A_B'), ['a_b']);
  t.deepEqual(await asked('name=%25'), []);
  t.deepEqual(await asked('kind=index'), ['multi-v1']);
  t.deepEqual(await asked('kind=image&name=v1'), ['V1.1', 'v1.0']);
  await by('bert').get(`${tools}/tags?kind=none`).expect(400);
  await by('bert').get(`${tools}/tags?name=`).expect(400);
});
