/** Labels and annotations can be searched for, also those of manifests that an earlier version had in its index. */
import {sql} from 'kysely';
import {searchWords} from '../../src/metadata/content/search.ts';
import {openDatabase} from '../../src/metadata/database.ts';
import {digestOf} from '../../src/oci/digest.ts';
import {onEachEngine} from '../contract/engines.ts';

const digestAt = (at: number) => digestOf(Buffer.from(String(at)));

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
