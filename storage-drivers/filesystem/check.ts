/** Finds out whether the volume does now what every verb needs of it. */
import {randomBytes} from 'node:crypto';
import {StorageError} from '../../src/storage/driver.ts';
import {fenced} from './epoch.ts';
import {hasCode} from './errors.ts';
import {explainLinkFailure} from './hard-links.ts';
import {readFile} from './read-file.ts';
import {withStagedFile} from './staging.ts';
import type {Volume} from './volume.ts';

export async function check(volume: Volume, options: {readonly links: boolean}): Promise<void> {
  const {system} = volume;
  const content = randomBytes(64);
  try {
    await withStagedFile(
      volume,
      (file) => file.write([content]),
      async ({path}) => {
        const back = await readFile(system, path);
        if (!back) throw fenced(volume.epoch);
        if (!back.equals(content))
          throw new StorageError('corrupt', `${path} reads back other bytes than were written`);
        if (options.links) await tryLink(volume, path);
        await system.unlink(path);
      },
    );
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? fenced(volume.epoch, error) : error;
  }
}

async function tryLink({system, root}: Volume, path: string): Promise<void> {
  try {
    await system.link(path, `${path}.link`);
  } catch (error) {
    throw explainLinkFailure(error, root);
  }
  await system.unlink(`${path}.link`);
}
