/** nginx, as `holdfast nginx print --balance` prints it, before two nodes that both serve one directory. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {holdfast} from '../cli/holdfast.ts';
import {nodesOf, type TestNode} from '../cluster/nodes.ts';
import {randomContent} from '../support/content.ts';
import {startPostgres, urlOf} from '../support/database-server.ts';
import {type AskProxy, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const programs = ['nginx', 'postgres', 'initdb', 'setpriv'] as const;

interface Balanced {
  readonly nodes: readonly [TestNode, TestNode];
  readonly ask: AskProxy;
}

async function balanced(t: ExecutionContext): Promise<Balanced> {
  const host = `127.0.0.1:${await freePort(t)}`;
  const server = await startPostgres(t);
  const common = {
    externalUrl: `http://${host}`,
    metadata: {url: urlOf(await server.fresh())},
    log: {format: 'json'},
  };
  const nodes = await nodesOf(t, {config: common, cluster: {mode: 'active-active'}});
  const [one, other] = [await nodes.start('a'), await nodes.start('b')];
  const cwd = await temporaryDirectory(t);
  const settings = {
    ...common,
    tls: {mode: 'off'},
    http: {trustedProxies: ['127.0.0.1']},
    cluster: {mode: 'active-active'},
  };
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
  const words = ['--at', host, '--balance', `${one.url},${other.url}`];
  const printed = await holdfast(['nginx', 'print', ...words], {cwd});
  t.is(printed.stderr, '');
  const nginx = await startNginx(t, printed.stdout);
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output());
  });
  return {nodes: [one, other], ask: proxyClient(common.externalUrl)};
}

interface Line {
  readonly msg: string;
  readonly route: string;
  readonly path: string;
}

/** What a node has answered of this kind, by path. */
const answered = ({service}: TestNode, route: string): readonly string[] =>
  service
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(`"${route}"`))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.msg === 'request' && line.route === route)
    .map(({path}) => path);

const headers = {'Content-Type': 'application/octet-stream'};

/** In chunks; answers with the blob's path. */
async function push(t: ExecutionContext, ask: AskProxy): Promise<string> {
  const {bytes, digest} = randomContent(900_000);
  let {headers: said} = await ask('POST', '/v2/a/blobs/uploads/');
  for (const start of [0, 300_000, 600_000]) {
    const body = bytes.subarray(start, start + 300_000);
    const answer = await ask('PATCH', String(said['location']), {headers, body});
    t.is(answer.status, 202, String(answer.body));
    said = answer.headers;
  }
  const end = `${String(said['location'])}&digest=${digest}`;
  t.is((await ask('PUT', end, {headers, body: Buffer.alloc(0)})).status, 201);
  return `/v2/a/blobs/${digest}`;
}

testWith(
  programs,
  'both nodes serve, and the requests of one upload go to one of them',
  async (t) => {
    t.timeout(120_000);
    const {nodes, ask} = await balanced(t);
    for (let count = 0; count < 8; count += 1) {
      const blob = await push(t, ask);
      for (let pull = 0; pull < 4; pull += 1) t.is((await ask('GET', blob)).status, 200);
      for (const node of nodes) t.is((await node.ask(blob)).status, 200);
    }
    const [one, other] = nodes;
    const paths = () => [answered(one, 'upload-append'), answered(other, 'upload-append')] as const;
    await until(() => paths().flat().length === 24);
    const [here, there] = paths();
    t.deepEqual(
      here.filter((path) => there.includes(path)),
      [],
    );
    t.true(here.length > 0 && there.length > 0, 'not all uploads to the same');
    for (const node of nodes) t.true(answered(node, 'blob').length > 8, 'pulls go to both');
  },
);

testWith(
  programs,
  'when a node is gone everything goes to the other, and with none there is a 503 in JSON',
  async (t) => {
    t.timeout(120_000);
    const {nodes, ask} = await balanced(t);
    const [one, other] = nodes;
    const blob = await push(t, ask);
    await one.service.stop('SIGKILL');
    for (let count = 0; count < 8; count += 1) t.is((await ask('GET', blob)).status, 200);
    for (let count = 0; count < 8; count += 1) await push(t, ask);
    await other.service.stop();
    for (const method of ['GET', 'POST']) {
      const answer = await ask(method, '/v2/a/blobs/uploads/');
      t.is(answer.status, 503);
      t.is(answer.headers['retry-after'], '5');
      t.like(JSON.parse(String(answer.body)), {errors: [{code: 'UNAVAILABLE'}]});
    }
  },
);
