/** The tables of content, on each engine. */
import {join} from 'node:path';
import {sql} from 'kysely';
import {backUp} from '../../src/metadata/backup.ts';
import {insertAll} from '../../src/metadata/batches.ts';
import {countDays, countDaysOf} from '../../src/metadata/content/days.ts';
import {
  addStar,
  forgetRepository,
  readDescription,
  readStars,
  writeDescription,
} from '../../src/metadata/content/notes.ts';
import {addCounts} from '../../src/metadata/content/pulls.ts';
import {pageOfRepositories} from '../../src/metadata/content/repository-pages.ts';
import {pageOfUsers} from '../../src/metadata/user-pages.ts';
import {type Uses, usesOfBlobs} from '../../src/metadata/content/statistics.ts';
import {searchDescriptions, searchTeams, searchWords} from '../../src/metadata/content/search.ts';
import {writeIndex} from '../../src/metadata/content/write-index.ts';
import {copyDatabase} from '../../src/metadata/copy-database.ts';
import {openDatabase} from '../../src/metadata/database.ts';
import {allMigrations} from '../../src/metadata/migrations/all.ts';
import {restore} from '../../src/metadata/restore.ts';
import {createTeam} from '../../src/metadata/teams.ts';
import type {Digest} from '../../src/oci/digest.ts';
import {rootNamespace} from '../../src/oci/owning-namespace.ts';
import {freshOn, onEachEngine, onEachServer} from '../contract/engines.ts';
import type {DatabaseServer} from '../support/database-server.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {digestAt, manifestFacts, repositoryFacts} from './facts.ts';
import {made, now, open, person, repositoryName, teamName} from './workbench.ts';

