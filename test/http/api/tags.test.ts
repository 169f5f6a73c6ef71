/** Tags by the API: lists, groups, all of what one points at, and deleting it alone. */
import test from 'ava';
import {
  contentOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
} from '../../support/content.ts';
import {until} from '../../support/raw-request.ts';
import {openWorkshop} from './content.ts';
import {itemOf, itemsOf} from './workbench.ts';

const tools = '/api/v1/repositories/tools~saw';

test('tags are listed with their digest, size, platform, and who has pushed them when', async (t) => {
  const {by, push} = await openWorkshop(t);
  const digest = await push('tools/saw', 'v1', {layers: ['12345', '1234567']});
  await push('tools/saw', 'v2');
  const [first] = itemsOf(await by('bert').get(`${tools}/tags`).expect(200));
  t.like(first, {
    id: 'tools~saw:v1',
    name: 'v1',
    digest,
    author: 'anna',
    platform: 'linux/arm64/v8',
    kind: 'image',
    pulls: 0,
    pulled_at: null,
  });
  t.true(Number(first?.['size']) > 12);
  const newest = await by('bert').get(
    `${tools}/tags?sort_attr=pushed_at&sort_order=desc&per_page=1`,
  );
  t.is(itemsOf(newest)[0]?.['name'], 'v2');
  t.is(newest.get('X-Total'), '2');
  await by('carl').get(`${tools}/tags`).expect(404);
});

test('tags of all repositories are listed page by page, to each what he may see', async (t) => {
  const {api, by, push, namespace} = await openWorkshop(t);
  await namespace('open', 'makers', 'public');
  for (const [name, tag] of [
    ['tools/saw', 'v1'],
    ['tools/axe', 'v2'],
    ['open/box', 'a'],
    ['tools/saw', 'v2'],
    ['tools/axe', 'latest'],
    ['tools/axe/old', 'v9'],
    ['tools/axe-new', 'v0'],
  ] as const) {
    await push(name, tag);
  }
  const all = [
    'open~box:a',
    'tools~axe:latest',
    'tools~axe:v2',
    'tools~axe~old:v9',
    'tools~axe-new:v0',
    'tools~saw:v1',
    'tools~saw:v2',
  ];
  for (const [who, asked, seen] of [
    ['root', by('root'), all],
    ['bert', by('bert'), all],
    ['carl', by('carl'), all.slice(0, 1)],
    ['nobody', api, all.slice(0, 1)],
  ] as const) {
    for (const order of ['asc', 'desc']) {
      const found: unknown[] = [];
      for (let page = 1; page <= Math.ceil(seen.length / 2); page += 1) {
        const address = `/api/v1/tags?per_page=2&page=${page}&sort_order=${order}`;
        const answer = await asked.get(address).expect(200);
        t.is(answer.get('X-Total'), String(seen.length), who);
        found.push(...itemsOf(answer).map(({id}) => id));
      }
      t.deepEqual(found, order === 'asc' ? seen : seen.toReversed(), `${who} ${order}`);
    }
  }
  t.deepEqual(itemsOf(await by('root').get('/api/v1/tags?page=9').expect(200)), []);
});

test('tags that point at the same stand in one group', async (t) => {
  const {by, push} = await openWorkshop(t);
  const old = await push('tools/saw', 'v1');
  await push('tools/saw', 'stable');
  const newer = await push('tools/saw', 'v2', {layers: ['more']});
  const groups = itemsOf(await by('bert').get(`${tools}/tags/grouped`).expect(200));
  t.deepEqual(
    groups.map(({digest, tags}) => [
      digest,
      (tags as readonly {readonly name: string}[]).map(({name}) => name),
    ]),
    [
      [newer, ['v2']],
      [old, ['stable', 'v1']],
    ],
  );
});

test('a tag is shown with its layers, its history, its configuration and the commands that pull it', async (t) => {
  const {by, push, url} = await openWorkshop(t);
  const hostile = '=cmd|calc!A0\u0000<script>\u202e';
  const digest = await push('tools/saw', 'v1', {
    layers: ['12345', 'abc'],
    annotations: {hostile},
    config: {
      created: '2026-01-02T03:04:05.678912345Z',
      config: {Env: ['A=b'], Cmd: ['run', 7], Entrypoint: ['/bin/saw'], Labels: {hostile, n: 7}},
      history: [{created_by: 'RUN <b>x</b>', empty_layer: true}, 'nonsense', null],
    },
  });
  const shown = itemOf(await by('bert').get(`${tools}/tags/v1`).expect(200));
  const host = new URL(url).host;
  t.like(shown, {
    digest,
    pull_command: `docker pull ${host}/tools/saw:v1`,
    pull_by_digest_command: `docker pull ${host}/tools/saw@${digest}`,
    annotations: {hostile: hostile.replace('\0', '')},
  });
  t.deepEqual(
    (shown['layers'] as readonly {readonly size: number}[]).map(({size}) => size),
    [5, 3],
  );
  t.like(shown['configuration'], {
    env: ['A=b'],
    cmd: [],
    entrypoint: ['/bin/saw'],
    os: 'linux',
    created: '2026-01-02T03:04:05.678Z',
    labels: {hostile: hostile.replace('\0', '')},
  });
  t.like(shown['history'], [
    {created_by: 'RUN <b>x</b>', empty_layer: true},
    {created: null},
    {created: null},
  ]);
  t.deepEqual(itemOf(await by('bert').get('/api/v1/tags/tools~saw:v1').expect(200)), shown);
  t.deepEqual(itemOf(await by('bert').get('/api/v1/tags/tools%2Fsaw%3Av1').expect(200)), shown);
  await by('bert').get(`${tools}/tags/none`).expect(404);
  await by('bert').get('/api/v1/tags/tools~saw').expect(404);
  await by('bert').get(`${tools}/tags/..%2fv1`).expect(404);
});

