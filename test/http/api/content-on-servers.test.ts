/** What the API tells of content is the same, whatever engine the database is of. */
import type {ExecutionContext} from 'ava';
import {onEachServer} from '../../contract/engines.ts';
import {basic} from '../../support/accounts.ts';
import {contentOf, imageOf, mediaTypes, pushBlob, putManifest} from '../../support/content.ts';
import {urlOf} from '../../support/database-server.ts';
import type {Settings} from '../../support/in-process.ts';
import {until} from '../../support/raw-request.ts';
import {openWorkshop, type Workshop} from './content.ts';
import {itemOf} from './workbench.ts';

const repositories = '/api/v1/repositories';
const odd = '\'; drop table tags; -- %_|\\ "ä" 😀 =1+1';

/** Names and values that one engine or another could take for the same, or for something else. */
const annotations = {odd, A: 'x', a: 'X', 'trailing ': 'x ', 'org.example.n': '007'};

const plain = imageOf([contentOf('a layer')]);

/** The same in the same order, with the same bytes. */
async function fill({as, by, push, namespace}: Workshop): Promise<void> {
  await namespace('open', 'makers', 'public');
  await namespace('too', 'makers');
  const anna = as(basic('anna'));
  const first = await push('tools/saw', 'v1', {annotations});
  await push('tools/saw', 'V1', {layers: ['a layer', 'another']});
  await push('tools/saw', 'v1', {layers: ['newer'], config: {config: {Labels: {odd, a: 'x '}}}});
  await push('tools/saw', 'latest', {layers: ['newer']});
  await push('tools/saw', 'gone', {annotations});
  await push('tools/saw-blade/left', 'v10', {layers: ['a layer']});
  await push('tools/saw/blade', 'v9', {layers: ['a layer']});
  await push('open/box', 'v1', {annotations: {a: 'x'}});
  const empty = contentOf('{}', mediaTypes.config);
  await pushBlob(anna, 'open/odd', empty);
  const layers = [{...empty.descriptor, mediaType: 'odd/\u0000layer'}];
  const artifact = imageOf([], {config: empty.descriptor, artifactType: 'odd/\u0000type', layers});
  await putManifest(anna, 'open/odd', 'v1', artifact).expect(201);
  await push('too/saw', 'v1', {layers: ['a layer', 'only here']});
  const image = plain;
  const index = contentOf(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests: [{...image.descriptor, platform: {os: 'linux', architecture: 's390x'}}],
    }),
    mediaTypes.index,
  );
  await pushBlob(anna, 'tools/saw', contentOf('{}', mediaTypes.config));
  await putManifest(anna, 'tools/saw', image.digest, image).expect(201);
  await putManifest(anna, 'tools/saw', 'multi', index).expect(201);
  const signature = imageOf([], {subject: image.descriptor, annotations: {odd}});
  await putManifest(anna, 'tools/saw', signature.digest, signature).expect(201);
  const bundle = imageOf([], {
    subject: index.descriptor,
    artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    annotations: {'dev.sigstore.bundle.predicateType': 'https://sigstore.dev/cosign/sign/v1', odd},
  });
  await putManifest(anna, 'tools/saw', bundle.digest, bundle).expect(201);
  await by('anna').delete(`${repositories}/tools~saw/tags/gone`).expect(204);
  await by('anna')
    .post(`${repositories}/tools~saw/tags/v1/restore`)
    .send({digest: first})
    .expect(200);
  await by('anna').put(`${repositories}/tools~saw`).send({description: odd}).expect(200);
  await by('bert').put(`${repositories}/tools~saw/star`).expect(200);
  await by('bert').post(`${repositories}/tools~saw/comments`).send({body: odd}).expect(201);
  for (const reference of ['v1', 'v1', first, 'V1']) {
    await by('bert').get(`/v2/tools/saw/manifests/${reference}`).expect(200);
  }
  await until(async () => {
    const shown = itemOf(await by('root').get(`${repositories}/tools~saw`).expect(200));
    return shown['pulls'] === 4;
  });
}

const orders = ['name', 'pushed_at', 'tags', 'pulls'].flatMap((sort) =>
  ['asc', 'desc'].map((order) => `sort_attr=${sort}&sort_order=${order}`),
);

