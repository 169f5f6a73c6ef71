/** `kill -9` in the middle of a backup, and of a restore. */
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {backupBench, filesIn} from '../cli/backup-workbench.ts';
import {startCommand} from '../cli/holdfast.ts';
import {pushImage, randomContent} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';

const countIn = (directory: string): number => {
  try {
    return readdirSync(directory, {recursive: true}).filter((name) => String(name).length > 64)
      .length;
  } catch {
    // Not made yet.
    return 0;
  }
};

test('a backup that is killed leaves the earlier ones whole, and the next goes on from there', async (t) => {
  const server = await startInProcess(t);
  const image = await pushImage(server.api, 'first', {tag: 'v1', layers: [randomContent(300)]});
  const {backup, run, restore, backups, fresh, cwd} = await backupBench(t, server.dataDir);
  const one = await backup();
  const layers = Array.from({length: 40}, () => randomContent(1_000_000));
  for (let count = 0; count < 4; count++) {
    await pushImage(server.api, `many/${count}`, {
      tag: 'v1',
      layers: layers.slice(count * 10, count * 10 + 10),
    });
  }
  const content = join(backups, 'content');
  const before = countIn(content);
  const killed = startCommand(t, ['backup', backups, '--data-dir', server.dataDir], {cwd});
  const exited = once(killed, 'exit');
  await until(() => countIn(content) >= before + 5);
  killed.kill('SIGKILL');
  await exited;
  const copied = countIn(content) - before;
  t.true(copied < 44, 'it was killed too late to show anything');
  t.is((await run('backup', 'verify', backups)).code, 0);
  const {stdout} = await run('backup', 'list', backups, '--json');
  t.deepEqual(
    (JSON.parse(stdout) as {set: string}[]).map(({set}) => set),
    [one.set],
  );

  const two = await backup(['--verify']);
  t.true((two.figures['copiedBlobs'] ?? 0) <= 44 - copied + 1);
  t.is((await filesIn(backups)).filter((file) => /staged|partial/.test(file)).length, 0);
  await server.stop();

  const restoring = startCommand(t, ['restore', backups, '--data-dir', fresh], {cwd});
  const ended = once(restoring, 'exit');
  await until(() => countIn(join(fresh, 'registry')) >= 5);
  restoring.kill('SIGKILL');
  await ended;
  t.true((await filesIn(fresh)).includes('restore-unfinished'));
  t.like(await restore(), {state: 'continued', findings: []});
  const again = await startInProcess(t, {dataDir: fresh});
  await again.api.get(`/v2/first/manifests/${image.digest}`).expect(200);
  for (const {digest, bytes} of layers) {
    const name = `many/${Math.floor(layers.findIndex((each) => each.digest === digest) / 10)}`;
    const {headers} = await again.api.head(`/v2/${name}/blobs/${digest}`).expect(200);
    t.is(Number((headers as Record<string, string>)['content-length']), bytes.length);
  }
});
