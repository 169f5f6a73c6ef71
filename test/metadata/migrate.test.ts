import {readdir, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {backUp} from '../../src/metadata/backup.ts';
import {migrateDatabase, openDatabase} from '../../src/metadata/database.ts';
import type {Migrations} from '../../src/metadata/migrate.ts';
import {allMigrations} from '../../src/metadata/migrations/all.ts';
import {restore} from '../../src/metadata/restore.ts';
import {listUsers} from '../../src/metadata/users.ts';
import {onEachEngine} from '../contract/engines.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {freshFile, open, person} from './workbench.ts';

const present = allMigrations({now: () => new Date(), rootVisibility: 'protected'});

const next: Migrations = {
  ...present,
  '0902-colours': {
    up: async (db) => db.schema.createTable('colours').addColumn('name', 'text').execute(),
  },
};

const failing: Migrations = {
  ...next,
  '0903-nothing': {
    up: async (db) => {
      await db.schema.createTable('shapes').addColumn('name', 'text').execute();
      await db.schema.dropTable('no_such_table').execute();
    },
  },
};

test('the migration of a database with data is preceded by a copy of it', async (t) => {
  const file = await freshFile(t);
  t.deepEqual(await migrateDatabase({file}), {applied: Object.keys(present)});
  const {db, close} = await openDatabase({file});
  await person(db, 'ada');
  await close();
  const copy = `${file}.before-0902-colours`;
  t.deepEqual(await migrateDatabase({file, migrations: next}), {applied: ['0902-colours'], copy});
  t.is((await stat(copy)).mode & 0o777, 0o600);
  t.deepEqual(await migrateDatabase({file, migrations: next}), {applied: []});
  t.deepEqual(await readdir(dirname(file)), ['holdfast.db', 'holdfast.db.before-0902-colours']);

  const former = await open(t, {file: copy});
  t.is((await listUsers(former.db, {limit: 9})).length, 1);
});

test('a database on a network file system is copied, too', async (t) => {
  const file = await freshFile(t);
  const away = {
    file,
    allowNetworkFileSystem: true,
    fileSystemType: async () => Promise.resolve(0x69_69),
  };
  await migrateDatabase(away);
  const copy = `${file}.before-0902-colours`;
  t.deepEqual(await migrateDatabase({...away, migrations: next}), {
    applied: ['0902-colours'],
    copy,
  });
  t.deepEqual(await migrateDatabase({file: copy}), {applied: []});
});

test('a database that a newer version has changed is refused, and the copy named', async (t) => {
  const file = await freshFile(t);
  await migrateDatabase({file});
  await migrateDatabase({file, migrations: next});
  const error = await t.throwsAsync(openDatabase({file}));
  t.like(error, {kind: 'newer'});
  t.true(error.message.startsWith(`${file} was changed by a newer version of Holdfast`));
  t.true(error.message.includes(`${file}.before-0902-colours`));
});

/** What an earlier version can bear: a table and a column of which it knows nothing. */
const added: Migrations = {
  ...present,
  '0902-colours-additive': {
    up: async (db) => {
      await db.schema.createTable('colours').addColumn('name', 'text').execute();
      await db.schema.alterTable('users').addColumn('colour', 'text').execute();
    },
  },
};

onEachEngine(
  'an earlier version works on what a newer one has added to, backs it up, and puts back what that has backed up',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const later = await open(t, {...place, migrations: added});
    await person(later.db, 'ada');
    await later.db
      .updateTable('users')
      .set({colour: 'red'} as object)
      .execute();
    const {db} = await open(t, place);
    await person(db, 'bob');
    const directory = await memoryDirectory(t);
    const file = join(directory, 'backup.db');
    await backUp(db, place, file);
    await person(db, 'cyd');
    await restore(db, place, {file, directory});
    t.deepEqual(
      (await listUsers(db, {limit: 9})).map(({name}) => name),
      ['ada', 'bob'],
    );
    t.deepEqual(await migrateDatabase({...place, migrations: added}), {applied: []});
  },
);

test('a version that has to change what another one has added to is refused', async (t) => {
  const file = await freshFile(t);
  await migrateDatabase({file, migrations: added});
  const error = await t.throwsAsync(openDatabase({file, migrations: next}));
  t.like(error, {kind: 'newer'});
  t.regex(error.message, /0902-colours-additive is not known here/);
});

test('while other nodes serve a database is added to, and not changed', async (t) => {
  const file = await freshFile(t);
  const others = ['registry-2'];
  // The first of several that begin together.
  await migrateDatabase({file, others});
  const error = await t.throwsAsync(openDatabase({file, migrations: next, others}));
  t.like(error, {kind: 'refused'});
  t.regex(error.message, /\(0902-colours\), and registry-2 may work on it as it is/);
  const {applied} = await migrateDatabase({file, migrations: added, others});
  t.deepEqual(applied, ['0902-colours-additive']);
});

test('of migrations that fail nothing is left', async (t) => {
  const file = await freshFile(t);
  await migrateDatabase({file});
  await t.throwsAsync(openDatabase({file, migrations: failing}), {message: /no_such_table/});
  const {db} = await open(t, {file});
  const tables = (await db.introspection.getTables()).map(({name}) => name);
  t.false(tables.includes('colours') || tables.includes('shapes'));
  t.true(tables.includes('users'));
});