const searches = [
  'saw',
  'SAW',
  'drop table',
  '😀',
  '%',
  'saw:v',
  'saw:V',
  'a=x',
  'A=x',
  'a=x ',
  'a=X',
];

const questions: readonly string[] = [
  '/v2/_catalog',
  '/v2/_catalog?n=2&last=open/box',
  ...orders.map((order) => `${repositories}?${order}`),
  `${repositories}?list=starred`,
  `${repositories}?namespace=tools&per_page=2&page=2`,
  `${repositories}?name=blade`,
  `${repositories}/tools~saw`,
  `${repositories}/tools~saw/tags?sort_attr=pushed_at&sort_order=desc`,
  `${repositories}/tools~saw/tags?per_page=2&page=2`,
  `${repositories}/tools~saw/tags?name=V`,
  `${repositories}/tools~saw/tags?kind=index`,
  `${repositories}/tools~saw/tags/grouped`,
  ...['v1', 'V1', 'multi', 'gone'].map((tag) => `${repositories}/tools~saw/tags/${tag}`),
  ...['', '/raw', '/referrers'].map(
    (end) => `${repositories}/tools~saw/manifests/${plain.digest}${end}`,
  ),
  `${repositories}/tools~saw/preview`,
  `${repositories}/tools~saw/tags/v1/history`,
  `${repositories}/tools~saw/deleted-tags`,
  `${repositories}/tools~saw/comments`,
  `${repositories}/tools~saw/days?days=2`,
  '/api/v1/tags?per_page=3',
  '/api/v1/tags?per_page=3&page=2&sort_order=desc',
  ...searches.map((text) => `/api/v1/search?q=${encodeURIComponent(text)}`),
  '/api/v1/search?q=a&limit=1',
  '/api/v1/statistics/storage',
  '/api/v1/statistics/days?days=2',
  `${repositories}?list=team`,
  `${repositories}?list=other`,
  ...['all', 'personal', 'member', 'other'].map((list) => `/api/v1/namespaces?list=${list}`),
  '/api/v1/namespaces?name=OO&sort_order=desc',
  '/api/v1/teams?name=MAK',
  '/api/v1/users?name=AN',
  '/api/v1/users/names?q=AN',
  '/api/v1/robots?name=x&namespace=tools',
];

/** What differs from one registry to the next is not the engine's doing. */
const settled = (text: string): string =>
  text
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"a time"')
    .replaceAll(/"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"/g, '"an id"')
    .replaceAll(/(?:127\.0\.0\.1|localhost):\d+/g, 'a host');

type Answers = Readonly<Record<string, string>>;

async function answersOf(t: ExecutionContext, settings: Settings): Promise<Answers> {
  const workshop = await openWorkshop(t, settings);
  await fill(workshop);
  const answers: Record<string, string> = {};
  for (const who of ['root', 'bert', 'carl']) {
    for (const question of questions) {
      const {status, text} = await workshop.by(who).get(question);
      answers[`${who}: ${question}`] = `${status} ${settled(text)}`;
    }
  }
  const tags = ['v1', 'V1', 'latest', 'multi', 'none'];
  const asked = workshop.by('root').post(`${repositories}/tools~saw/tags/preview`).send({tags});
  const {status, text} = await asked;
  answers['root: a preview'] = `${status} ${settled(text)}`;
  return answers;
}

let known: Promise<Answers> | undefined;

onEachServer('the API tells the same of content as on SQLite', async (t, engine) => {
  t.timeout(120_000);
  const expected = await (known ??= answersOf(t, {}));
  const found = await answersOf(t, {
    metadata: {url: urlOf(await (await engine.server(t)).fresh())},
  });
  t.deepEqual(found, expected);
  const answered = Object.values(found).filter((answer) => answer.startsWith('200 '));
  t.true(answered.length > questions.length * 2, `${answered.length} questions were answered`);
  t.regex(found[`root: ${repositories}/tools~saw/tags/multi`] ?? '', /"is_signed":true/);
  t.regex(found['root: a preview'] ?? '', /^200 .*"outcome":"deleted"/);
  t.regex(found['root: /api/v1/search?q=a%3Dx'] ?? '', /"found_in":"label"/);
});
