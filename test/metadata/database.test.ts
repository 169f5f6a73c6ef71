import {chmod, mkdir, readdir, readFile, stat, truncate, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import test from 'ava';
import {isNetworkFileSystem} from '../../src/metadata/database-file.ts';
import {migrateDatabase, openDatabase} from '../../src/metadata/database.ts';
import {isUniqueViolation} from '../../src/metadata/unique-violation.ts';
import {findNamespaceByName} from '../../src/metadata/namespaces.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {findTeam} from '../../src/metadata/teams.ts';
import {listUsers} from '../../src/metadata/users.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {freshFile, now, open, person, race} from './workbench.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('a database is made for its owner alone, with its directory', async (t) => {
  const file = await freshFile(t);
  const {db} = await open(t, {file});
  await person(db, 'ada');
  t.is(await modeOf(dirname(file)), 0o700);
  for (const name of await readdir(dirname(file))) {
    t.is(await modeOf(`${dirname(file)}/${name}`), 0o600, name);
  }
  t.true((await readdir(dirname(file))).includes('holdfast.db-wal'));
});

test('a database that others than its owner may read is refused', async (t) => {
  const file = await freshFile(t);
  await (await openDatabase({file})).close();
  await chmod(file, 0o640);
  await t.throwsAsync(openDatabase({file}), {message: new RegExp(`: chmod 600 ${file}$`)});
});

test('a new database has the root namespace, owned by the team root', async (t) => {
  const {db} = await open(t, {file: await freshFile(t), rootVisibility: 'public'});
  const root = await findNamespaceByName(db, '');
  t.like(root, {name: '', visibility: 'public', createdAt: now});
  t.like(await findTeam(db, root?.teamId ?? ''), {name: 'root', isPersonal: false});
  t.is(await readRevision(db), 0);
});

test('what was committed is there when it is opened again', async (t) => {
  const file = await freshFile(t);
  const first = await openDatabase({file});
  await person(first.db, 'ada');
  await first.close();
  await t.throwsAsync(listUsers(first.db, {limit: 1}));
  const {db} = await open(t, {file});
  t.deepEqual(
    (await listUsers(db, {limit: 9})).map(({name}) => name),
    ['ada'],
  );
});

test('six processes that open a new database at once migrate it once', async (t) => {
  const file = await freshFile(t);
  const reports = await race(
    t,
    {file},
    Array.from({length: 6}, () => ['migrate', {}] as const),
  );
  const expected = [
    ...Array.from({length: 5}, () => []),
    [
      '0001-accounts',
      '0002-providers',
      '0003-sessions',
      '0004-content',
      '0005-imported',
      '0006-manifest-words',
      '0007-lowered-descriptions',
      '0008-events',
      '0009-activities',
      '0010-session-places',
      '0011-index-turns',
      '0012-removals-additive',
    ],
  ];
  t.deepEqual(reports.map((report) => (report as {applied: string[]}).applied).sort(), expected);
  const {db} = await open(t, {file});
  t.is((await db.selectFrom('teams').select('id').execute()).length, 1);
});

test('ten openings at once in one process share the file', async (t) => {
  const file = await freshFile(t);
  const opened = await Promise.all(Array.from({length: 10}, async () => open(t, {file})));
  await Promise.all(opened.map(async ({db}, index) => person(db, `person-${index}`)));
  for (const {db} of opened) t.is((await listUsers(db, {limit: 99})).length, 10);
});

test('a file that is no database is refused by its path, and left as it is', async (t) => {
  const file = await freshFile(t);
  await mkdir(dirname(file), {recursive: true});
  const content = 'no database at all\n'.repeat(1000);
  await writeFile(file, content, {mode: 0o600});
  const error = await t.throwsAsync(openDatabase({file}), {name: 'MetadataError'});
  t.like(error, {kind: 'damaged', code: 'SQLITE_NOTADB'});
  t.true(error.message.startsWith(`${file} is damaged, or no database: put back a copy of it`));
  t.is(await readFile(file, 'utf8'), content);
});

for (const [kind, damage] of Object.entries({
  cut: async (file: string) => truncate(file, Math.floor((await stat(file)).size / 8192) * 4096),
  overwritten: async (file: string) => {
    const bytes = await readFile(file);
    bytes.fill(0xa5, 8192);
    await writeFile(file, bytes);
  },
})) {
  test(`a database that was ${kind} is refused by its path`, async (t) => {
    const file = await freshFile(t);
    const {db, close} = await openDatabase({file});
    for (let number = 1; number <= 30; number += 1) await person(db, `person-${number}`);
    await close();
    await damage(file);
    const error = await t.throwsAsync(openDatabase({file}));
    t.like(error, {kind: 'damaged'});
    t.true(error.message.startsWith(`${file} is damaged`));
  });
}

test('a directory in place of the file is refused', async (t) => {
  const file = await freshFile(t);
  await mkdir(file, {recursive: true});
  await t.throwsAsync(openDatabase({file}), {message: `${file} is no file`});
});

test('a network file system is refused, and where it is allowed one process has the file', async (t) => {
  const file = await freshFile(t);
  const options = {file, fileSystemType: async () => Promise.resolve(0x69_69)};
  const error = await t.throwsAsync(openDatabase(options));
  t.like(error, {kind: 'refused'});
  t.regex(error.message, /metadata\.allowNetworkFileSystem/);

  const alone = {...options, allowNetworkFileSystem: true};
  const {db, close} = await openDatabase(alone);
  await person(db, 'ada');
  t.false((await readdir(dirname(file))).some((name) => name.endsWith('-wal')));
  const busy = await t.throwsAsync(openDatabase(alone));
  t.like(busy, {kind: 'busy'});
  await close();
  t.is((await listUsers((await open(t, alone)).db, {limit: 9})).length, 1);
});

test('a database of a local file system is opened on a network file system, and back', async (t) => {
  const file = await freshFile(t);
  const away = {
    file,
    allowNetworkFileSystem: true,
    fileSystemType: async () => Promise.resolve(0x69_69),
  };
  for (const options of [{file}, away, {file}]) {
    const {db, close} = await openDatabase(options);
    await person(db, `person-${Math.random().toString(36).slice(2)}`);
    await close();
  }
  t.is((await listUsers((await open(t, {file})).db, {limit: 9})).length, 3);
});

test('NFS, SMB and 9P are network file systems; ext4, XFS, tmpfs and overlayfs are not', (t) => {
  for (const type of [0x69_69, 0xff_53_4d_42, 0xfe_53_4d_42, 0x01_02_19_97]) {
    t.true(isNetworkFileSystem(type));
  }
  for (const type of [0xef53, 0x58_46_53_42, 0x01_02_19_94, 0x79_4c_76_30]) {
    t.false(isNetworkFileSystem(type));
  }
});

test('a directory that can not be made is an error with the path of the file', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(`${directory}/file`, '');
  const file = `${directory}/file/holdfast.db`;
  await t.throwsAsync(migrateDatabase({file}), {message: `${file} can't be used (ENOTDIR)`});
});

test('a second row with the same key is an error with the code of SQLite', async (t) => {
  const {db} = await open(t, {file: await freshFile(t)});
  const insert = db.insertInto('revisions').values({name: 'accounts', value: 1});
  const error = await t.throwsAsync(insert.execute());
  t.like(error, {kind: 'constraint', code: 'SQLITE_CONSTRAINT_PRIMARYKEY'});
  t.true(isUniqueViolation(error));
});