onEachEngine('an upgrade finds the labels and descriptions that there are', async (t, engine) => {
  const place = await engine.fresh(t);
  const all = Object.entries(allMigrations({now: () => new Date(now), rootVisibility: 'private'}));
  const migrations = Object.fromEntries(all.filter(([each]) => each < '0006'));
  const former = await openDatabase({...place, migrations});
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
  const name = repositoryName('a/b');
  const description = {description: 'ÜBER alles', updated_by: 'ada', updated_at: now};
  await former.db
    .insertInto('repository_descriptions')
    .values({path: 'a!b', ...description})
    .execute();
  await former.db.insertInto('repositories').values({path: 'a!b', tag_count: 0}).execute();
  await former.close();

  const {db, close} = await openDatabase(place);
  t.teardown(close);
  const {count} = await db
    .selectFrom('manifest_words')
    .select(({fn}) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  t.is(count, 600 * 4 + 3);
  const found = await searchWords(db, {name: 'number', value: '599', span: {}, limit: 5});
  t.deepEqual(found.items, [{repository: name, digest: digestAt(599)}]);
  const described = await searchDescriptions(db, {text: 'über ALLES', span: {}, limit: 5});
  t.deepEqual(described.items, [name]);
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

/** Longer than the server waits for a statement of ours. */
const slowDelete = {
  mariadb: ['create trigger slow before delete on pulls for each row do sleep(2.3)'],
  postgres: [
    "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(2.3); return old; end'",
    'create trigger slow before delete on pulls for each row execute function slow()',
  ],
} as const;

onEachServer(
  'a backup is put back, and a database copied, however long that takes',
  async (t, engine) => {
    const server = await engine.server(t);
    const place = {server: await server.fresh({timeout: 1000})};
    const {db} = await open(t, place);
    const directory = await memoryDirectory(t);
    const file = join(directory, 'backup.db');
    await backUp(db, place, file);
    for (const statement of slowDelete[engine.name]) await sql.raw(statement).execute(db);
    const pulls = [{path: 'a', reference: 'v1', pulls: 1, last_pulled_at: 1}];
    const count = async () => (await db.selectFrom('pulls').select('path').execute()).length;
    await insertAll(db, 'pulls', pulls);
    await restore(db, place, {file, directory});
    t.is(await count(), 0);
    await insertAll(db, 'pulls', pulls);
    await copyDatabase({from: {file}, to: place, replace: true});
    t.is(await count(), 0);
  },
);

onEachEngine(
  'of a repository that goes all goes, by a few hundred rows at once, and nothing of another',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const row = {digest: digestAt(0), pushed_at: 1, pushed_by: null};
    const names = Array.from({length: 1001}, (_, at) => `t${at}`);
    for (const path of ['a', 'a!b', 'b']) {
      await insertAll(
        db,
        'tags',
        names.map((name) => ({...row, path, name})),
      );
      const pulls = names.map((reference) => ({path, reference, pulls: 1, last_pulled_at: 1}));
      await insertAll(db, 'pulls', pulls);
    }
    const left = async (table: 'tags' | 'pulls') => {
      const rows = await db.selectFrom(table).select('path').execute();
      const counts = [...Map.groupBy(rows, ({path}) => path)].map(([path, own]) => [
        path,
        own.length,
      ]);
      return Object.fromEntries(counts) as object;
    };
    const deleted: number[] = [];
    const watched = db.withPlugin({
      transformQuery: ({node}) => node,
      transformResult: async ({result}) => {
        deleted.push(Number(result.numAffectedRows ?? 0));
        return Promise.resolve(result);
      },
    });
    await writeIndex(watched, {
      repositories: [repositoryFacts('a', {exists: false, isNew: false})],
    });
    t.deepEqual(await left('tags'), {'a!b': 1001, b: 1001});
    await forgetRepository(watched, repositoryName('b'));
    t.deepEqual(await left('pulls'), {a: 1001, 'a!b': 1001});
    t.true(Math.max(...deleted) <= 500, 'a server ends a statement that takes long');
  },
);

/** How many rows one statement has gone through at most, of those that MariaDB had of this database. */
async function mostExamined(server: DatabaseServer, database: string): Promise<number> {
  const [row] = await server.administer(
    `select max(rows_examined) as most from mysql.slow_log where db = '${database}'`,
  );
  return Number(row?.['most']);
}

onEachServer(
  'a blob that is in everything is counted, and by small statements',
  async (t, engine) => {
    const server = await engine.server(t);
    const isTold = engine.name === 'mariadb';
    const options = await server.fresh();
    const {db, close} = await openDatabase({server: options});
    const many = Array.from({length: 12_000}, (_, at) => ({manifest: digestAt(at)}));
    const named = (digest: Digest, size: number) =>
      ({
        position: digest === common ? 0 : 1,
        digest,
        role: 'layer',
        media_type: 'x',
        size,
      }) as const;
    const [common, own] = [digestAt(-1), digestAt(-2)];
    await insertAll(
      db,
      'manifest_contents',
      many.map((row) => ({...row, ...named(common, 7)})),
    );
    await insertAll(
      db,
      'manifest_contents',
      many.slice(0, 1).map((row) => ({...row, ...named(own, 8)})),
    );
    const held = many.flatMap(({manifest: digest}, at) =>
      ['a', `b${at % 3}`].map((path) => ({path, digest, pushed_at: 1, pushed_by: null})),
    );
    await insertAll(db, 'revisions_held', held);
    await close();
    if (isTold) {
      for (const set of ["log_output = 'TABLE'", 'long_query_time = 0', 'slow_query_log = 1']) {
        await server.administer(`set global ${set}`);
      }
    }
    const uses: object[] = [];
    const watched = await open(t, {server: options});
    for (let after: string | undefined = ''; after !== undefined;) {
      const part: Uses = await usesOfBlobs(watched.db, after);
      uses.push(...part.uses);
      after = part.last;
    }
    const expected = ['a', 'b0', 'b1', 'b2'].map((path) => ({digest: common, path, size: 7}));
    const others = ['a', 'b0'].map((path) => ({digest: own, path, size: 8}));
    const key = (use: object): string => JSON.stringify(use);
    t.deepEqual(uses.map(key).sort(), [...expected, ...others].map(key).sort());
    if (!isTold) return;
    await server.administer('set global slow_query_log = 0');
    const most = await mostExamined(server, options.database);
    t.true(most > 1000 && most < 12_000, `${most} rows`);
  },
);

onEachEngine('what many add, describe and count at once is all taken', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id: userId} = await person(db, 'ada');
  const name = repositoryName('a/b');
  const times = Array.from({length: 20}, (_, at) => at);
  await Promise.all(times.map(async (at) => addStar(db, name, {userId, at})));
  await Promise.all(
    times.map(async (at) => writeDescription(db, name, {text: `${at}`, by: 'ada', at})),
  );
  const references = ['x', 'y', 'z'];
  const count = async (at: number): Promise<void> => {
    const some = at % 2 === 0 ? references : references.toReversed();
    const pulls = some.map((reference) => ({repository: name, reference, pulls: 1, lastAt: at}));
    await addCounts(db, {
      pulls,
      days: [{repository: name, day: '2026-11-26', pulls: 1, pushes: 0}],
    });
  };
  await Promise.all(times.map(count));
  t.like((await readStars(db, [name], userId)).get(name), {count: 1, isOwn: true});
  t.regex((await readDescription(db, name))?.text ?? '', /^\d+$/);
  const rows = await db.selectFrom('pulls').select(['reference', 'pulls']).execute();
  const counted = Object.fromEntries(rows.map(({reference, pulls}) => [reference, pulls]));
  t.deepEqual(counted, {x: 20, y: 20, z: 20});
});

