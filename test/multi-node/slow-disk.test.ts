/** A disk that needs longer to sync than a lease lasts: whoever serves says all the same that he lives. */
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {nodesOf} from '../cluster/nodes.ts';
import {run} from '../support/command.ts';
import {randomContent} from '../support/content.ts';
import {missingPrograms} from '../support/programs.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {exchange} from './exchange.ts';
import {hostOf} from './host-of.ts';

/** In milliseconds. */
const lease = 500;
const sync = 1200;
/** More than there are threads for the calls to the file system. */
const pushes = 6;
const threads = 4;

testUnless(
  [...missingPrograms(['gcc', 'unshare']), ...unlessRoot],
  'a node all of whose file threads wait for a slow disk stays the one that serves, and its pushes end well',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const library = join(directory, 'slow-disk.so');
    const source = join(import.meta.dirname, 'slow-disk.c');
    await run('gcc', ['-O1', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, source]);
    const isSlow = join(directory, 'is-slow');
    const disk = {
      LD_PRELOAD: library,
      SLOW_SYNC_WHILE: isSlow,
      SLOW_SYNC_MICROSECONDS: String(1000 * sync),
      UV_THREADPOOL_SIZE: String(threads),
      // Calls that go past the C library are not seen.
      UV_USE_IO_URING: '0',
    };
    const slow = ['env', ...Object.entries(disk).map(([name, value]) => `${name}=${value}`)];
    const nodes = await nodesOf(t, {cluster: {leaseTime: `${lease}ms`}});
    const one = await nodes.start('a', [...slow, ...hostOf('a')]);
    const other = await nodes.start('b', hostOf('b'));
    await writeFile(isSlow, '');
    const begin = performance.now();
    const pushing = Array.from({length: pushes}, async (_, index) => {
      const {bytes, digest} = randomContent(1000);
      const headers = {'Content-Type': 'application/octet-stream'};
      const path = `/v2/r${index}/blobs/uploads/?digest=${digest}`;
      const asked = {method: 'POST', headers, body: bytes, timeout: 60_000};
      return (await exchange(one.url, path, asked)).status;
    });
    await Promise.race(pushing);
    t.true(performance.now() - begin > 2 * (lease + sync), 'the disk was too quick');
    await rm(isSlow);
    t.deepEqual(new Set(await Promise.all(pushing)), new Set([201]));
    t.is((await one.ask('/healthz/active')).status, 200);
    t.is((await other.ask('/healthz/standby')).status, 200);
    t.notRegex(other.service.output(), /takes over/);
  },
);
