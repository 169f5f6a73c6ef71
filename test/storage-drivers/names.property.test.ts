/** The names and records that the filesystem driver reads back after a crash. */
import {rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {checkpointLine, readCheckpoint} from '../../storage-drivers/filesystem/checkpoint.ts';
import {assertKey, isHidden, isSegment} from '../../storage-drivers/filesystem/key.ts';
import {newPartBase, parsePartName} from '../../storage-drivers/filesystem/part-name.ts';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {tries} from '../support/properties.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const segment = fc
  .stringMatching(/^[A-Za-z0-9._-]{1,20}$/)
  .filter((name) => name !== '.' && name !== '..');
const key = fc.array(segment, {minLength: 1, maxLength: 4}).map((names) => names.join('/'));

test('a key is taken if all its segments are, and never leads out of the root', (t) => {
  const nearlyKeys = fc
    .array(fc.oneof(segment, fc.constantFrom('', '.', '..', 'a b', '\0', 'é', '\\')), {
      maxLength: 4,
    })
    .map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.oneof(key, nearlyKeys, fc.string()), (text) => {
      if (text.split('/').every(isSegment)) {
        t.notThrows(() => {
          assertKey(text);
        });
        t.is(path.posix.normalize(`/root/${text}`), `/root/${text}`);
      } else {
        t.throws(
          () => {
            assertKey(text);
          },
          {instanceOf: TypeError},
        );
      }
    }),
    tries(1500),
  );
});

test('a part is known as its own key’s and no other’s, and is never an object', (t) => {
  fc.assert(
    fc.property(
      key,
      key,
      fc.nat(),
      fc.constantFrom('.part', '.checkpoint'),
      (own, other, epoch, kind) => {
        const base = newPartBase(`/root/${own}`, epoch);
        const fileName = path.basename(base) + kind;
        t.deepEqual(parsePartName(`/root/${own}`, fileName), {epoch, base});
        t.true(isHidden(`${own}${fileName.slice(path.basename(own).length)}`));
        if (path.basename(other) === path.basename(own)) return;
        t.is(parsePartName(`/root/${other}`, fileName), undefined);
      },
    ),
    tries(1500),
  );
});

test('of checkpoints that were cut or damaged only what was promised is believed', async (t) => {
  const directory = await temporaryDirectory(t);
  const file = path.join(directory, 'x.checkpoint');
  t.is(await readCheckpoint(realSystem, file), 0);
  const sizes = fc.uniqueArray(fc.integer({min: 1, max: 2 ** 45}), {minLength: 1, maxLength: 5});
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.option(fc.nat({max: 255})), async (all, where, damage) => {
      const lines = all.toSorted((one, other) => one - other).map(checkpointLine);
      const whole = Buffer.concat(lines);
      const at = where % (whole.length + 1);
      const content = Buffer.from(damage === null ? whole.subarray(0, at) : whole);
      if (damage !== null) content[at] = damage;
      await writeFile(file, content);
      const found = await readCheckpoint(realSystem, file);
      t.true(found === 0 || all.includes(found));
      if (damage !== null) return;
      const ends = lines.map((_, index) => Buffer.concat(lines.slice(0, index + 1)).length);
      const lastWhole = ends.filter((end) => end <= at).length;
      t.is(found, all.toSorted((one, other) => one - other)[lastWhole - 1] ?? 0);
    }),
    tries(300),
  );
  await rm(file);
});
