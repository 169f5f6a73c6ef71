/** The tables of content, on each engine. */
import {sql} from 'kysely';
import {searchWords} from '../../src/metadata/content/search.ts';
import {writeIndex} from '../../src/metadata/content/write-index.ts';
import {openDatabase} from '../../src/metadata/database.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {digestAt, manifestFacts, repositoryFacts} from './facts.ts';

onEachEngine('an upgrade finds the labels of what the index has', async (t, engine) => {
  const place = await engine.fresh(t);
  const former = await openDatabase(place);
  const many = Array.from({length: 601}, (_, at) => ({
    digest: digestAt(at),
    media_type: 'application/vnd.oci.image.manifest.v1+json',
    kind: 'image',
    size: 1,
    content_size: 1,
    annotations: at === 600 ? null : JSON.stringify({number: String(at), of: 'all'}),
    // Said twice it counts once.
    labels: JSON.stringify({of: 'all', long: 'x'.repeat(3000), "it's": '😀'}),
  }));
  for (let at = 0; at < many.length; at += 100) {
    await former.db
      .insertInto('manifests')
      .values(many.slice(at, at + 100))
      .execute();
  }
  await former.db
    .insertInto('revisions_held')
    .values({path: 'a!b', digest: digestAt(599), pushed_at: 1})
    .execute();
  await sql`drop table manifest_words`.execute(former.db);
  await sql`delete from kysely_migration where name = '0006-manifest-words'`.execute(former.db);
  await former.close();

  const {db, close} = await openDatabase(place);
  t.teardown(close);
  const {count} = await db
    .selectFrom('manifest_words')
    .select(({fn}) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  t.is(Number(count), 600 * 4 + 3);
  const found = await searchWords(db, {name: 'number', value: '599', span: {}, limit: 5});
  t.deepEqual(found.items, [{repository: 'a/b', digest: digestAt(599)}]);
});

onEachEngine(
  'manifests with all annotations that the index keeps are written, however many',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const names = Array.from({length: 200}, (_, at) => `name ${at}`);
    const annotations = Object.fromEntries(names.map((name) => [name, '"'.repeat(4096)]));
    const manifests = Array.from({length: 15}, (_, at) => manifestFacts(at, {annotations}));
    await writeIndex(db, {repositories: [repositoryFacts('a', {manifests})]});
    const rows = await db.selectFrom('manifests').select('annotations').execute();
    t.is(rows.length, manifests.length);
    t.deepEqual(
      new Set(rows.map(({annotations: text}) => text)),
      new Set([JSON.stringify(annotations)]),
    );
  },
);
