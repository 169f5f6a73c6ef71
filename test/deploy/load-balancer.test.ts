/**
 * nginx, as `holdfast nginx print --balance` prints it, before two real nodes. Each has a directory of its own here, with the same content: what is
 * asked is which of them nginx hands a request to.
 */
import {randomUUID} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {holdfast} from '../cli/holdfast.ts';
import {pushBlob, randomContent} from '../support/content.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {type AskProxy, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const blob = randomContent(200_000);
const place = `/v2/a/blobs/${blob.digest}`;

interface Balanced {
  readonly nodes: readonly InProcess[];
  readonly ask: AskProxy;
}

async function balanced(t: ExecutionContext): Promise<Balanced> {
  const http = {trustedProxies: ['127.0.0.1']};
  const nodes = [await startInProcess(t, {http}), await startInProcess(t, {http})];
  for (const {api} of nodes) await pushBlob(api, 'a', blob);
  const cwd = await temporaryDirectory(t);
  const host = `127.0.0.1:${await freePort(t)}`;
  const settings = {externalUrl: `http://${host}`, tls: {mode: 'off'}, http};
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
  const urls = nodes.map(({url}) => url).join(',');
  const printed = await holdfast(['nginx', 'print', '--at', host, '--balance', urls], {cwd});
  t.is(printed.stderr, '');
  const nginx = await startNginx(t, printed.stdout);
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output());
  });
  return {nodes, ask: proxyClient(`http://${host}`)};
}

/** How many requests of this kind each node has answered. */
const answered = (nodes: readonly InProcess[], route: string): readonly number[] =>
  nodes.map(
    ({log}) => log.filter((line) => line['msg'] === 'request' && line['route'] === route).length,
  );

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Nobody has begun it: who says so, with 400, is what counts. */
const uploadPath = (): string => `/v2/a/blobs/uploads/${randomUUID()}?_state=x`;

testWith(
  ['nginx'],
  'pulls go to all nodes, the requests of one upload to one of them',
  async (t) => {
    const {nodes, ask} = await balanced(t);
    for (let count = 0; count < 30; count += 1) t.is((await ask('GET', place)).status, 200);
    await until(() => total(answered(nodes, 'blob')) === 30);
    for (const count of answered(nodes, 'blob')) t.true(count > 0, String(count));

    const used = new Set<number>();
    for (let upload = 1; upload <= 8; upload += 1) {
      const before = answered(nodes, 'upload-append');
      const path = uploadPath();
      for (let count = 0; count < 4; count += 1) {
        t.is((await ask('PATCH', path, {body: Buffer.from('x')})).status, 400);
      }
      await until(() => total(answered(nodes, 'upload-append')) === 4 * upload);
      const grown = answered(nodes, 'upload-append').map((now, at) => now - (before[at] ?? 0));
      t.deepEqual([...grown].sort(), [0, 4]);
      used.add(grown.indexOf(4));
    }
    t.is(used.size, 2, 'not all uploads to the same');
  },
);

testWith(
  ['nginx'],
  'when a node is gone everything goes to the other, and with none there is a 503 in JSON',
  async (t) => {
    const {nodes, ask} = await balanced(t);
    const [first, second] = nodes;
    await first?.stop();
    for (let count = 0; count < 10; count += 1) {
      t.is((await ask('GET', place)).status, 200);
      t.is((await ask('POST', '/v2/a/blobs/uploads/')).status, 202);
      t.is((await ask('PATCH', uploadPath(), {body: Buffer.alloc(500_000)})).status, 400);
    }
    await second?.stop();
    for (const method of ['GET', 'POST']) {
      const {status, headers, body} = await ask(method, '/v2/a/blobs/uploads/');
      t.is(status, 503);
      t.is(headers['retry-after'], '5');
      t.like(JSON.parse(String(body)), {errors: [{code: 'UNAVAILABLE'}]});
    }
  },
);
