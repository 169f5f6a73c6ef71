/** What `holdfast nginx print` prints, in front of a Holdfast of its own process. */
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import type {IncomingMessage} from 'node:http';
import {request} from 'node:https';
import type {ExecutionContext} from 'ava';
import {holdfast} from '../cli/holdfast.ts';
import {config, imageOf, randomContent} from '../support/content.ts';
import {rootFilesystem, sameContent, umociImage} from '../support/images.ts';
import {type AskProxy, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {makeCertDir} from '../support/registry.ts';
import {type Serving, startServe} from '../support/serve-process.ts';
import {testWith} from '../support/test-with.ts';
import {type Workbench, workbench} from '../support/workbench.ts';

interface Behind {
  readonly bench: Workbench;
  readonly serving: Serving;
  readonly host: string;
  readonly ask: AskProxy;
  readonly certDir: string;
}

/** Holdfast with a certificate of its own CA, nginx with the same before it. */
async function behindNginx(
  t: ExecutionContext,
  {user = 'root', settings = {}}: {readonly user?: string; readonly settings?: object} = {},
): Promise<Behind> {
  const bench = await workbench(t);
  const port = await freePort(t);
  const host = `127.0.0.1:${port}`;
  const all = {
    dataDir: bench.path('data'),
    externalUrl: `https://${host}`,
    auth: {mode: 'none'},
    http: {
      listen: [`127.0.0.1:${await freePort(t)}`],
      trustedProxies: ['127.0.0.1'],
      accelRedirect: '/internal/',
    },
    log: {format: 'json'},
    ...settings,
  };
  const configFile = bench.path('holdfast.yaml');
  const serving = await startServe(t, {configFile, config: all});
  const words = ['nginx', 'print', '--at', host, '--config', configFile];
  const printed = await holdfast(words, {cwd: bench.directory});
  t.is(printed.stderr, '');
  const nginx = await startNginx(t, printed.stdout, user);
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output(), serving.service.output());
  });
  const caFile = bench.path('data/certs/ca.crt');
  return {
    bench,
    serving,
    host,
    ask: proxyClient(`https://${host}`, await readFile(caFile, 'utf8')),
    certDir: await makeCertDir(bench.directory, caFile),
  };
}

testWith(
  ['nginx', 'skopeo', 'umoci', 'busybox'],
  'an image that skopeo pushes through the printed nginx is pulled through it, and nginx sends its blobs',
  async (t) => {
    const {bench, serving, host, certDir} = await behindNginx(t);
    const origin = await rootFilesystem(bench);
    await umociImage(bench, origin, 'layout');
    const name = `docker://${host}/team/app:v1`;
    await bench.skopeo('copy', '--dest-cert-dir', certDir, 'oci:layout:v1', name);
    await bench.skopeo('copy', '--src-cert-dir', certDir, name, 'oci:back:v1');
    await bench.umoci('unpack', '--image', 'back:v1', '--rootless', bench.path('bundle'));
    t.true(await sameContent(bench.path('bundle/rootfs'), origin));
    const pulls = serving.service
      .output()
      .split('\n')
      .filter((line) => line.includes('"route":"blob"') && line.includes('"method":"GET"'))
      .map((line) => JSON.parse(line) as {status: number; sent: number; client: string});
    t.true(pulls.length >= 2);
    for (const {status, sent, client} of pulls) {
      t.is(status, 200);
      t.is(client, '127.0.0.1');
      t.true(sent < 1000, 'the head alone');
    }
  },
);

/** A blob in one request. */
async function push(ask: AskProxy, body: Buffer, digest: string): Promise<void> {
  const path = `/v2/a/blobs/uploads/?digest=${digest}`;
  const headers = {'Content-Type': 'application/octet-stream'};
  const {status} = await ask('POST', path, {headers, body});
  if (status !== 201) throw new Error(`the blob was answered with ${status}`);
}

testWith(['nginx'], 'a blob that nginx may not read is told as that, in JSON', async (t) => {
  const {ask} = await behindNginx(t, {user: 'nobody nogroup'});
  const {bytes, digest} = randomContent(100_000);
  await push(ask, bytes, digest);
  const {status, headers, body} = await ask('GET', `/v2/a/blobs/${digest}`);
  t.is(status, 500);
  t.is(headers['content-type'], 'application/json');
  t.regex(String(body), /"UNKNOWN".*nginx may not read the storage/);
});

