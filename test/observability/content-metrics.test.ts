/** What the metrics tell of pulls, pushes, deletes and uploads. */
import test from 'ava';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {config, imageOf, pushBlob, randomContent, startUpload} from '../support/content.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {findValue, metrics, scrape, valueOf} from '../support/metrics.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const name = 'holdfast_content_operations_total';

/** Those that are not 0, such as `pull blob done`. */
async function counted(holdfast: InProcess): Promise<Readonly<Record<string, number>>> {
  const form =
    /^holdfast_content_operations_total\{operation="(\S+?)",kind="(\S+?)",outcome="(\S+?)"\} ([1-9]\d*)$/gm;
  const found = [...(await scrape(holdfast)).matchAll(form)];
  return Object.fromEntries(
    found.map(([, operation, kind, outcome, count]) => [
      `${operation ?? ''} ${kind ?? ''} ${outcome ?? ''}`,
      Number(count),
    ]),
  );
}

test('pulls, pushes and deletes are counted by outcome; looks and begun uploads are not', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const {api} = holdfast;
  t.is(await findValue(holdfast, `${name}{operation="pull",kind="blob",outcome="done"}`), 0);
  await pushBlob(api, 'a', config);
  const blob = `/v2/a/blobs/${config.digest}`;
  await api.get(blob).expect(200);
  await api.head(blob).expect(200);
  await api.get('/v2/a/manifests/unknown').expect(404);
  const {bytes, descriptor} = imageOf([]);
  const type = [`Content-Type: ${descriptor.mediaType}`];
  t.is((await exchange(t, holdfast, 'PUT /v2/a/manifests/v1', type, bytes))?.status, 201);
  await api.get('/v2/a/manifests/v1').expect(200);
  await api.delete('/v2/a/manifests/v1').expect(202);
  await api.delete(blob).expect(202);
  await until(async () => (await counted(holdfast))['delete blob done'] === 1);
  t.deepEqual(await counted(holdfast), {
    'pull blob done': 1,
    'push blob done': 1,
    'delete blob done': 1,
    'pull manifest done': 1,
    'pull manifest refused': 1,
    'push manifest done': 1,
    'delete manifest done': 1,
  });
});

test('who has to log in first is counted apart from who is refused, and who hangs up as well', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics});
  await holdfast.person('anna');
  await holdfast.api.get('/v2/anna/a/manifests/v1').expect(401);
  await holdfast.as(basic('anna')).get('/v2/anna/a/manifests/v1').expect(404);
  const wire = await openWire(t, holdfast);
  const authorization = `Authorization: ${basic('anna')}`;
  await wire.send('POST /v2/anna/a/blobs/uploads/', [authorization]);
  const location = (await wire.answer())?.headers['location'] ?? '';
  const closing = `PUT ${location}&digest=${config.digest}`;
  await wire.send(closing, [authorization, 'Content-Length: 9000'], 'x');
  await until(async () => (await valueOf(holdfast, 'holdfast_uploads_in_flight')) === 1);
  wire.socket.destroy();
  await until(async () => (await counted(holdfast))['push blob aborted'] === 1);
  t.deepEqual(await counted(holdfast), {
    'pull manifest login-required': 1,
    'pull manifest refused': 1,
    'push blob aborted': 1,
  });
});

test('bytes of blobs are counted as they come and go, of each form of an upload and of a range', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const large = randomContent(3_000_000);
  const small = randomContent(77);
  const wire = await openWire(t, holdfast);
  await wire.send(`POST /v2/a/blobs/uploads/?digest=${large.digest}`, [], large.bytes);
  t.is((await wire.answer())?.status, 201);
  t.is(await valueOf(holdfast, 'holdfast_blob_received_bytes_total'), 3_000_000);
  await pushBlob(holdfast.api, 'a', small);
  t.is(await valueOf(holdfast, 'holdfast_blob_received_bytes_total'), 3_000_077);
  await holdfast.api.get(`/v2/a/blobs/${large.digest}`).expect(200);
  const range = {Range: 'bytes=10-19'};
  await holdfast.api.get(`/v2/a/blobs/${large.digest}`).set(range).expect(206);
  await holdfast.api.head(`/v2/a/blobs/${large.digest}`).expect(200);
  t.is(await valueOf(holdfast, 'holdfast_blob_sent_bytes_total'), 3_000_010);
});

test('requests are in flight until their answer is given', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 2'], 'x');
  await until(async () => (await valueOf(holdfast, 'holdfast_http_requests_in_flight')) === 1);
  await wire.write('x');
  t.is((await wire.answer())?.status, 202);
  await until(async () => (await valueOf(holdfast, 'holdfast_http_requests_in_flight')) === 0);
  t.is(await valueOf(holdfast, 'holdfast_http_requests_in_flight'), 0);
});

test('uploads that expire are counted', async (t) => {
  const uploads = {expireAfter: '1ms'};
  const holdfast = await startInProcess(t, {metrics, uploads, jobInterval: 20});
  const line = 'holdfast_uploads_expired_total{outcome="removed"}';
  await startUpload(holdfast.api, 'a');
  await startUpload(holdfast.api, 'b');
  await until(async () => (await valueOf(holdfast, line)) === 2);
  t.is(await valueOf(holdfast, line), 2);
  t.is(await findValue(holdfast, 'holdfast_uploads_expired_total{outcome="failed"}'), 0);
});
