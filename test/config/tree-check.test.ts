/** A tree is looked at while another node works in it. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {checkTree} from '../../src/config/tree-check.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

test('files and directories that go away while they are looked at are no fault', async (t) => {
  const root = await memoryDirectory(t);
  let isOver = false;
  t.teardown(() => {
    isOver = true;
  });
  const churning = Array.from({length: 3}, async (_, index) => {
    const directory = join(root, String(index));
    while (!isOver) {
      await mkdir(directory);
      await writeFile(join(directory, 'file'), '');
      await rm(directory, {recursive: true});
    }
  });
  const found: unknown[] = [];
  for (let look = 0; look < 300; look += 1) {
    const {faults} = await checkTree(root, {depth: 3, writable: true});
    found.push(...faults);
  }
  isOver = true;
  await Promise.all(churning);
  t.deepEqual(found, []);
});
