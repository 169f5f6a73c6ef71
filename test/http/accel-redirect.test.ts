/** Blobs whose bytes a real nginx sends, in the place of Holdfast. */
import {rm, truncate} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {emptyContent, pushBlob, randomContent, startUpload} from '../support/content.ts';
import {diskPath, keys} from '../support/disk.ts';
import {type InProcess, type Settings, startInProcess} from '../support/in-process.ts';
import {type AskProxy, type ProxyAnswer, proxyClient, startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {exchange} from '../support/raw-http.ts';
import {testWith} from '../support/test-with.ts';

const blob = randomContent(3_000_000);
const http = {trustedProxies: ['127.0.0.1'], accelRedirect: '/internal/'};
const place = `/v2/a/blobs/${blob.digest}`;

/** Of docs/behind-nginx.md. */
const site = (port: number, {url, dataDir}: InProcess): string => `
server {
    listen 127.0.0.1:${port};
    location / {
        proxy_pass ${url};
        proxy_http_version 1.1;
        proxy_request_buffering off;
        proxy_set_header Host $http_host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
    location /internal/ {
        internal;
        alias ${join(dataDir, 'registry')}/;
        etag off;
        if_modified_since off;
        add_header ETag $upstream_http_etag;
        add_header Last-Modified "";
        add_header Docker-Content-Digest $upstream_http_docker_content_digest;
        add_header Docker-Distribution-Api-Version $upstream_http_docker_distribution_api_version;
        add_header Content-Security-Policy $upstream_http_content_security_policy;
        add_header X-Content-Type-Options $upstream_http_x_content_type_options;
        add_header X-Request-Id $upstream_http_x_request_id;
    }
}`;

interface Both {
  readonly holdfast: InProcess;
  /** Asks Holdfast itself. */
  readonly plain: AskProxy;
  readonly proxied: AskProxy;
}

async function setUp(t: ExecutionContext, settings: Settings = {http}): Promise<Both> {
  const holdfast = await startInProcess(t, settings);
  await pushBlob(holdfast.api, 'a', blob);
  const port = await freePort(t);
  const nginx = await startNginx(t, site(port, holdfast));
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output());
  });
  const proxied = proxyClient(`http://127.0.0.1:${port}`);
  return {holdfast, plain: proxyClient(holdfast.url), proxied};
}

/** What is nginx's own, or another each time. */
const others = new Set(['date', 'server', 'connection', 'keep-alive', 'x-request-id']);
/** Beside a part nginx does not say that there are parts. */
const own = ({status, headers}: ProxyAnswer): object =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !others.has(name) && !(status === 206 && name === 'accept-ranges'),
    ),
  );

const tag = `"${blob.digest}"`;
const questions: Readonly<
  Record<
    string,
    readonly [method: string, headers: Readonly<Record<string, string>>, status: number]
  >
> = {
  'the whole': ['GET', {}, 200],
  'a range': ['GET', {Range: 'bytes=1000-1999'}, 206],
  'the rest': ['GET', {Range: 'bytes=2999990-'}, 206],
  'the end': ['GET', {Range: 'bytes=-10'}, 206],
  'more than there is': ['GET', {Range: 'bytes=2999990-9999999'}, 206],
  'a range behind the end': ['GET', {Range: 'bytes=3000000-'}, 416],
  'several ranges': ['GET', {Range: 'bytes=0-1,5-6'}, 200],
  'a range of nonsense': ['GET', {Range: 'bytes=x'}, 200],
  'a range if it is the same': ['GET', {Range: 'bytes=5-9', 'If-Range': tag}, 206],
  'a range if it is another': ['GET', {Range: 'bytes=5-9', 'If-Range': '"x"'}, 200],
  'the same once more': ['GET', {'If-None-Match': tag}, 304],
  'anything but another': ['GET', {'If-None-Match': '"x"'}, 200],
  'anything at all': ['GET', {'If-None-Match': '*'}, 304],
  'if it is the same': ['GET', {'If-Match': tag}, 200],
  'if it has changed': ['GET', {'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT'}, 200],
  'if it has not changed': ['GET', {'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT'}, 200],
  'its head': ['HEAD', {}, 200],
  'the head of the same': ['HEAD', {'If-None-Match': tag}, 304],
};

