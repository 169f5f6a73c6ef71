import {execFile} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {projectRoot} from '../support/project-root.ts';
import {stateOfTree} from './state-of-tree.ts';

const execute = promisify(execFile);
/** A tree that was found right is not looked at again until anything in it changes; prettier knows parts of it too. */
const kept = 'node_modules/.cache/holdfast';

for (const [fact, tool, ...words] of [
  ['the linter finds nothing, and the types agree', 'oxlint'],
  [
    'every file is formatted',
    'prettier',
    '--check',
    '.',
    '--cache',
    '--cache-location',
    `${kept}/prettier`,
  ],
  ['no file, export or dependency is unused', 'knip'],
] as const) {
  test.serial(fact, async (t) => {
    t.timeout(600_000);
    const state = await stateOfTree(projectRoot);
    const note = join(projectRoot, kept, `${fact.replaceAll(' ', '-')}.found-right`);
    if (state !== undefined && state === (await readFile(note, 'utf8').catch(() => ''))) {
      t.log('it was found right, and nothing has changed since');
      t.pass();
      return;
    }
    const program = join(projectRoot, 'node_modules/.bin', tool);
    const options = {
      cwd: projectRoot,
      env: {...process.env, NO_COLOR: '1', FORCE_COLOR: undefined},
    };
    const complaint = await execute(program, words, options).then(
      () => '',
      (error: unknown) => {
        const {stdout = '', stderr = ''} = error as {stdout?: string; stderr?: string};
        return `${tool} ${words.join(' ')}\n${stdout}${stderr}`.trim() || String(error);
      },
    );
    t.is(complaint, '');
    // What was changed meanwhile was perhaps not seen.
    if (state !== undefined && state === (await stateOfTree(projectRoot))) {
      await mkdir(join(projectRoot, kept), {recursive: true});
      await writeFile(note, state);
    }
  });
}
