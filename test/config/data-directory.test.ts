import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, chown, mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test from 'ava';
import {
  checkDataDirectory,
  dataPaths,
  prepareDataDirectory,
  readOrCreateSecret,
  runDirectory,
} from '../../src/config/data-directory.ts';
import {ConfigError} from '../../src/config/fault.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {Config} from '../../src/config/schema.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';

const configOf = (dataDir: string, root = 'registry'): Config =>
  loadConfig({
    env: {},
    flags: {
      dataDir: {name: '--data-dir', value: dataDir},
      'storage.root': {name: 'storage.root', value: root},
    },
  }).config;

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('the storage root lies in the data directory unless its path is absolute', (t) => {
  t.is(dataPaths(configOf('/srv/data')).registry, '/srv/data/registry');
  t.is(dataPaths(configOf('/srv/data', '/mnt/images')).registry, '/mnt/images');
});

test('the database lies in a directory of its own in the data directory', (t) => {
  t.is(dataPaths(configOf('/srv/data')).database, '/srv/data/database/holdfast.db');
});

test('what is missing is made, keys and run for their owner alone', async (t) => {
  const root = join(await temporaryDirectory(t), 'a/b/data');
  const {paths, warnings} = await prepareDataDirectory(configOf(root));
  t.deepEqual(warnings, []);
  t.deepEqual((await readdir(root)).sort(), ['certs', 'keys', 'registry', 'run']);
  t.is(await modeOf(paths.keys), 0o700);
  t.is(await modeOf(runDirectory(configOf(root))), 0o700);
  await t.notThrowsAsync(prepareDataDirectory(configOf(root)));
});

test('looking at a directory makes nothing', async (t) => {
  const parent = await temporaryDirectory(t);
  t.deepEqual(await checkDataDirectory(configOf(join(parent, 'data'))), {faults: [], warnings: []});
  t.deepEqual(await readdir(parent), []);
});

test('a file where a directory is needed is a fault', async (t) => {
  const root = await temporaryDirectory(t);
  await writeFile(join(root, 'keys'), '');
  await writeFile(join(root, 'file'), '');
  const {faults} = await checkDataDirectory(configOf(root, 'file/below'));
  t.deepEqual(
    faults.map(({path, message}) => [path, message.split(',')[0]]),
    [
      [join(root, 'keys'), 'is a file'],
      [join(root, 'file'), 'is a file'],
    ],
  );
});

test('keys that others may enter are warned of, with the chmod that mends it', async (t) => {
  const root = await temporaryDirectory(t);
  const {paths} = await prepareDataDirectory(configOf(root));
  await chmod(paths.keys, 0o755);
  const {warnings} = await checkDataDirectory(configOf(root));
  t.deepEqual(
    warnings.map(({remedy}) => remedy),
    [`chmod 700 ${paths.keys}`],
  );
});

testUnless(
  unlessRoot,
  'root over a tree of another owner is warned of, and told to run it as that one',
  async (t) => {
    const root = await temporaryDirectory(t);
    const {paths} = await prepareDataDirectory(configOf(root));
    const blobs = join(paths.registry, 'docker/registry/v2/blobs');
    await mkdir(blobs, {recursive: true});
    await chown(blobs, 65_534, 65_534);
    const {faults, warnings} = await checkDataDirectory(configOf(root));
    t.deepEqual(faults, []);
    t.is(warnings.length, 1);
    t.regex(
      warnings[0]?.message ?? '',
      /belongs to 65534:65534.*run holdfast as that user, with: sudo -u '#65534' -g '#65534' holdfast$/,
    );
    t.is(warnings[0]?.remedy, undefined);
  },
);

test('a secret is made once, for its owner alone, and stays the same', async (t) => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'secret');
  const secret = await readOrCreateSecret(path, 48);
  t.is(secret.length, 48);
  t.is(await modeOf(path), 0o600);
  t.deepEqual(await readOrCreateSecret(path, 48), secret);
  t.deepEqual(await readdir(directory), ['secret']);
});

test('processes that make a secret at once all get the same one', async (t) => {
  const path = join(await temporaryDirectory(t), 'secret');
  const module = join(import.meta.dirname, '../../src/config/data-directory.ts');
  const program = `
    import {readOrCreateSecret} from ${JSON.stringify(module)};
    const all = await Promise.all(Array.from({length: 8}, () => readOrCreateSecret(process.argv[1])));
    console.log(all.map((secret) => secret.toString('hex')).join('\\n'));`;
  const outputs = await Promise.all(
    Array.from({length: 4}, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, path]);
      const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
      return output.trim().split('\n');
    }),
  );
  t.is(outputs.flat().length, 32);
  t.deepEqual(new Set(outputs.flat()), new Set([(await readFile(path)).toString('hex')]));
});

test('a secret that others may read, or that is too short, is refused with what mends it', async (t) => {
  const path = join(await temporaryDirectory(t), 'secret');
  await writeFile(path, Buffer.alloc(32), {mode: 0o640});
  const open = await t.throwsAsync(readOrCreateSecret(path), {instanceOf: ConfigError});
  t.is(open.faults[0]?.remedy, `chmod 600 ${path}`);
  await chmod(path, 0o600);
  await writeFile(path, Buffer.alloc(31));
  const short = await t.throwsAsync(readOrCreateSecret(path), {instanceOf: ConfigError});
  t.regex(short.message, /holds 31 bytes/);
});
