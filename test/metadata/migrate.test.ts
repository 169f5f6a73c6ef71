import {readdir, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import test from 'ava';
import {migrateDatabase, openDatabase} from '../../src/metadata/database.ts';
import type {Migrations} from '../../src/metadata/migrate.ts';
import {allMigrations} from '../../src/metadata/migrations/all.ts';
import {listUsers} from '../../src/metadata/users.ts';
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

test('of migrations that fail nothing is left', async (t) => {
  const file = await freshFile(t);
  await migrateDatabase({file});
  await t.throwsAsync(openDatabase({file, migrations: failing}), {message: /no_such_table/});
  const {db} = await open(t, {file});
  const tables = (await db.introspection.getTables()).map(({name}) => name);
  t.false(tables.includes('colours') || tables.includes('shapes'));
  t.true(tables.includes('users'));
});