test('an index shows its platforms with their sizes; a manifest what refers to it', async (t) => {
  const {by, push} = await openWorkshop(t);
  const api = by('anna');
  const child = await push('tools/saw', 'arm', {layers: ['12345']});
  const platform = {os: 'linux', architecture: 'arm64', variant: 'v8'};
  const head = await api.head(`/v2/tools/saw/manifests/${child}`).expect(200);
  const size = Number(head.get('Content-Length'));
  const descriptor = {mediaType: mediaTypes.image, digest: child, size};
  const index = indexOf([], {manifests: [{...descriptor, platform}]});
  await putManifest(api, 'tools/saw', 'all', index).expect(201);
  const signature = imageOf([], {
    config: contentOf('{}', mediaTypes.config).descriptor,
    subject: descriptor,
    artifactType: 'application/vnd.example.signature',
    annotations: {by: '<i>anna</i>'},
  });
  await pushBlob(api, 'tools/saw', contentOf('{}', mediaTypes.config));
  await putManifest(api, 'tools/saw', signature.digest, signature).expect(201);
  const whole = itemOf(await api.get(`${tools}/tags/all`).expect(200));
  const one = itemOf(await api.get(`${tools}/tags/arm`).expect(200));
  t.like(whole, {kind: 'index', layers: [], configuration: null, size: one['size']});
  t.like(whole['platforms'], [{digest: child, platform: 'linux/arm64/v8', size: one['size']}]);
  t.like(one['referrers'], [
    {
      digest: signature.digest,
      artifact_type: 'application/vnd.example.signature',
      annotations: {by: '<i>anna</i>'},
    },
  ]);
});

test('a pull by digest counts for the tag that points there; looking at the tag counts for nothing', async (t) => {
  const {by, push} = await openWorkshop(t);
  const digest = await push('tools/saw', 'v1');
  await by('bert').get(`/v2/tools/saw/manifests/v1`).expect(200);
  await by('bert').head(`/v2/tools/saw/manifests/v1`).expect(200);
  await by('bert').get(`/v2/tools/saw/manifests/${digest}`).expect(200);
  const shown = async () => itemOf(await by('bert').get(`${tools}/tags/v1`).expect(200));
  await until(async () => (await shown())['digest_pulls'] === 2);
  const tag = await shown();
  t.like(tag, {pulls: 1, digest_pulls: 2});
  t.true(Date.now() - Date.parse(String(tag['pulled_at'])) < 60_000);
  const repository = itemOf(await by('bert').get(tools));
  t.like(repository, {pulls: 2, pulled_at: tag['pulled_at']});
});

test('a tag is deleted alone: its siblings and its manifest stay', async (t) => {
  const {by, push} = await openWorkshop(t);
  const digest = await push('tools/saw', 'v1');
  await push('tools/saw', 'stable');
  await by('bert').delete(`${tools}/tags/v1`).expect(403);
  await by('carl').delete(`${tools}/tags/v1`).expect(404);
  await by('anna').delete(`${tools}/tags/v1`).expect(204);
  await by('anna').delete(`${tools}/tags/v1`).expect(404);
  await by('anna').get(`${tools}/tags/v1`).expect(404);
  t.like(itemOf(await by('anna').get(`${tools}/tags/stable`).expect(200)), {digest});
  await by('anna').delete('/api/v1/tags/tools~saw:stable').expect(204);
  const pulled = await by('anna').get(`/v2/tools/saw/manifests/${digest}`);
  t.is(pulled.status, 200);
});

test('of several tags each is told what became of it', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  await push('tools/saw', 'v2');
  const tags = ['v1', 'none', '../v2', 'v1'];
  await by('bert').post(`${tools}/tags/delete`).send({tags}).expect(403);
  const answer = await by('anna').post(`${tools}/tags/delete`).send({tags}).expect(200);
  t.deepEqual(itemsOf(answer), [
    {name: 'v1', outcome: 'deleted'},
    {name: 'none', outcome: 'unknown'},
    {name: '../v2', outcome: 'unknown'},
  ]);
  t.is(itemsOf(await by('anna').get(`${tools}/tags`)).length, 1);
  await by('anna').post(`${tools}/tags/delete`).send({tags: []}).expect(422);
  await by('anna')
    .post(`${tools}/tags/delete`)
    .send({tags: Array.from({length: 101}, (_, at) => `v${at}`)})
    .expect(422);
});
