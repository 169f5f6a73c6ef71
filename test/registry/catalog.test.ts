/** `GET /v2/_catalog`. */
import test from 'ava';
import {
  type Api,
  codesOf,
  nextPage,
  pushBlob,
  pushImage,
  randomContent,
  startUpload,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

/** Part by part: what lies below a repository stands before its longer namesakes. */
const sorted = ['a', 'a/b', 'a/b/c', 'a/z', 'a-b', 'a.b', 'a0', 'b/c', 'z'];

async function withRepositories(api: Api): Promise<void> {
  for (const name of sorted.toReversed()) await pushImage(api, name);
}

const namesOf = ({body}: {readonly body: unknown}) =>
  (body as {repositories: readonly string[]}).repositories;

test('the catalogue of an empty registry is an empty list', async (t) => {
  const {api} = await startInProcess(t);
  t.deepEqual((await api.get('/v2/_catalog').expect(200)).body, {repositories: []});
});

test('the catalogue lists every repository with a manifest, a/b before a-b', async (t) => {
  const {api} = await startInProcess(t);
  await withRepositories(api);
  await pushBlob(api, 'only/blobs', randomContent());
  await startUpload(api, 'only/an-upload');
  const answer = await api.get('/v2/_catalog').expect(200);
  t.deepEqual(answer.body, {repositories: sorted});
  t.is(answer.get('Link'), undefined);
});

const pages: readonly (readonly [query: string, names: readonly string[], isLinked: boolean])[] = [
  ['n=2', ['a', 'a/b'], true],
  ['n=9', sorted, false],
  ['n=0', [], false],
  ['last=a', sorted.slice(1), false],
  ['last=a%2Fb&n=2', ['a/b/c', 'a/z'], true],
  ['last=a%2Fb%2Fc&n=1', ['a/z'], true],
  ['last=a%2Fm&n=1', ['a/z'], true],
  ['last=a%2Fzz&n=1', ['a-b'], true],
  ['last=a-b', ['a.b', 'a0', 'b/c', 'z'], false],
  ['last=b', ['b/c', 'z'], false],
  ['last=b%2Fd', ['z'], false],
  ['last=z', [], false],
  ['last=zz%2Fzz', [], false],
  ['last=', sorted, false],
];

test('n and last say which repositories are answered, and a Link that more follow', async (t) => {
  const {api} = await startInProcess(t);
  await withRepositories(api);
  for (const [query, names, isLinked] of pages) {
    const answer = await api.get(`/v2/_catalog?${query}`).expect(200);
    t.deepEqual(answer.body, {repositories: names}, query);
    t.is(nextPage(answer) !== undefined, isLinked, query);
  }
});

test('pages of any size, followed by their Links, give each repository exactly once', async (t) => {
  const {api} = await startInProcess(t);
  await withRepositories(api);
  for (const n of [1, 2, 4, 8, 9]) {
    const found: string[] = [];
    let path: string | undefined = `/v2/_catalog?n=${n}`;
    while (path !== undefined) {
      const answer = await api.get(path).expect(200);
      found.push(...namesOf(answer));
      path = nextPage(answer);
    }
    t.deepEqual(found, sorted);
  }
});

test('a repository vanishes from the catalogue with its last manifest, and returns with the next', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a', {tag: 'v1'});
  const other = await pushImage(api, 'a', {tag: 'v2', annotations: {is: 'another'}});
  await pushImage(api, 'a/b');
  await api.delete(`/v2/a/manifests/${digest}`).expect(202);
  t.deepEqual(namesOf(await api.get('/v2/_catalog')), ['a', 'a/b']);
  await api.delete(`/v2/a/manifests/${other.digest}`).expect(202);
  t.deepEqual(namesOf(await api.get('/v2/_catalog')), ['a/b']);
  await pushImage(api, 'a');
  t.deepEqual(namesOf(await api.get('/v2/_catalog')), ['a', 'a/b']);
});

for (const n of ['-1', 'abc', '']) {
  test(`_catalog?n=${n} answers 400`, async (t) => {
    const {api} = await startInProcess(t);
    const answer = await api.get(`/v2/_catalog?n=${n}`).expect(400);
    t.deepEqual(codesOf(answer), ['SIZE_INVALID']);
  });
}
