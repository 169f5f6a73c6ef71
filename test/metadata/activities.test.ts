/** Activities on each engine: read as far as somebody may see them, and taken along. */
import {join} from 'node:path';
import {advanceHead, readHead, restartHead} from '../../src/auth/activities/chain-head.ts';
import {sealBatch} from '../../src/auth/activities/seal.ts';
import {SealKeys} from '../../src/auth/activities/seal-keys.ts';
import {verifyActivities} from '../../src/auth/activities/verify.ts';
import {insertActivities, type NewActivity} from '../../src/metadata/activities.ts';
import {
  type ActivityFilter,
  type ActivityPlace,
  listActivities,
  pageOfActivities,
} from '../../src/metadata/activity-pages.ts';
import type {ActivitySight} from '../../src/metadata/activity-sight.ts';
import {backUp} from '../../src/metadata/backup.ts';
import {copyDatabase} from '../../src/metadata/copy-database.ts';
import type {Database} from '../../src/metadata/database.ts';
import {createNamespace} from '../../src/metadata/namespaces.ts';
import {restore} from '../../src/metadata/restore.ts';
import {createTeam} from '../../src/metadata/teams.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {memoryDirectory, temporaryDirectory} from '../support/temporary-directory.ts';
import {freshFile, made, now, open, person, race, repositoryName, teamName} from './workbench.ts';

const activity = (subject: string, more: Partial<NewActivity> = {}): NewActivity => ({
  at: now,
  key: 'repository.push',
  actor: {kind: 'account', id: 'anna', name: 'anna'},
  subject: {kind: 'repository', name: subject},
  ...more,
});

const named = async (
  db: Database['db'],
  sight: ActivitySight,
  filter: ActivityFilter = {},
): Promise<readonly string[]> => {
  const page = {isDescending: true, offset: 0, limit: 100};
  const {items, total} = await pageOfActivities(db, {filter, sight, page});
  const listed = await listActivities(db, {filter, sight, limit: 100});
  if (total !== items.length || listed.length !== items.length) throw new Error('they differ');
  return items.map(({subject}) => subject.name).toSorted();
};

onEachEngine('a reader sees what is his, and no more', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id: ownerId} = await person(db, 'anna');
  const team = made(await createTeam(db, {name: teamName('makers'), ownerId, now}));
  const space = async (name: string, visibility: 'private' | 'public') => {
    const fields = {name: repositoryName(name), teamId: team.id, visibility, now};
    const {id} = made(await createNamespace(db, fields));
    return {id, name};
  };
  const tools = await space('tools', 'public');
  const hidden = await space('hidden', 'private');
  await insertActivities(db, [
    activity('tools/saw', {namespace: tools, repository: 'tools/saw'}),
    activity('tools/inner/saw', {namespace: tools, repository: 'tools/inner/saw'}),
    activity('tools-of-others/x', {
      namespace: {name: 'tools-of-others'},
      repository: 'tools-of-others/x',
    }),
    activity('hook', {
      namespace: tools,
      key: 'webhook.create',
      subject: {kind: 'webhook', name: 'hook'},
    }),
    activity('hidden/saw', {namespace: hidden, repository: 'hidden/saw'}),
    activity('denied', {namespace: tools, repository: 'tools/saw', outcome: 'denied'}),
    activity('makers', {
      key: 'team.create',
      teamId: team.id,
      subject: {kind: 'team', name: 'makers'},
    }),
    activity('bert', {
      key: 'user.disable',
      accountId: 'bert',
      subject: {kind: 'user', name: 'bert'},
    }),
    activity('imported', {namespace: {name: 'tools'}}),
  ]);
  await space('tools/inner', 'private');
  const stranger = {teamIds: [], visibilities: ['public']} as const;
  t.deepEqual(await named(db, stranger), ['imported', 'tools/saw']);
  t.deepEqual(await named(db, {...stranger, accountId: 'bert'}), ['bert', 'imported', 'tools/saw']);
  t.deepEqual(await named(db, {teamIds: [team.id], visibilities: []}), [
    'hidden/saw',
    'hook',
    'imported',
    'makers',
    'tools/inner/saw',
    'tools/saw',
  ]);
  t.is((await named(db, {...stranger, accountId: 'anna'})).length, 9);
  t.is((await named(db, 'all')).length, 9);
  t.deepEqual(await named(db, {teamIds: [], visibilities: []}), []);
  t.deepEqual(await named(db, 'all', {namespace: 'tools', outcome: 'denied'}), ['denied']);
  t.deepEqual(await named(db, 'all', {repository: 'tools/saw', outcome: 'done'}), ['tools/saw']);
  t.deepEqual(await named(db, 'all', {key: 'team'}), ['makers']);
  t.deepEqual(await named(db, 'all', {actor: 'Anna'}), []);
});

