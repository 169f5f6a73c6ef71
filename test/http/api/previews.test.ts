/** What would go, and what would stay, before somebody deletes it. */
import test from 'ava';
import {
  config,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
} from '../../support/content.ts';
import {openWorkshop, type Workshop} from './content.ts';
import {type Item, itemOf, itemsOf} from './workbench.ts';

const tools = '/api/v1/repositories/tools~saw';

const preview = async ({by}: Workshop, who: string, tags: readonly string[]) =>
  itemOf(await by(who).post(`${tools}/tags/preview`).send({tags}).expect(200));

const descriptorOf = async ({by}: Workshop, digest: string) => {
  const head = await by('anna').head(`/v2/tools/saw/manifests/${digest}`).expect(200);
  return {mediaType: mediaTypes.image, digest, size: Number(head.get('Content-Length'))};
};

test('a preview tells which manifests lose their last tag, and why the others stay', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const lone = await push('tools/saw', 'lone', {layers: ['lone']});
  const both = await push('tools/saw', 'one', {layers: ['both']});
  await push('tools/saw', 'other', {layers: ['both']});
  const child = await push('tools/saw', 'child', {layers: ['child']});
  const index = indexOf([], {manifests: [await descriptorOf(bench, child)]});
  await putManifest(by('anna'), 'tools/saw', 'index', index).expect(201);
  const shown = await preview(bench, 'anna', ['lone', 'one', 'child', 'none', '../x', 'lone']);
  t.deepEqual(shown['tags'], [
    {name: 'lone', digest: lone, outcome: 'deleted'},
    {name: 'one', digest: both, outcome: 'deleted'},
    {name: 'child', digest: child, outcome: 'deleted'},
    {name: 'none', digest: null, outcome: 'unknown'},
    {name: '../x', digest: null, outcome: 'unknown'},
  ]);
  const reasons = new Map(
    (shown['manifests'] as readonly Item[]).map((each) => [each['digest'], each['stays_because']]),
  );
  t.is(reasons.get(lone), null);
  t.deepEqual(reasons.get(both), {tags: ['other'], referenced_by: []});
  t.deepEqual(reasons.get(child), {tags: [], referenced_by: [index.digest]});
  t.is(itemsOf(await by('anna').get(`${tools}/tags`)).length, 5, 'nothing was deleted');
  const whole = await preview(bench, 'anna', ['one', 'other', 'index', 'child']);
  t.true((whole['manifests'] as readonly Item[]).every((each) => each['stays_because'] === null));
  t.deepEqual(whole['untagged_children'], []);
  await by('anna').delete(`${tools}/tags/child`).expect(204);
  const ofIndex = await preview(bench, 'anna', ['index']);
  t.deepEqual(ofIndex['untagged_children'], [child]);
  const outcomes = await by('anna')
    .post(`${tools}/tags/delete`)
    .send({tags: ['lone', 'none']});
  t.deepEqual(itemsOf(outcomes), [
    {name: 'lone', outcome: 'deleted'},
    {name: 'none', outcome: 'unknown'},
  ]);
  t.is((await by('anna').get(`${tools}/manifests/${lone}`)).status, 200);
});

test('a preview names the signatures and SBOMs that hang on what loses its last tag', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const digest = await push('tools/saw', 'v1');
  await pushBlob(by('anna'), 'tools/saw', config);
  const subject = await descriptorOf(bench, digest);
  const sbom = imageOf([], {subject, artifactType: 'application/spdx+json'});
  await putManifest(by('anna'), 'tools/saw', sbom.digest, sbom).expect(201);
  const signature = imageOf([], {annotations: {of: 'cosign'}});
  const tag = `${digest.replace(':', '-')}.sig`;
  await putManifest(by('anna'), 'tools/saw', tag, signature).expect(201);
  const shown = await preview(bench, 'anna', ['v1']);
  const found = (shown['referrers'] as readonly Item[]).toSorted((one) =>
    one['tag'] === null ? -1 : 1,
  );
  t.like(found, [
    {digest: sbom.digest, subject: digest, kind: 'sbom', tag: null},
    {digest: signature.digest, subject: digest, kind: 'signature', tag},
  ]);
  await push('tools/saw', 'v2');
  t.deepEqual((await preview(bench, 'anna', ['v1']))['referrers'], []);
});

test('a preview tells how much would be freed: what others hold, to admins alone', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const [own, within, beyond] = ['own', 'within', 'beyond'].map((text) => text.repeat(100));
  const digest = await push('tools/saw', 'v1', {layers: [own ?? '', within ?? '', beyond ?? '']});
  await push('tools/saw', 'v2', {layers: [within ?? '']});
  await push('tools/axe', 'v1', {layers: [beyond ?? '']});
  const {size} = await descriptorOf(bench, digest);
  const told = await preview(bench, 'root', ['v1']);
  const kept = itemOf(await by('root').get(`${tools}/manifests/${digest}`));
  const settings = Number((kept['config'] as Item)['size']);
  t.is(told['freed_bytes'], size + 300, 'its layer of its own and its manifest');
  t.is(told['shared_bytes'], 600 + 600 + settings);
  t.is(told['bytes'], size + 1500 + settings);
  const asked = await preview(bench, 'anna', ['v1']);
  t.like(asked, {bytes: told['bytes'], freed_bytes: null, shared_bytes: null});
  t.like(await preview(bench, 'root', ['none']), {bytes: 0, freed_bytes: 0, manifests: []});
});

