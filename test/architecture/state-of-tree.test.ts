/** What a check of the whole tree is kept under must change with everything that the check could see. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {run} from '../support/command.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {stateOfTree} from './state-of-tree.ts';

const before = {
  'src/main.ts': 'export {};',
  'src/other.ts': '',
  '.gitignore': 'node_modules/\ndist/\n',
  'node_modules/.package-lock.json': '{}',
  'dist/main.js': '',
};

const changes: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'a file that is changed': {'src/main.ts': 'export  {};'},
  'a file that is added': {'src/new.ts': ''},
  'a file that is removed': {'src/other.ts': undefined},
  'a file that is renamed': {'src/other.ts': undefined, 'src/another.ts': ''},
  'a settings file that is added': {'.prettierrc': '{}'},
  'another package': {'node_modules/.package-lock.json': '{"packages": {}}'},
};

for (const [name, change] of Object.entries(changes)) {
  testWith(
    ['git'],
    `${name} is another state of the tree, and the way back leads to the old`,
    async (t) => {
      const root = await temporaryDirectory(t);
      await run('git', ['init', '--quiet'], {cwd: root});
      await write(root, before);
      await run('git', ['add', '.'], {cwd: root});
      const first = await stateOfTree(root);
      t.regex(first ?? '', /^[0-9a-f]{64}$/);
      await write(root, change);
      const second = await stateOfTree(root);
      t.regex(second ?? '', /^[0-9a-f]{64}$/);
      t.not(second, first);
      await write(root, Object.fromEntries(Object.keys(change).map((file) => [file, undefined])));
      await write(root, before);
      t.is(await stateOfTree(root), first);
    },
  );
}

testWith(['git'], 'what git ignores is no part of the state', async (t) => {
  const root = await temporaryDirectory(t);
  await run('git', ['init', '--quiet'], {cwd: root});
  await write(root, before);
  const first = await stateOfTree(root);
  await write(root, {'dist/main.js': 'built anew'});
  t.is(await stateOfTree(root), first);
});

testWith(['git'], 'a tree without a repository has no state', async (t) => {
  t.is(await stateOfTree(await temporaryDirectory(t)), undefined);
});

async function write(
  root: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), {recursive: true});
    await (content === undefined ? rm(path, {force: true}) : writeFile(path, content));
  }
}