onEachEngine(
  'a list goes on behind its last row, through rows of one millisecond too',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    await insertActivities(
      db,
      Array.from({length: 23}, (_, at) =>
        activity(String(at).padStart(2, '0'), {at: now + Math.floor(at / 10)}),
      ),
    );
    const seen: string[] = [];
    let after: ActivityPlace | undefined;
    do {
      const page = await listActivities(db, {filter: {}, sight: 'all', after, limit: 4});
      seen.push(...page.map(({subject}) => subject.name));
      after = page.at(-1);
    } while (after);
    t.deepEqual(seen, seen.toSorted().toReversed());
    t.is(seen.length, 23);
  },
);

onEachEngine(
  'activities and their seals are whole in a copy, and in a backup that is put back',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    const directory = await temporaryDirectory(t);
    const keys = new SealKeys(directory);
    const seal = async (from: Database['db']) => {
      const key = await keys.current(new Date(now));
      await sealBatch(from, {key, now: new Date(now + 60_000)});
      return advanceHead(from, directory);
    };
    const findings = async (from: Database['db']) => {
      const head = await readHead(directory);
      return (await verifyActivities(from, {keys: await keys.all(), head})).findings;
    };
    await insertActivities(db, [
      activity('one', {parameters: {text: '"ü\u2028😀\\'}}),
      activity('two'),
    ]);
    await seal(db);
    const backup = join(await memoryDirectory(t), 'kept.db');
    await backUp(db, place, backup);
    const file = await freshFile(t);
    await copyDatabase({from: place, to: {file}, replace: true});
    const copy = await open(t, {file});
    t.deepEqual(await findings(copy.db), []);
    await insertActivities(db, [activity('three')]);
    await seal(db);
    await restore(db, place, {file: backup, directory: await memoryDirectory(t)});
    t.deepEqual(
      (await findings(db)).map(({kind}) => kind),
      ['chain-cut'],
    );
    await restartHead(db, directory, new Date(now));
    t.deepEqual(await findings(db), []);
    t.deepEqual(
      (await readHead(directory))?.restarts.map(({from, to}) => [from, to]),
      [[2, 1]],
    );
    await insertActivities(db, [activity('four')]);
    t.true(await seal(db));
    t.deepEqual(await findings(db), []);
  },
);

onEachEngine(
  'of several processes no two seal the same row, and none is left',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    await insertActivities(
      db,
      Array.from({length: 2500}, (_, at) => activity(String(at), {at: now + at})),
    );
    const counts = await race(
      t,
      place,
      Array.from({length: 4}, () => ['seal', {}] as const),
    );
    t.is(
      counts.reduce<number>((sum, count) => sum + Number(count), 0),
      2500,
    );
    const seals = await db.selectFrom('activity_seals').select(['number', 'count']).execute();
    t.deepEqual(seals.map(({number}) => number).toSorted(), [1, 2, 3]);
    const sealed = await db
      .selectFrom('activities')
      .select('seal')
      .where('seal', 'is not', null)
      .execute();
    t.is(sealed.length, 2500);
  },
);
