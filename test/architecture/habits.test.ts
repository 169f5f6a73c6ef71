import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {projectRoot} from '../support/source-tree.ts';

const execute = promisify(execFile);
/** What was found right is not looked at again until it changes. The linter has no such place: what it says of a file hangs on others. */
const kept = 'node_modules/.cache/holdfast';

for (const [fact, tool, ...words] of [
  ['the linter finds nothing', 'eslint', '.'],
  [
    'every file is formatted',
    'prettier',
    '--check',
    '.',
    '--cache',
    '--cache-location',
    `${kept}/prettier`,
  ],
  ['the types agree', 'tsc', '--incremental', '--tsBuildInfoFile', `${kept}/tsc.tsbuildinfo`],
  ['no file, export or dependency is unused', 'knip'],
] as const) {
  test.serial(fact, async (t) => {
    t.timeout(600_000);
    const program = join(projectRoot, 'node_modules/.bin', tool);
    const options = {
      cwd: projectRoot,
      env: {...process.env, NO_COLOR: '1', FORCE_COLOR: undefined},
    };
    await execute(program, words, options).then(
      () => t.pass(),
      (error: unknown) => {
        const {stdout = '', stderr = ''} = error as {stdout?: string; stderr?: string};
        t.fail(`${tool} ${words.join(' ')}\n${stdout}${stderr}`.trim() || String(error));
      },
    );
  });
}
