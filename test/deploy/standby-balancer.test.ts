/** nginx, as `holdfast nginx print` prints it where one node serves and another waits, before two nodes on one directory. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {holdfast} from '../cli/holdfast.ts';
import {nodesOf, type TestNode, until} from '../cluster/nodes.ts';
import {randomContent} from '../support/content.ts';
import {type AskProxy, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

interface Behind {
  readonly active: TestNode;
  readonly standby: TestNode;
  readonly ask: AskProxy;
}

async function behindNginx(t: ExecutionContext): Promise<Behind> {
  const host = `127.0.0.1:${await freePort(t)}`;
  const externalUrl = `http://${host}`;
  const nodes = await nodesOf(t, {config: {externalUrl}});
  const [active, standby] = [await nodes.start('a'), await nodes.start('b')];
  const cwd = await temporaryDirectory(t);
  const settings = {
    externalUrl,
    tls: {mode: 'off'},
    http: {trustedProxies: ['127.0.0.1']},
    cluster: {mode: 'active-standby'},
  };
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
  const balance = [active, standby].map(({url}) => url).join(',');
  const printed = await holdfast(['nginx', 'print', '--at', host, '--balance', balance], {cwd});
  t.is(printed.stderr, '');
  const nginx = await startNginx(t, printed.stdout);
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output());
  });
  return {active, standby, ask: proxyClient(externalUrl)};
}

/** In three requests, of which two have a body. */
async function push(ask: AskProxy): Promise<readonly [status: number, path: string]> {
  const {bytes, digest} = randomContent(2_000_000);
  const headers = {'Content-Type': 'application/octet-stream'};
  const started = await ask('POST', '/v2/a/blobs/uploads/');
  const location = String(started.headers['location']);
  const sent = await ask('PATCH', location, {headers, body: bytes});
  const next = `${String(sent.headers['location'])}&digest=${digest}`;
  const {status} = await ask('PUT', next, {headers, body: Buffer.alloc(0)});
  return [status, `/v2/a/blobs/${digest}`];
}

testWith(
  ['nginx'],
  'pushes and pulls go to the node that is active, whichever it is, and between two of them the answer is a 503 in JSON',
  async (t) => {
    const {active, standby, ask} = await behindNginx(t);
    for (let count = 0; count < 5; count += 1) {
      const [status, blob] = await push(ask);
      t.is(status, 201);
      t.is((await ask('GET', blob)).status, 200);
    }
    const [, blob] = await push(ask);
    await active.service.stop('SIGKILL');
    const between = await ask('POST', '/v2/a/blobs/uploads/');
    if (between.status !== 202) {
      t.is(between.status, 503);
      t.truthy(between.headers['retry-after']);
      t.like(JSON.parse(String(between.body)), {errors: [{code: 'UNAVAILABLE'}]});
    }
    await until(standby, '/healthz/active');
    // As clients do: the answer says when to come again.
    for (;;) {
      const {status} = await ask('GET', blob);
      if (status === 200) break;
      t.is(status, 503);
    }
    t.is((await push(ask))[0], 201);
  },
);
