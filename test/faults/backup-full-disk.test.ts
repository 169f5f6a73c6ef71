/** A backup, and what is put back, on disks that get full. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {backupBench, filesIn, requirePull} from '../cli/backup-workbench.ts';
import {run as runProgram} from '../support/command.ts';
import {pushImage, randomContent} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {testUnless} from '../support/test-with.ts';

/** In MB. Answers with what gives it more. */
async function mountSmall(t: ExecutionContext, directory: string, size: number) {
  await mkdir(directory, {recursive: true});
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', directory]);
  t.teardown(async () => runProgram('umount', ['--lazy', directory]));
  return async (more: number) =>
    runProgram('mount', ['-o', `remount,size=${more}m`, 'tmpfs', directory]);
}

testUnless(
  process.getuid?.() === 0 ? [] : ['only root may mount'],
  'a backup and a restore that find no room say so and lose nothing, and go on where they were when there is room',
  async (t) => {
    const server = await startInProcess(t);
    const push = async (name: string, count: number) => {
      const layers = Array.from({length: count}, () => randomContent(1_000_000));
      return {
        name,
        tag: 'v1',
        layers,
        image: await pushImage(server.api, name, {tag: 'v1', layers}),
      };
    };
    const small = await push('small', 1);
    const {backup, run, restore, backups, fresh} = await backupBench(t, server.dataDir);
    const growBackups = await mountSmall(t, backups, 8);
    const first = await backup();

    const large = await push('large', 12);
    const full = await run('backup', backups);
    t.is(full.code, 1);
    t.regex(full.stderr, new RegExp(`no room is left for ${backups}; what was copied stays`));
    const {stdout} = await run('backup', 'list', backups, '--json');
    t.deepEqual(
      (JSON.parse(stdout) as {set: string}[]).map(({set}) => set),
      [first.set],
    );
    t.is((await run('backup', 'verify', backups)).code, 0);

    await growBackups(40);
    const second = await backup(['--verify']);
    const copied = second.figures['copiedBlobs'] ?? 0;
    t.true(copied > 0 && copied < 12, `${copied} blobs were copied`);
    t.is((await filesIn(backups)).filter((file) => /staged|partial/.test(file)).length, 0);
    await server.stop();

    const growFresh = await mountSmall(t, fresh, 6);
    const cut = await run('restore', backups, '--data-dir', fresh);
    t.is(cut.code, 1);
    t.regex(cut.stderr, new RegExp(`no room is left for ${fresh}`));
    t.true((await filesIn(fresh)).includes('restore-unfinished'));
    await growFresh(40);
    t.like(await restore(), {state: 'continued', findings: []});
    const again = await startInProcess(t, {dataDir: fresh});
    for (const pushed of [small, large]) await requirePull(t, again.api, pushed);
    t.is((await filesIn(join(fresh, 'run'))).length, 0);
  },
);
