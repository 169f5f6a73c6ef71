import {once} from 'node:events';
import {mkdir, copyFile} from 'node:fs/promises';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';
import {testWith} from '../support/test-with.ts';
import type {Workbench} from './workbench.ts';
import {run, workbench, soon} from './workbench.ts';

/** Just enough of a registry for `skopeo list-tags`. */
async function registry(t: ExecutionContext, bench: Workbench): Promise<string> {
  bench.time = soon();
  const {cert, key} = (await bench.open()).current();
  const server = createServer({cert, key}, ({url}, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(url?.includes('tags/list') ? '{"name":"a","tags":["v1"]}' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

testWith(
  ['skopeo'],
  'skopeo trusts the registry by ca.crt in its certificate directory, and not without',
  async (t) => {
    const bench = await workbench(t);
    const host = await registry(t, bench);
    const directory = bench.path('certs.d');
    const list = (): Promise<{stdout: string}> =>
      run('skopeo', ['list-tags', '--cert-dir', directory, `docker://${host}/a`]);
    await mkdir(directory);
    await t.throwsAsync(list(), {message: /x509|certificate/});
    await copyFile(bench.path('ca.crt'), `${directory}/ca.crt`);
    t.regex((await list()).stdout, /"v1"/);
  },
);

testWith(['curl'], 'curl trusts the registry by --cacert ca.crt, and not without', async (t) => {
  const bench = await workbench(t);
  const host = await registry(t, bench);
  await t.throwsAsync(run('curl', ['-sSf', `https://${host}/v2/`]), {code: 60});
  const {stdout} = await run('curl', [
    ...['-sSf', '--cacert', bench.path('ca.crt')],
    `https://${host}/v2/`,
  ]);
  t.is(stdout, '{}');
});

testWith(['openssl'], 'openssl s_client shows a chain of two that verifies', async (t) => {
  const bench = await workbench(t);
  const host = await registry(t, bench);
  const connection = run('openssl', [
    ...['s_client', '-connect', host, '-CAfile', bench.path('ca.crt'), '-showcerts'],
    ...['-verify_return_error', '-verify_ip', '127.0.0.1'],
  ]);
  connection.child.stdin?.end();
  const {stdout} = await connection;
  t.is(stdout.match(/BEGIN CERTIFICATE/g)?.length, 2);
  t.regex(stdout, /Verify return code: 0 \(ok\)/);
});
