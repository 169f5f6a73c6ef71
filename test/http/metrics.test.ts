import test from 'ava';
import {mkdir, statfs} from 'node:fs/promises';
import path from 'node:path';
import {imageOf, pushBlob, config, randomContent, startUpload} from '../support/content.ts';
import {diskPath, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {findValue, metrics, scrape, valueOf} from '../support/metrics.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const countOf = async (holdfast: InProcess, labels: string): Promise<number> =>
  valueOf(holdfast, `holdfast_http_request_duration_seconds_count{${labels}}`);

test('the registry has no /metrics on its own address', async (t) => {
  for (const settings of [{}, {metrics}]) {
    const {api} = await startInProcess(t, settings);
    t.is((await api.get('/metrics')).status, 404);
  }
});

test('there are no metrics unless they are asked for', async (t) => {
  const {metricsUrl} = await startInProcess(t);
  t.is(metricsUrl, undefined);
});

test('the address of the metrics serves them and the health, and no registry', async (t) => {
  const {metricsUrl = ''} = await startInProcess(t, {metrics});
  for (const [place, status] of [
    ['/metrics', 200],
    ['/healthz', 200],
    ['/readyz', 200],
    ['/v2/', 404],
    ['/', 404],
  ] as const) {
    const answer = await fetch(`${metricsUrl}${place}`);
    t.is(answer.status, status, place);
    await answer.text();
  }
});

test('requests are counted by route, method and status', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  await pushBlob(holdfast.api, 'a', config);
  await holdfast.api.get(`/v2/a/blobs/${config.digest}`);
  await holdfast.api.get('/v2/a/manifests/unknown');
  await until(
    async () => (await countOf(holdfast, 'route="manifest",method="GET",status="404"')) > 0,
  );
  t.is(await countOf(holdfast, 'route="upload-start",method="POST",status="201"'), 1);
  t.is(await countOf(holdfast, 'route="blob",method="GET",status="200"'), 1);
});

test('requests are counted by how long they took', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  const startedAt = performance.now();
  await wire.send(`PATCH ${location}`, ['Content-Length: 2'], 'x');
  await until(() => performance.now() - startedAt > 150);
  await wire.write('x');
  t.is((await wire.answer())?.status, 202);
  const labels = 'route="upload-append",method="PATCH",status="202"';
  await until(async () => (await countOf(holdfast, labels)) === 1);
  const name = 'holdfast_http_request_duration_seconds_bucket';
  const count = async (limit: string) => findValue(holdfast, `${name}{le="${limit}",${labels}}`);
  for (const limit of ['0.001', '0.005', '0.02', '0.1']) t.is(await count(limit), 0, limit);
  // On a busy machine it takes longer than it should.
  for (const limit of ['0.5', '2']) t.true([0, 1].includes((await count(limit)) ?? -1), limit);
  for (const limit of ['10', '60', '600', '+Inf']) t.is(await count(limit), 1, limit);
});

test('whatever strangers ask for, the labels stay few', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const lines = ['BREW /v2/', 'PROPFIND /v2/', 'GET http://[', 'GET foo://bar', 'M-SEARCH /x'];
  for (let index = 0; index < 30; index += 1) {
    lines.push(`GET /v2/strange/${index}/tags/list`, `GET /strange/${index}`, `PURGE /${index}`);
  }
  for (const line of lines) await exchange(t, holdfast, line);
  const text = await scrape(holdfast);
  const labels = text.match(/(?<=request_duration_seconds_count\{)[^}]+(?=\})/g) ?? [];
  t.deepEqual([...labels].sort(), [
    'route="home",method="GET",status="404"',
    'route="none",method="GET",status="404"',
    'route="none",method="M-SEARCH",status="404"',
    'route="none",method="PROPFIND",status="405"',
    'route="none",method="PURGE",status="404"',
    'route="tags",method="GET",status="404"',
  ]);
  t.false(text.includes('strange'));
});

test('bytes are counted in both directions, and those of one connection once', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const blob = randomContent(3_000_000);
  const wire = await openWire(t, holdfast);
  await wire.send(`POST /v2/a/blobs/uploads/?digest=${blob.digest}`, [], blob.bytes);
  await wire.answer();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await wire.answer();
  await wire.send('GET /v2/');
  await wire.answer();
  await until(
    async () => (await countOf(holdfast, 'route="base",method="GET",status="200"')) === 1,
  );
  const received = await valueOf(holdfast, 'holdfast_http_received_bytes_total');
  const sent = await valueOf(holdfast, 'holdfast_http_sent_bytes_total');
  t.true(received > 3_000_000 && received < 3_002_000, String(received));
  t.true(sent > 3_000_000 && sent < 3_003_000, String(sent));
});

test('uploads in flight go up and down again, also when the client goes away', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const name = 'holdfast_uploads_in_flight';
  const wires = [];
  for (const repository of ['a', 'b', 'c']) {
    const wire = await openWire(t, holdfast);
    const location = await startUpload(holdfast.api, repository);
    await wire.send(`PATCH ${location}`, ['Content-Length: 9000'], 'x');
    wires.push(wire);
  }
  await until(async () => (await valueOf(holdfast, name)) === 3);
  for (const wire of wires) wire.socket.destroy();
  await until(async () => (await valueOf(holdfast, name)) === 0);
  t.is(await valueOf(holdfast, name), 0);
});

test('failures of the storage are counted by kind', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const line = 'holdfast_storage_errors_total{kind="corrupt"}';
  t.is(await valueOf(holdfast, line), 0);
  await pushBlob(holdfast.api, 'a', config);
  await mkdir(path.join(diskPath(holdfast, keys.tag('a', 'v1')), 'in-the-way'), {recursive: true});
  const {bytes, descriptor} = imageOf([]);
  const type = [`Content-Type: ${descriptor.mediaType}`];
  t.is((await exchange(t, holdfast, 'PUT /v2/a/manifests/v1', type, bytes))?.status, 500);
  t.is(await valueOf(holdfast, line), 1);
});

test('a client that hangs up is counted as 499, not as an answer it never got', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 9000'], 'x');
  await until(async () => (await valueOf(holdfast, 'holdfast_uploads_in_flight')) === 1);
  wire.socket.destroy();
  const labels = 'route="upload-append",method="PATCH",status="499"';
  await until(async () => (await countOf(holdfast, labels)) === 1);
  t.regex(await scrape(holdfast), /status="499"/);
});

test('the metrics know the delay of the event loop, memory and open files', async (t) => {
  const text = await scrape(await startInProcess(t, {metrics}));
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_open_fds',
  ]) {
    t.regex(text, new RegExp(`^${name} \\d`, 'm'));
  }
});

test('the metrics know when the certificate expires, and tell 0 without TLS', async (t) => {
  const name = 'holdfast_certificate_expiry_timestamp_seconds';
  t.is(await valueOf(await startInProcess(t, {metrics}), name), 0);
  const secure = await startInProcess(t, {metrics, tls: {mode: 'self-signed'}});
  const end = await valueOf(secure, name);
  t.true(end * 1000 > Date.now() && end * 1000 < Date.now() + 10 * 366 * 86_400_000, String(end));
});

test('the room on the disk is told', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const {bavail, bsize, blocks} = await statfs(holdfast.dataDir);
  t.is(await valueOf(holdfast, 'holdfast_storage_size_bytes'), blocks * bsize);
  const available = await valueOf(holdfast, 'holdfast_storage_available_bytes');
  t.true(Math.abs(available - bavail * bsize) < 4 * 1024 ** 3);
});
