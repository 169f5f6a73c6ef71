/** Where the directory lies on NFS, a node has the file of SQLite's to itself as long as it serves. */
import {join} from 'node:path';
import {run} from '../support/command.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {nodesOf, until} from './nodes.ts';

testWith(
  ['gcc'],
  'on NFS a node takes over from one that lives, and gets the file of the database as soon as that lets go of it',
  async (t) => {
    const library = join(await temporaryDirectory(t), 'network.so');
    const source = join(import.meta.dirname, 'network-file-system.c');
    const flags = ['-O1', '-Wall', '-Werror', '-shared', '-fPIC', '-ldl'];
    await run('gcc', [source, '-o', library, ...flags]);
    const onNetwork = ['env', `LD_PRELOAD=${library}`];
    const metadata = {allowNetworkFileSystem: true};
    const nodes = await nodesOf(t, {config: {metadata}});
    await t.throwsAsync(
      nodesOf(t).then(async (plain) => plain.start('a', onNetwork)),
      {
        message: /would lie on a network file system/,
      },
    );
    const a = await nodes.start('a', onNetwork);
    const b = await nodes.start('b', onNetwork);
    for (const [next, former] of [
      [b, a],
      [a, b],
      [b, a],
    ] as const) {
      t.is(await next.command('promote'), `${next.name} is active now\n`);
      t.is((await next.ask('/readyz')).status, 200);
      await until(former, '/healthz/standby');
      t.is((await former.ask('/healthz/active')).status, 503);
    }
    await b.command('demote');
    await until(a, '/healthz/active');
    await a.service.stop('SIGKILL');
    await until(b, '/healthz/active');
    t.is((await b.ask('/readyz')).status, 200);
  },
);
