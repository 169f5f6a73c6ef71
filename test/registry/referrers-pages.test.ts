/** Lists of referrers that do not fit into one answer. */
import test from 'ava';
import {
  type Api,
  codesOf,
  config,
  type Content,
  imageOf,
  nextPage,
  pushBlob,
  pushImage,
  putManifest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

const types = ['application/vnd.example.even', 'application/vnd.example.odd'] as const;

/** `count` referrers of one subject, of two artifact types in turn; answers its digest. */
async function withReferrers(api: Api, count: number, annotation = ''): Promise<string> {
  const subject = await pushImage(api, 'a');
  await pushBlob(api, 'a', config);
  for (let index = 0; index < count; index += 1) {
    const referrer = referrerOf(subject, index, annotation);
    await putManifest(api, 'a', referrer.digest, referrer).expect(201);
  }
  return subject.digest;
}

const referrerOf = (subject: Content, index: number, annotation: string): Content =>
  imageOf([], {
    subject: subject.descriptor,
    artifactType: types[index % 2],
    annotations: {index: String(index), annotation},
  });

interface Item {
  readonly digest: string;
  readonly artifactType: string;
}

/** All pages from a path on. */
async function follow(api: Api, first: string) {
  const pages: {items: readonly Item[]; size: number; filter: string | undefined}[] = [];
  let path: string | undefined = first;
  while (path !== undefined) {
    const answer = await api.get(path).expect(200);
    const {manifests} = answer.body as {manifests: readonly Item[]};
    const size = Number(answer.get('Content-Length'));
    pages.push({items: manifests, size, filter: answer.get('OCI-Filters-Applied')});
    path = nextPage(answer);
  }
  return pages;
}

test('pages of n, followed by their Links, give each referrer exactly once, sorted', async (t) => {
  const {api} = await startInProcess(t);
  const path = `/v2/a/referrers/${await withReferrers(api, 7)}`;
  const [whole] = await follow(api, path);
  const all = whole?.items.map(({digest}) => digest) ?? [];
  t.is(all.length, 7);
  t.deepEqual(all, all.toSorted());
  for (const n of [1, 2, 3, 6, 7, 8]) {
    const pages = await follow(api, `${path}?n=${n}`);
    t.is(pages.length, Math.ceil(7 / n));
    t.true(pages.every(({items}) => items.length <= n));
    t.deepEqual(
      pages.flatMap(({items}) => items.map(({digest}) => digest)),
      all,
    );
  }
});

test('n=0 gives no referrer and no Link', async (t) => {
  const {api} = await startInProcess(t);
  const path = `/v2/a/referrers/${await withReferrers(api, 2)}`;
  const pages = await follow(api, `${path}?n=0`);
  t.deepEqual(
    pages.map(({items}) => items),
    [[]],
  );
});

test('pages of one artifact type keep their filter', async (t) => {
  const {api} = await startInProcess(t);
  const path = `/v2/a/referrers/${await withReferrers(api, 7)}`;
  const pages = await follow(api, `${path}?n=2&artifactType=${encodeURIComponent(types[0])}`);
  t.deepEqual(
    pages.map(({items}) => items.length),
    [2, 2],
  );
  t.true(pages.every(({filter}) => filter === 'artifactType'));
  t.true(pages.every(({items}) => items.every(({artifactType}) => artifactType === types[0])));
});

test('a list with large annotations comes in pages that clients with a limit of 4 MiB can read', async (t) => {
  const {api} = await startInProcess(t);
  const path = `/v2/a/referrers/${await withReferrers(api, 5, 'é'.repeat(900_000))}`;
  const pages = await follow(api, path);
  t.is(pages.length, 3);
  t.true(pages.every(({size, items}) => size <= 4 * 1024 * 1024 && items.length > 0));
  t.is(new Set(pages.flatMap(({items}) => items.map(({digest}) => digest))).size, 5);
});

for (const n of ['-1', 'abc', '']) {
  test(`referrers with n=${n} answer 400`, async (t) => {
    const {api} = await startInProcess(t);
    const path = `/v2/a/referrers/${await withReferrers(api, 1)}`;
    t.deepEqual(codesOf(await api.get(`${path}?n=${n}`).expect(400)), ['SIZE_INVALID']);
  });
}
