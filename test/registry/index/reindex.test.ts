/** A comparison that is cut off, or that something changes under, at moments that only a storage of our own can hold still. */
import test, {type ExecutionContext} from 'ava';
import {sql} from 'kysely';
import {createMemoryDriver} from '../../support/memory-driver/memory-driver.ts';
import {readIndexState} from '../../../src/metadata/content/index-state.ts';
import {parseReference} from '../../../src/oci/reference.ts';
import {parseRepositoryName} from '../../../src/oci/name.ts';
import {isTag, type Tag} from '../../../src/oci/tag.ts';
import {ContentCheck} from '../../../src/registry/content-check.ts';
import type {ReportUnreadable} from '../../../src/registry/index/compare.ts';
import type {Watch} from '../../../src/registry/index/changes-under-way.ts';
import {ContentIndex} from '../../../src/registry/index/content-index.ts';
import {reindex, type ReindexProgress} from '../../../src/registry/index/reindex.ts';
import {StoreSurvey, type Survey} from '../../../src/registry/index/survey.ts';
import {Manifests, readPushed} from '../../../src/registry/manifests.ts';
import {createLog} from '../../../src/observability/log.ts';
import {DigestThread} from '../../../src/storage/digest-thread.ts';
import {createStores} from '../../../src/storage/stores.ts';
import {freshDatabase} from '../../metadata/workbench.ts';
import {inIndex, openChanges} from '../../support/content-index.ts';
import {until} from '../../support/raw-request.ts';

const now = () => new Date();
const never = new AbortController().signal;

async function workbench(t: ExecutionContext) {
  const told: string[] = [];
  const report: ReportUnreadable = (repository, digest, cause) =>
    told.push(`${repository}@${digest}: ${String(cause)}`);
  const db = await freshDatabase(t);
  const stores = createStores(createMemoryDriver(), {
    report: () => undefined,
    now,
    digestThread: new DigestThread(),
  });
  // Small parts make small repositories large ones.
  const survey = new StoreSurvey(stores, 200);
  const log = createLog({level: 'error', format: 'json'}, {destination: process.stderr});
  const onEvents = (): void => undefined;
  const content = new ContentIndex({db, survey, report, now, log, onEvents});
  t.teardown(async () => content.close());
  const check = new ContentCheck(stores, {allowMissingChildren: false});
  const counts = {pulled: () => undefined, pushed: () => undefined};
  const byOthers = {during: async <T>(_change: unknown, work: () => Promise<T>) => work()};
  const put = (manifests: Manifests) => async (name: string, text: string) => {
    const reference = parseReference(text);
    if (!reference) throw new TypeError(text);
    const content = Buffer.from(JSON.stringify({is: `${name}:${text}`}));
    const pushed = readPushed(reference, content, 'application/vnd.test+json');
    const tags = 'tag' in reference ? [reference.tag] : [];
    await manifests.put(parseRepositoryName(name), pushed, {tags, origin: {actor: undefined}});
  };
  return {
    db,
    told,
    stores,
    survey,
    content,
    /** As another registry on the same directory does. */
    lay: put(new Manifests(stores, check, {journal: byOthers, counts})),
    push: put(new Manifests(stores, check, {journal: content, counts})),
    /** As another registry does. */
    untag: async (name: string, tag: string) => {
      if (isTag(tag)) await stores.tags.delete(parseRepositoryName(name), tag);
    },
    compare: async (
      other: Survey = survey,
      signal = never,
      isAsked = () => false,
    ): Promise<ReindexProgress> =>
      reindex({db, survey: other, now, report, watch: () => content.watch(), isAsked}, {signal}),
    tagsOf: async (name: string): Promise<readonly string[]> =>
      Object.keys((await inIndex(db))[name]?.tags ?? {}).sort(),
  };
}

/** Does something once, when this many parts were seen, before they are compared. */
const interrupted = (survey: Survey, part: number, work: () => Promise<void>): Survey => ({
  ask: async (questions) => survey.ask(questions),
  async *walk(after, most) {
    let count = 0;
    for await (const sights of survey.walk(after, most)) {
      count += 1;
      if (count === part) await work();
      yield sights;
    }
  },
});

test('a repository of many tags is compared in parts, and each of them found', async (t) => {
  const {db, lay, untag, compare, tagsOf} = await workbench(t);
  const tags = Array.from({length: 303}, (_, at) => `t${String(at).padStart(4, '0')}`);
  for (const tag of tags) await lay('a', tag);
  await lay('b', 'v1');
  t.like(await compare(), {repositories: 2, tags: 304, manifests: 304});
  t.deepEqual(await tagsOf('a'), tags);
  for (const tag of ['t0000', 't0150', 't0302']) await untag('a', tag);
  t.like(await compare(), {repositories: 2, tags: 3, manifests: 0});
  t.is((await tagsOf('a')).length, 300);
  const [row] = await db.selectFrom('repositories').select('tag_count').execute();
  t.is(row?.tag_count, 300);
});

test('where others ask too, a comparison takes small parts, one after the other, and finds the same', async (t) => {
  const {survey, lay, untag, compare, tagsOf} = await workbench(t);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) {
    for (let at = 0; at < 75; at += 1) await lay(name, `t${at}`);
  }
  for (const isAsked of [false, true]) {
    let asking = 0;
    let together = 0;
    const sizes: number[] = [];
    const watched: Survey = {
      ask: async (questions) => {
        asking += 1;
        together = Math.max(together, asking);
        // Slow enough for the next part to be found meanwhile.
        for (let turn = 0; turn < 300; turn += 1) await new Promise(setImmediate);
        asking -= 1;
        return survey.ask(questions);
      },
      walk: (after, most) => {
        sizes.push(most());
        return survey.walk(after, most);
      },
    };
    await compare(watched, never, () => isAsked);
    for (const name of names) t.is((await tagsOf(name)).length, 75, name);
    if (isAsked) {
      t.is(together, 1);
      t.true((sizes[0] ?? 0) < 1000);
    } else t.true(together > 1);
    for (const name of names) await untag(name, 't0');
    await compare();
    for (const name of names) await lay(name, 't0');
  }
});

