/** A process of its own that serves a directory, streams 100 MiB to a key and then waits to be killed. */
import {Readable} from 'node:stream';
import {openFilesystemDriver} from '../../storage-drivers/filesystem/open-filesystem-driver.ts';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {numberedMiB, storageKey} from './objects.ts';

const [root = '', key = ''] = process.argv.slice(2);

const driver = await openFilesystemDriver({
  root,
  exclusiveCreate: 'link',
  system: {
    ...realSystem,
    datasync: async (fd) => {
      await realSystem.datasync(fd);
      process.stdout.write('synced\n');
    },
  },
});
process.stdout.write('serving\n');
if (key !== '')
  await driver.createStream(storageKey(key), Readable.from(endless()), {keepPartial: true});
else process.stdin.resume();

async function* endless(): AsyncGenerator<Buffer> {
  for (let index = 0; index < 100; index++) yield numberedMiB(index);
  await new Promise<never>(() => {
    process.stdin.resume(); // Keeps the process alive.
  });
}