test('a preview is for whoever may delete', async (t) => {
  const {by, api, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const ask = async (asked: typeof api) => [
    (await asked.post(`${tools}/tags/preview`).send({tags: ['v1']})).status,
    (await asked.get(`${tools}/preview`)).status,
  ];
  t.deepEqual(await ask(by('anna')), [200, 200]);
  t.deepEqual(await ask(by('bert')), [403, 403]);
  t.deepEqual(await ask(by('carl')), [404, 404]);
  t.deepEqual(await ask(api), [401, 401]);
  await by('anna').post(`${tools}/tags/preview`).send({tags: []}).expect(422);
});

test('the preview of a repository counts what goes with it', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  await push('tools/saw', 'v2');
  await push('tools/saw', 'v2', {layers: ['newer']});
  await by('bert').put(`${tools}/star`).expect(200);
  await by('bert').post(`${tools}/comments`).send({body: 'good'}).expect(201);
  await by('anna').put(tools).send({description: 'Saws.'}).expect(200);
  await by('root').get('/api/v1/statistics/storage').expect(200);
  const shown = itemOf(await by('root').get(`${tools}/preview`).expect(200));
  t.like(shown, {
    full_name: 'tools/saw',
    tags_count: 2,
    manifests_count: 2,
    stars: 1,
    comments: 1,
    has_description: true,
  });
  t.true(Number(shown['exclusive_size']) > 0);
  const asked = itemOf(await by('anna').get(`${tools}/preview`).expect(200));
  t.like(asked, {size: shown['size'], exclusive_size: null, shared_size: null});
});

test('the preview of a namespace tells what its deletion does, and to whom its images belong then', async (t) => {
  const {by, push, namespace, api} = await openWorkshop(t);
  await namespace('tools/hand', 'makers');
  for (const name of ['tools/saw', 'tools/hand/saw', 'tools/hand/axe']) await push(name, 'v1');
  const hook = {name: 'ci', url: 'https://ci.example.org/'};
  await by('anna').post('/api/v1/namespaces/tools%2Fhand/webhooks').send(hook).expect(201);
  const robot = {username: 'makers-ci', team: 'makers', role: 'contributor'};
  await by('anna').post('/api/v1/robots').send(robot).expect(201);
  await by('root').get('/api/v1/statistics/storage').expect(200);
  const preview = async (name: string) =>
    itemOf(await by('anna').get(`/api/v1/namespaces/${name}/preview`).expect(200));
  const inner = await preview('tools%2Fhand');
  t.like(inner, {
    name: 'tools/hand',
    repositories_count: 2,
    next_namespace: 'tools',
    webhooks_count: 1,
    members_count: 2,
    robots_count: 1,
  });
  t.true(Number(inner['bytes']) > 0);
  t.like(await preview('tools'), {repositories_count: 1, next_namespace: null, webhooks_count: 0});
  await by('anna').delete('/api/v1/namespaces/tools%2Fhand').expect(204);
  t.like(await preview('tools'), {repositories_count: 3, next_namespace: null});
  const path = '/api/v1/namespaces/tools/preview';
  await by('bert').get(path).expect(403);
  await by('carl').get(path).expect(404);
  await api.get(path).expect(401);
  await by('root').get('/api/v1/namespaces/%2F/preview').expect(403);
});

test('what goes with a manifest is told before, and goes: its tags, and what only it named or hung on it', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push} = bench;
  const child = await push('tools/saw', 'child', {layers: ['child']});
  const index = indexOf([], {manifests: [await descriptorOf(bench, child)]});
  await putManifest(by('anna'), 'tools/saw', 'all', index).expect(201);
  await putManifest(by('anna'), 'tools/saw', 'also', index).expect(201);
  const subject = {mediaType: mediaTypes.index, digest: index.digest, size: index.bytes.length};
  const signature = imageOf([], {subject, artifactType: 'application/vnd.cncf.notary.signature'});
  await pushBlob(by('anna'), 'tools/saw', config);
  await putManifest(by('anna'), 'tools/saw', signature.digest, signature).expect(201);
  const of = (digest: string): string => `${tools}/manifests/${digest}`;
  const told = async (who: string, digest: string) =>
    itemOf(
      await by(who)
        .get(`${of(digest)}/preview`)
        .expect(200),
    );
  const ofChild = await told('anna', child);
  t.like(ofChild, {tags: ['child'], indexes: [index.digest], freed_bytes: null});
  await by('anna').delete(`${tools}/tags/child`).expect(204);
  const ofIndex = await told('root', index.digest);
  t.like(ofIndex, {tags_count: 2, indexes: [], untagged_children: [child], is_complete: true});
  t.deepEqual(ofIndex['tags'], ['all', 'also']);
  t.like(ofIndex['referrers'], [{digest: signature.digest, kind: 'signature'}]);
  t.true(Number(ofIndex['freed_bytes']) > 0);
  for (const [who, status] of [
    ['bert', 403],
    ['carl', 404],
  ] as const) {
    t.is((await by(who).get(`${of(index.digest)}/preview`)).status, status, who);
    t.is((await by(who).delete(of(index.digest))).status, status, who);
  }
  await by('anna').delete(of(index.digest)).expect(204);
  t.deepEqual(itemsOf(await by('anna').get(`${tools}/tags`)), []);
  for (const digest of [index.digest, 'latest']) {
    await by('anna')
      .get(`${of(digest)}/preview`)
      .expect(404);
    await by('anna').delete(of(digest)).expect(404);
  }
  // What is left of it is there, and can be looked at.
  await by('anna').get(of(child)).expect(200);
});