testWith(
  ['nginx'],
  'what nginx sends of a blob is what Holdfast would: head and bytes',
  async (t) => {
    const {holdfast, plain, proxied} = await setUp(t);
    for (const [what, [method, headers, status]] of Object.entries(questions)) {
      const [wanted, given] = [
        await plain(method, place, {headers}),
        await proxied(method, place, {headers}),
      ];
      t.is(given.status, status, what);
      t.is(wanted.status, status, what);
      t.deepEqual(own(given), own(wanted), what);
      t.true(given.body.equals(wanted.body) || status === 416, what);
      const names = given.rawHeaders
        .filter((_, at) => at % 2 === 0)
        .map((name) => name.toLowerCase());
      t.is(new Set(names).size, names.length, `${what}: ${names.join(' ')}`);
      t.regex(String(given.headers['x-request-id']), /^[\w-]+$/);
    }
    t.true((await proxied('GET', place)).body.equals(blob.bytes));
    const {body} = await proxied('GET', place, {headers: {Range: 'bytes=1000-1999'}});
    t.true(body.equals(blob.bytes.subarray(1000, 2000)));
    t.deepEqual(
      holdfast.log.filter(({level}) => level === 'error'),
      [],
    );
  },
);

testWith(
  ['nginx'],
  'a blob that was pushed as sha512 is sent by nginx under that digest',
  async (t) => {
    const {holdfast, proxied} = await setUp(t);
    const location = await startUpload(holdfast.api, 'a', '?digest-algorithm=sha512');
    const other = randomContent(200_000);
    const closed = await holdfast.api
      .put(`${location}&digest=${other.sha512}`)
      .set('Content-Type', 'application/octet-stream')
      .send(other.bytes);
    t.is(closed.status, 201);
    const {status, headers, body} = await proxied('GET', `/v2/a/blobs/${other.sha512}`);
    t.is(status, 200);
    t.is(headers['docker-content-digest'], other.sha512);
    t.true(body.equals(other.bytes));
  },
);

testWith(['nginx'], 'nobody gets at the storage by the internal address', async (t) => {
  const {proxied} = await setUp(t);
  t.is((await proxied('GET', `/internal/${keys.blob(blob.digest)}`)).status, 404);
});

testWith(['nginx'], 'a blob that was cut on the disk is not sent by nginx either', async (t) => {
  const {holdfast, proxied} = await setUp(t);
  await truncate(diskPath(holdfast, keys.blob(blob.digest)), 0);
  t.is((await proxied('GET', place)).status, 404);
  await rm(diskPath(holdfast, keys.blob(blob.digest)));
  const {status, body} = await proxied('GET', place);
  t.is(status, 404);
  t.regex(String(body), /"BLOB_UNKNOWN"/);
});

testWith(
  ['nginx'],
  'a pull that needs rights is refused as before, and leads nowhere',
  async (t) => {
    const holdfast = await startInProcess(t, {http, auth: {mode: 'accounts'}});
    const port = await freePort(t);
    await startNginx(t, site(port, holdfast));
    const answer = await proxyClient(`http://127.0.0.1:${port}`)('GET', place);
    t.is(answer.status, 401);
    t.regex(String(answer.body), /"UNAUTHORIZED"/);
  },
);

const forwarded = ['X-Forwarded-For: 203.0.113.7'];
const redirections: Readonly<
  Record<
    string,
    readonly [http: NonNullable<Settings['http']>, headers: readonly string[], redirected: boolean]
  >
> = {
  'for a trusted proxy that asks for somebody': [http, forwarded, true],
  'not without the setting': [{trustedProxies: ['127.0.0.1']}, forwarded, false],
  'not for a proxy that nobody trusts': [
    {...http, trustedProxies: ['10.0.0.0/8']},
    forwarded,
    false,
  ],
  'not for who asks from the host of the proxy for himself': [http, [], false],
};

for (const [when, [settings, headers, redirected]] of Object.entries(redirections)) {
  test(`blobs are left to nginx ${when}`, async (t) => {
    const holdfast = await startInProcess(t, {http: settings});
    for (const each of [blob, emptyContent]) await pushBlob(holdfast.api, 'a', each);
    const answer = await exchange(t, holdfast, `GET ${place}`, headers);
    t.is(answer?.status, 200);
    const location = `/internal/${keys.blob(blob.digest)}`;
    t.is(answer?.headers['x-accel-redirect'], redirected ? location : undefined);
    t.is(answer?.body.length, redirected ? 0 : blob.bytes.length);
    const empty = await exchange(t, holdfast, `GET /v2/a/blobs/${emptyContent.digest}`, headers);
    t.is(empty?.headers['x-accel-redirect'], undefined);
  });
}