onEachEngine(
  'descriptions and teams are found whatever the case of their letters',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: ownerId} = await person(db, 'ada');
    made(await createTeam(db, {name: teamName('Die ÄRZTE'), ownerId, now}));
    const name = repositoryName('a/b');
    await writeIndex(db, {repositories: [repositoryFacts('a/b')]});
    await writeDescription(db, name, {text: 'Über den Wolken', by: 'ada', at: now});
    for (const text of ['über', 'ÜBER', 'wolken']) {
      const {items} = await searchDescriptions(db, {text, span: {}, limit: 5});
      t.deepEqual(items, [name], text);
    }
    for (const text of ['ärzte', 'Ärzte', 'DIE']) {
      t.deepEqual(await searchTeams(db, {text, limit: 5}), ['Die ÄRZTE'], text);
    }
  },
);

onEachEngine('what is empty is the least, whatever a list is sorted by', async (t, engine) => {
  const db = await freshOn(t, engine);
  await person(db, 'ada', {email: 'ada@example.org'});
  await person(db, 'bob');
  const rows = [
    {path: 'a', tag_count: 1, pushed_at: 5},
    {path: 'b', tag_count: 0, pushed_at: null},
  ];
  await insertAll(db, 'repositories', rows);
  const whole = {offset: 0, limit: 9};
  for (const [isDescending, names, paths] of [
    [false, ['bob', 'ada'], ['b', 'a']],
    [true, ['ada', 'bob'], ['a', 'b']],
  ] as const) {
    const users = await pageOfUsers(db, {...whole, sort: 'email', isDescending});
    t.deepEqual(
      users.items.map(({name}) => name),
      names,
    );
    const page = {...whole, sort: 'pushed_at', isDescending} as const;
    const found = await pageOfRepositories(db, {span: {}}, page);
    t.deepEqual(
      found.items.map(({name}) => String(name)),
      paths,
    );
  }
});

onEachEngine(
  'what was counted of a repository that is gone is in no other sum than that of all',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const day = '2026-11-26';
    for (const name of ['a', 'b', 'c']) {
      const days = [{repository: repositoryName(name), day, pulls: 1, pushes: 2}];
      await addCounts(db, {pulls: [], days});
    }
    for (const name of ['a', 'b']) await forgetRepository(db, repositoryName(name));
    const days = {from: '2026-11-25', to: day};
    const one = [[day, {pulls: 1, pushes: 2}]] as const;
    t.deepEqual([...(await countDays(db, days, undefined))], [[day, {pulls: 3, pushes: 6}]]);
    t.deepEqual([...(await countDaysOf(db, days, ['a']))], []);
    t.deepEqual([...(await countDaysOf(db, days, ['b', 'c']))], one);
    t.deepEqual([...(await countDays(db, days, rootNamespace))], one);
  },
);