testWith(['nginx'], 'clients find a token realm of another address through nginx', async (t) => {
  const [inside, outside] = [await freePort(t), await freePort(t)];
  const realm = `https://127.0.0.1:${outside}`;
  const token = {listen: [`127.0.0.1:${inside}`], externalUrl: realm};
  const {bench, ask} = await behindNginx(t, {settings: {auth: {mode: 'accounts'}, token}});
  const {status, headers} = await ask('GET', '/v2/');
  t.is(status, 401);
  const challenge = String(headers['www-authenticate']);
  t.true(challenge.includes(`realm="${realm}/auth/token"`), challenge);
  const askRealm = proxyClient(realm, await readFile(bench.path('data/certs/ca.crt'), 'utf8'));
  const wrong = {Authorization: `Basic ${Buffer.from('anna:wrong password').toString('base64')}`};
  const refused = await askRealm('GET', '/auth/token?service=holdfast', {headers: wrong});
  t.is(refused.status, 401);
  t.regex(String(refused.body), /"UNAUTHORIZED"/);
});

testWith(['nginx', 'curl'], 'over HTTP/2 a blob is pushed and pulled, too', async (t) => {
  const {bench, host, ask} = await behindNginx(t);
  const {bytes, digest} = randomContent(1_000_000);
  await writeFile(bench.path('blob'), bytes);
  const trust = ['--http2', '--silent', '--cacert', bench.path('data/certs/ca.crt')];
  const curl = bench.client('curl', [...trust, '--write-out', '%{http_version} %{http_code}']);
  const type = ['--header', 'Content-Type: application/octet-stream'];
  const pushing = [...type, '--data-binary', '@blob'];
  const to = `https://${host}/v2/a/blobs/uploads/?digest=${digest}`;
  t.is(await curl(...pushing, '--request', 'POST', to), '2 201');
  t.is(await curl('--output', 'back', `https://${host}/v2/a/blobs/${digest}`), '2 200');
  t.true((await readFile(bench.path('back'))).equals(bytes));
  t.is((await ask('HEAD', `/v2/a/blobs/${digest}`)).status, 200);
});

testWith(['nginx'], 'what happens is told through nginx as it happens', async (t) => {
  const {bench, host, ask} = await behindNginx(t);
  const ca = await readFile(bench.path('data/certs/ca.crt'), 'utf8');
  const asked = request(`https://${host}/api/v1/events`, {ca, agent: false}).end();
  t.teardown(() => asked.destroy());
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  t.is(answer.headers['content-type'], 'text/event-stream');
  await push(ask, config.bytes, config.digest);
  const image = imageOf([]);
  const headers = {'Content-Type': image.descriptor.mediaType};
  const put = await ask('PUT', '/v2/a/manifests/v1', {headers, body: image.bytes});
  t.is(put.status, 201);
  let told = '';
  for await (const chunk of answer) {
    told += String(chunk);
    if (told.includes(image.digest)) break;
  }
  t.regex(told, /^event: push$/m);
});

testWith(
  ['nginx'],
  'while no Holdfast answers, nginx answers 503 in JSON, to pushes too',
  async (t) => {
    const {serving, ask} = await behindNginx(t);
    const body = Buffer.alloc(3_000_000);
    await serving.service.stop();
    for (const [method, path, request] of [
      ['GET', '/v2/', {}],
      ['PATCH', '/v2/a/blobs/uploads/x?_state=y', {body}],
      ['PUT', '/v2/a/manifests/v1', {body}],
    ] as const) {
      const {status, headers, body: said} = await ask(method, path, request);
      t.is(status, 503);
      t.is(headers['content-type'], 'application/json');
      t.is(headers['retry-after'], '5');
      t.is(headers['docker-distribution-api-version'], 'registry/2.0');
      t.like(JSON.parse(String(said)), {errors: [{code: 'UNAVAILABLE'}]});
    }
  },
);
