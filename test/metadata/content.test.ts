/** The tables of content, by themselves. */
import test from 'ava';
import fc from 'fast-check';
import {insertAll} from '../../src/metadata/batches.ts';
import type {RepositoryFacts} from '../../src/metadata/content/facts.ts';
import {readIndexState} from '../../src/metadata/content/index-state.ts';
import {nameOf, pathOf} from '../../src/metadata/content/path.ts';
import {listNamesWithin, listRepositoryNames} from '../../src/metadata/content/repositories.ts';
import {searchWords} from '../../src/metadata/content/search.ts';
import {writeIndex} from '../../src/metadata/content/write-index.ts';
import {digestOf} from '../../src/oci/digest.ts';
import {liesIn} from '../../src/oci/owning-namespace.ts';
import {parseTag} from '../support/content-index.ts';
import {tries} from '../support/properties.ts';
import {digestAt, manifestFacts, repositoryFacts} from './facts.ts';
import {freshDatabase, repositoryName} from './workbench.ts';

const parts = (name: string): readonly string[] => name.split('/');

/** As Distribution sorts: part by part, by bytes. */
function inOrder(one: string, other: string): number {
  const [left, right] = [parts(one), parts(other)];
  for (let at = 0; ; at += 1) {
    const [a, b] = [left[at], right[at]];
    if (a === b && a === undefined) return 0;
    if (a === undefined || (b !== undefined && a < b)) return -1;
    if (b === undefined || b < a) return 1;
  }
}

const part = fc.constantFrom('a', 'b', 'a-b', 'a.b', 'a_b', 'a0', 'ab', 'app', 'app-extra');
const names = fc.array(part, {minLength: 1, maxLength: 3}).map((all) => all.join('/'));

test('pages of any namespaces have the names that lie in them, in the order of the catalogue, wherever they begin', async (t) => {
  const db = await freshDatabase(t);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(names, {maxLength: 30}),
      fc.uniqueArray(fc.oneof(names, fc.constant('')), {maxLength: 4}),
      fc.oneof(names, fc.constant('')),
      fc.integer({min: 1, max: 10}),
      async (all, namespaces, after, limit) => {
        await db.deleteFrom('repositories').execute();
        await writeIndex(db, {repositories: all.map((name) => repositoryFacts(name))});
        const sorted = all.toSorted(inOrder);
        const later = sorted.filter((name) => after === '' || inOrder(name, after) > 0);
        const listed: readonly string[] = await listRepositoryNames(db, {after, limit});
        t.deepEqual(listed, later.slice(0, limit));
        const within = later.filter((name) => namespaces.some((each) => liesIn(each, name)));
        const found: readonly string[] = await listNamesWithin(db, namespaces, {after, limit});
        t.deepEqual(found, within.slice(0, limit));
      },
    ),
    tries(100),
  );
});

test('a path leads back to its name', (t) => {
  fc.assert(
    fc.property(names, (name) => {
      t.is(String(nameOf(pathOf(name))), name);
    }),
  );
});

test('tags are counted right, whatever comes, changes and goes, also where another process was first', async (t) => {
  const db = await freshDatabase(t);
  const digest = digestOf(Buffer.from('x'));
  const tag = (name: string, at: number, state: 'new' | 'changed' = 'new') =>
    ({key: parseTag(name), state, facts: {digest, pushed: {at, by: undefined}}}) as const;
  const row = async () => db.selectFrom('repositories').selectAll().executeTakeFirst();
  const write = async (more: Partial<RepositoryFacts>) =>
    writeIndex(db, {repositories: [repositoryFacts('a', more)]});
  await write({tags: [tag('v1', 10), tag('v2', 20)]});
  t.deepEqual(await row(), {path: 'a', tag_count: 2, pushed_at: 20});
  await write({isNew: false, tags: [tag('v1', 15, 'changed'), tag('v3', 5)]});
  t.deepEqual(await row(), {path: 'a', tag_count: 3, pushed_at: 20});
  // Somebody else has written v3 and v4 meanwhile.
  await write({isNew: false, tags: [tag('v3', 30)]});
  t.deepEqual(await row(), {path: 'a', tag_count: 3, pushed_at: 30});
  await write({isNew: true, tags: [tag('v3', 30), tag('v4', 31)]});
  t.deepEqual(await row(), {path: 'a', tag_count: 4, pushed_at: 31});
  await write({isNew: false, tags: [{key: parseTag('v4'), state: 'gone'}]});
  t.deepEqual(await row(), {path: 'a', tag_count: 3, pushed_at: 31});
  await write({exists: false, isNew: false});
  t.is(await row(), undefined);
  t.deepEqual(await db.selectFrom('tags').selectAll().execute(), []);
});

for (const value of ['', 'null', '{"startedAt":"x"}', '{"startedAt":']) {
  test(`a state of the index that reads ${value || 'nothing'} is as good as none`, async (t) => {
    const db = await freshDatabase(t);
    await db.insertInto('index_state').values({name: 'content', value}).execute();
    t.is(await readIndexState(db), undefined);
  });
}

test('a label in very many repositories is found in those that may be seen, or there is said to be more', async (t) => {
  const db = await freshDatabase(t);
  const manifests = [manifestFacts(1, {labels: {of: 'all'}})];
  await writeIndex(db, {repositories: [repositoryFacts('a', {manifests})]});
  const paths = Array.from({length: 5001}, (_, at) => `a!${String(at).padStart(4, '0')}`);
  const held = [...paths, 'z!last'].map((path) => ({path, pushed_at: 1, pushed_by: null}));
  await insertAll(
    db,
    'revisions_held',
    held.map((row) => ({...row, digest: digestAt(1)})),
  );
  const label = {name: 'of', value: 'all', limit: 5};
  const last = repositoryName('z/last');
  const has = (name: string) => name === last;
  const seen = await searchWords(db, {...label, span: {namespaces: ['z'], has}});
  t.deepEqual(seen, {items: [{repository: last, digest: digestAt(1)}], isWhole: true});
  const {isWhole} = await searchWords(db, {...label, span: {has}});
  t.false(isWhole);
});
