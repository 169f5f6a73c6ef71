import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {projectRoot} from '../support/source-tree.ts';

const execute = promisify(execFile);

for (const [fact, tool, ...words] of [
  ['the linter finds nothing', 'eslint', '.'],
  ['every file is formatted', 'prettier', '--check', '.'],
  ['the types agree', 'tsc'],
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
