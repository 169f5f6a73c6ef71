/** What a backup, and what a restore, must not do, and what they say then. */
import {cp, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {pushImage, randomContent} from '../support/content.ts';
import {keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {backupBench, filesIn} from './backup-workbench.ts';

test('a backup goes neither into the data directory nor to other things nor beside backups of another volume', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1'});
  const {run, cwd, backups, backup} = await backupBench(t, server.dataDir);
  for (const inside of ['', '/registry/backups', '/new']) {
    const {code, stderr} = await run('backup', server.dataDir + inside);
    t.is(code, 1);
    t.regex(stderr, /lie in each other: name a directory elsewhere/);
  }
  await writeFile(join(cwd, 'letter'), 'dear anna');
  const among = await run('backup', cwd);
  t.is(among.code, 1);
  t.regex(among.stderr, /holds something else than backups: name an empty directory/);
  await backup();
  const other = await startInProcess(t);
  const another = await run('backup', backups, '--data-dir', other.dataDir);
  t.is(another.code, 1);
  t.regex(another.stderr, /holds backups of another volume \(.*\): name another directory/);
  const nowhere = await run('backup', backups, '--data-dir', join(cwd, 'nowhere'));
  t.is(nowhere.code, 2);
  const none = await run('backup', 'verify', join(cwd, 'nowhere'));
  t.is(none.code, 1);
  t.regex(none.stderr, /is no directory of backups/);
});

test('a restore goes into a fresh directory, or with --force over the same volume, where what came since stays', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent(200);
  await pushImage(server.api, 'a', {tag: 'v1', layers: [layer]});
  const {run, backups, backup, fresh} = await backupBench(t, server.dataDir);
  await backup();
  await pushImage(server.api, 'a', {tag: 'v2'});
  const used = await run('restore', backups);
  t.is(used.code, 1);
  t.regex(used.stderr, /a server uses this data directory: stop it first/);
  await server.stop();
  const full = await run('restore', backups);
  t.is(full.code, 1);
  t.regex(full.stderr, /is the volume of this backup: --force puts the backup over it/);
  await mkdir(fresh);
  await writeFile(join(fresh, 'letter'), 'dear anna');
  for (const force of [[], ['--force', '--yes']]) {
    const strange = await run('restore', backups, '--data-dir', fresh, ...force);
    t.is(strange.code, 1);
    t.regex(strange.stderr, /letter is there already: a backup is put back into a fresh directory/);
  }
  const blob = join(server.dataDir, 'registry', keys.blob(layer.digest));
  await writeFile(blob, 'something else');
  await rm(join(server.dataDir, 'registry', keys.tag('a', 'v1')));
  const forced = await run('restore', backups, '--force', '--yes', '--json');
  t.is(forced.code, 0, forced.stderr);
  t.deepEqual(await readFile(blob), layer.bytes);
  const again = await startInProcess(t, {dataDir: server.dataDir});
  for (const tag of ['v1', 'v2']) await again.api.get(`/v2/a/manifests/${tag}`).expect(200);
  const databases = await filesIn(join(server.dataDir, 'database'));
  t.true(databases.some((file) => file.includes('before-restore')));
});

test('--dry-run tells what would be put back where, and makes nothing', async (t) => {
  const server = await startInProcess(t);
  await server.stop();
  const {backup, restore, fresh, cwd} = await backupBench(t, server.dataDir);
  const {set} = await backup();
  const there = await filesIn(cwd);
  t.like(await restore(['--dry-run']), {set, state: 'fresh', dataDir: fresh, content: 'copy'});
  t.deepEqual(await filesIn(cwd), there);
});

test('with --content none the content comes with a snapshot, and what it lacks is told', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent(200);
  await pushImage(server.api, 'a', {tag: 'v1', layers: [layer]});
  const {backup, run, restore, fresh, backups} = await backupBench(t, server.dataDir);
  const made = await backup(['--content', 'none']);
  t.is(made.content, 'none');
  t.false((await filesIn(backups)).some((file) => file.startsWith('content/')));
  await server.stop();
  const empty = await run('restore', backups, '--data-dir', fresh);
  t.is(empty.code, 1);
  t.regex(empty.stderr, /brings no content: put that of the snapshot there first/);
  await cp(join(server.dataDir, 'registry'), join(fresh, 'registry'), {recursive: true});
  await rm(join(fresh, 'registry', keys.blob(layer.digest)));
  t.like(await restore([], 3), {
    findings: [{kind: 'missing', repository: 'a', digest: layer.digest}],
    index: {repositories: 1},
  });
  const again = await startInProcess(t, {dataDir: fresh});
  await again.api.get('/v2/a/manifests/v1').expect(200);
});

test('a server does not start where a backup was not put back whole, and the same restore ends it', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1'});
  const {backup, restore, run, fresh, backups} = await backupBench(t, server.dataDir);
  const {set} = await backup();
  await restore();
  // As a kill in the middle leaves it.
  const {id: volume} = JSON.parse(
    await readFile(join(fresh, 'registry/_holdfast/volume.json'), 'utf8'),
  ) as {id: string};
  await writeFile(join(fresh, 'restore-unfinished'), JSON.stringify({volume, set}));
  await rm(join(fresh, 'registry', keys.repository('a')), {recursive: true});
  const refused = await run(
    'serve',
    '--data-dir',
    fresh,
    '--tls',
    'off',
    '--listen',
    '127.0.0.1:0',
  );
  t.is(refused.code, 2);
  t.regex(refused.stderr, /was not put back whole: give the same "holdfast restore" once more/);
  t.like(await restore(), {state: 'continued', findings: []});
  const again = await startInProcess(t, {dataDir: fresh});
  await again.api.get('/v2/a/manifests/v1').expect(200);
  t.is((await run('backup', 'verify', backups)).code, 0);
});