test('one that is cut off goes on from where it was, and misses nothing', async (t) => {
  const {db, survey, lay, compare, tagsOf} = await workbench(t);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const name of names) {
    for (let at = 0; at < 275; at += 1) await lay(name, `t${at}`);
  }
  for (const part of [3, 6, 4]) {
    const stopping = new AbortController();
    const stop = async () => {
      stopping.abort(new Error('cut off'));
      return Promise.resolve();
    };
    await t.throwsAsync(compare(interrupted(survey, part, stop), stopping.signal), {
      message: 'cut off',
    });
    t.is((await readIndexState(db))?.finishedAt, undefined);
  }
  const {cursor} = (await readIndexState(db)) ?? {};
  t.not(cursor, undefined);
  const {repositories} = await compare();
  t.is(repositories, names.length);
  for (const name of names) t.is((await tagsOf(name)).length, 275, name);
  t.like(await compare(), {tags: 0, manifests: 0});
});

test('what is pushed between the look and the comparison stays in the index', async (t) => {
  const {db, stores, survey, lay, push, compare, content, tagsOf} = await workbench(t);
  await lay('a', 'old');
  await lay('z', 'old');
  await compare();
  const others = async () => {
    await push('a', 'new');
    await push('m', 'v1');
    await content.settled();
    t.deepEqual(await openChanges(db), []);
  };
  t.like(await compare(interrupted(survey, 1, others)), {tags: 0, manifests: 0});
  t.deepEqual(await tagsOf('a'), ['new', 'old']);
  t.deepEqual(await tagsOf('m'), ['v1']);
  t.true(await stores.repositories.exists(parseRepositoryName('m')));
});

test('what is deleted between the look and the comparison does not come back', async (t) => {
  const {survey, stores, lay, push, compare, content, tagsOf} = await workbench(t);
  const a = parseRepositoryName('a');
  const v1 = 'v1' as Tag;
  await lay('a', 'v1');
  await lay('a', 'v2');
  // It is not in the index yet, and goes meanwhile.
  const remove = async () => {
    const digest = await stores.tags.get(a, v1);
    const deed = {action: 'delete', object: 'manifest'} as const;
    const digests = digest ? [digest] : [];
    const change = {repository: a, digests, tags: [], origin: {actor: undefined}, deed};
    await content.during(change, async () => {
      await stores.tags.delete(a, v1);
      if (digest) await stores.manifests.delete(a, digest);
    });
    await push('b', 'v1');
    await content.settled();
  };
  await compare(interrupted(survey, 1, remove));
  t.deepEqual(await tagsOf('a'), ['v2']);
  t.like(await compare(), {tags: 0, manifests: 0});
});

test('a manifest that the database refuses is told, and keeps nothing else out of the index', async (t) => {
  const {db, stores, told, lay, compare, tagsOf} = await workbench(t);
  for (const name of ['a', 'b', 'c']) {
    for (const tag of ['v1', 'v2', 'v3', 'v4', 'v5']) await lay(name, tag);
  }
  const refused = await stores.tags.get(parseRepositoryName('b'), 'v3' as Tag);
  await sql`
    create trigger refused before insert on manifests when new.digest = ${sql.lit(refused)}
    begin select raise(abort, 'refused'); end
  `.execute(db);
  t.like(await compare(), {repositories: 3});
  for (const name of ['a', 'b', 'c']) t.is((await tagsOf(name)).length, 5);
  t.deepEqual(told, [`b@${refused}: MetadataError: refused`]);
  t.is((await db.selectFrom('manifests').select('digest').execute()).length, 14);
  t.is((await db.selectFrom('revisions_held').select('digest').execute()).length, 14);
  t.true((await readIndexState(db))?.isComplete);
  await sql`drop trigger refused`.execute(db);
  t.like(await compare(), {repositories: 3, tags: 0, manifests: 1});
  t.is((await db.selectFrom('revisions_held').select('digest').execute()).length, 15);
});

test('where the database is slow, the next part of a comparison is smaller: whoever changes something waits for one', async (t) => {
  const {db, survey, lay, tagsOf} = await workbench(t);
  for (let count = 0; count < 600; count += 1) await lay('tools/saw', `t${count}`);
  const sizes: number[] = [];
  const seen: Survey = {
    ask: async (questions) => survey.ask(questions),
    async *walk(after, most) {
      for await (const sights of survey.walk(after, most)) {
        sizes.push(...sights.map(({tags}) => tags.found.size));
        yield sights;
      }
    },
  };
  let slow: Promise<void> | undefined;
  const watch = (): Watch => ({
    // Asked right before a part is written.
    busy: () => {
      const end = performance.now() + 700;
      slow ??= db.transaction().execute(async () => until(() => performance.now() > end));
      return undefined;
    },
    isFull: false,
    [Symbol.dispose]: () => undefined,
  });
  const report = (): void => undefined;
  const options = {db, survey: seen, now, report, watch, isAsked: () => true};
  await reindex(options, {signal: never});
  await slow;
  const [first = 0, second = 0] = sizes;
  t.is(first, 200);
  t.true(second < 200 && second >= 100, String(second));
  t.is((await tagsOf('tools/saw')).length, 600);
});
