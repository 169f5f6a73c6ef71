/** `GET /v2/<name>/tags/list`. */
import test from 'ava';
import {
  type Api,
  codesOf,
  nextPage,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

/** In the order of their bytes. */
const sorted = ['0', '10', '2', 'A', 'B', '_a', 'a', 'a-b', 'a.b', 'a_b', 'b', 'v1', 'v10', 'v2'];

async function withTags(api: Api, tags: readonly string[] = sorted): Promise<void> {
  const {digest, ...image} = await pushImage(api, 'a/b');
  const query = tags.toReversed().map((tag) => `tag=${tag}`);
  await putManifest(api, 'a/b', `${digest}?${query.join('&')}`, image).expect(201);
}

const list = '/v2/a/b/tags/list';
const tagsOf = ({body}: {readonly body: unknown}) => (body as {tags: readonly string[]}).tags;

test('the list says its repository and all tags in the order of their bytes', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api, ['a.b', 'a-b', ...sorted.filter((tag) => !tag.startsWith('a'))]);
  const answer = await api.get(list).expect(200);
  t.regex(answer.get('Content-Type') ?? '', /^application\/json/);
  t.deepEqual(answer.body, {name: 'a/b', tags: tagsOf(answer).toSorted()});
  t.is(answer.get('Link'), undefined);
  t.is(tagsOf(answer).length, sorted.length - 2);
});

const pages: readonly (readonly [query: string, tags: readonly string[], isLinked: boolean])[] = [
  ['n=3', ['0', '10', '2'], true],
  ['n=14', sorted, false],
  ['n=13', sorted.slice(0, -1), true],
  ['n=1000', sorted, false],
  ['n=0', [], false],
  ['n=0&last=a', [], false],
  ['last=v1', ['v10', 'v2'], false],
  ['last=v2', [], false],
  ['last=a&n=2', ['a-b', 'a.b'], true],
  ['last=a0&n=2', ['a_b', 'b'], true],
  ['last=zzz', [], false],
  ['last=', sorted, false],
  ['last=!', sorted, false],
  ['last=v10&n=1', ['v2'], false],
  ['last=..%2f..%2f', sorted, false],
];

test('n and last say which tags are answered, and a Link that more follow', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api);
  for (const [query, tags, isLinked] of pages) {
    const answer = await api.get(`${list}?${query}`).expect(200);
    t.deepEqual(answer.body, {name: 'a/b', tags}, query);
    t.is(nextPage(answer) !== undefined, isLinked, query);
  }
});

test('a Link says path, n and last, as RFC 8288 has it', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api);
  const answer = await api.get(`${list}?n=3`);
  t.is(answer.get('Link'), '</v2/a/b/tags/list?n=3&last=2>; rel="next"');
});

test('pages of any size, followed by their Links, give each tag exactly once and in order', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api);
  for (const n of [1, 2, 3, 5, 13, 14]) {
    const found: string[] = [];
    let path: string | undefined = `${list}?n=${n}`;
    while (path !== undefined) {
      const answer = await api.get(path).expect(200);
      t.true(tagsOf(answer).length === n || nextPage(answer) === undefined);
      found.push(...tagsOf(answer));
      path = nextPage(answer);
    }
    t.deepEqual(found, sorted);
  }
});

test('a page goes on where it stopped, though its last tag is gone by then', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api);
  const next = nextPage(await api.get(`${list}?n=3`)) ?? '';
  await api.delete('/v2/a/b/manifests/2').expect(202);
  t.deepEqual(tagsOf(await api.get(next)), ['A', 'B', '_a']);
});

test('an n that is no whole number answers 400', async (t) => {
  const {api} = await startInProcess(t);
  await withTags(api, ['v1']);
  for (const n of ['-1', 'abc', '', '1.5', '0x10', '1e3', ' 5', '99999999999999999999']) {
    const answer = await api.get(`${list}?n=${encodeURIComponent(n)}`);
    t.is(answer.status, 400, n);
    t.deepEqual(codesOf(answer), ['SIZE_INVALID']);
  }
});

test('a repository that is not there answers 404 NAME_UNKNOWN, one that has only blobs too', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'only/blobs', randomContent());
  await pushImage(api, 'a/b', {tag: 'v1'});
  for (const name of ['no/where', 'only/blobs', 'a']) {
    const answer = await api.get(`/v2/${name}/tags/list`).expect(404);
    t.deepEqual(codesOf(answer), ['NAME_UNKNOWN']);
  }
});

test('tags of a repository below another are not its own', async (t) => {
  const {api} = await startInProcess(t);
  await pushImage(api, 'a', {tag: 'outer'});
  await pushImage(api, 'a/b', {tag: 'inner'});
  t.deepEqual(tagsOf(await api.get('/v2/a/tags/list')), ['outer']);
  t.deepEqual(tagsOf(await api.get('/v2/a/b/tags/list')), ['inner']);
});
