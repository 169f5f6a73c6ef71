/** Somebody sets the clock of the host, forward and back, under a server that runs. */
import {rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
  config,
  getBytes,
  imageOf,
  pushBlob,
  putManifest,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {day, workbench as openWorkbench} from '../tls/workbench.ts';
import {startProcess} from './server-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

const year = 365 * day;

/** A clock of the test's own. */
function steered() {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    jump: (milliseconds: number) => {
      ahead += milliseconds;
    },
  };
}

/** A server whose clock the test sets; what only counts time is left alone. */
async function startUnderFalseClock(t: ExecutionContext) {
  const directory = await temporaryDirectory(t);
  const clock = path.join(directory, 'clock');
  const set = async (offset: string) => {
    // Put in place whole: it is read at every look at the clock.
    await writeFile(`${clock}.new`, `${offset}\n`);
    await rename(`${clock}.new`, clock);
  };
  await set('+0');
  const server = await startProcess(t, {
    dataDir: path.join(directory, 'data'),
    settings: {http: {bodyIdleTimeout: '20s', keepAliveTimeout: '60s', headersTimeout: '30s'}},
    env: {
      // The loader puts in the place of $LIB where this machine has its libraries.
      LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  });
  return {server, set};
}

for (const [how, first, second] of [
  ['forward a year and back', year, -year],
  ['back a year and forward', -year, year],
] as const) {
  test(`uploads in progress go on when the clock jumps ${how}, also those begun between`, async (t) => {
    const {now, jump} = steered();
    const {api} = await startInProcess(t, {now});
    const before = randomContent(300);
    const between = randomContent(300);
    let location = await startUpload(api, 'a');
    location =
      (await sendChunk(api, location, before.bytes.subarray(0, 100), 0)).get('Location') ?? '';
    jump(first);
    location =
      (await sendChunk(api, location, before.bytes.subarray(100, 200), 100).expect(202)).get(
        'Location',
      ) ?? '';
    const other = await startUpload(api, 'a');
    await sendBytes(api, 'patch', other, between.bytes).expect(202);
    jump(second);
    await api.get(other).expect(204);
    await api.put(withDigest(other, between.digest)).expect(201);
    await sendBytes(
      api,
      'put',
      withDigest(location, before.digest),
      before.bytes.subarray(200),
    ).expect(201);
    for (const {bytes, digest} of [before, between]) {
      sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
    }
  });
}

test('the history of a tag keeps every entry when the clock jumps, and the tag points at the last', async (t) => {
  const {now, jump} = steered();
  const server = await startInProcess(t, {now});
  await pushBlob(server.api, 'a', config);
  const images = [0, 1, 2, 3].map((step) => imageOf([], {annotations: {step: String(step)}}));
  for (const [step, image] of images.entries()) {
    await putManifest(server.api, 'a', 'v1', image).expect(201);
    sameBytes(t, (await getBytes(server.api, '/v2/a/manifests/v1')).body, image.bytes);
    jump(step === 1 ? -2 * year : year);
  }
  const history = await filesBelow(server, `${keys.repository('a')}/_history/v1`);
  t.deepEqual(
    history.map((name) => name.replace(/^.*Z-sha256-/, 'sha256:')).sort(),
    images.map(({digest}) => digest).sort(),
  );
});

test('a certificate that was renewed while the clock was ahead is made anew when the clock is right', async (t) => {
  const bench = await openWorkbench(t);
  const certificates = await bench.open();
  const start = bench.time;
  bench.time = new Date(start.getTime() + 400 * day);
  await certificates.refresh();
  await bench.assertWhole();
  bench.time = start;
  await certificates.refresh();
  t.true(certificates.current().notBefore <= start);
  t.true(certificates.current().expiresAt > start);
  await bench.assertWhole();
  const {fingerprint256} = certificates.current();
  await certificates.refresh();
  t.is(certificates.current().fingerprint256, fingerprint256);
});

test('a certificate of a CA that was made while the clock was ahead is not made anew in vain', async (t) => {
  const bench = await openWorkbench(t);
  const certificates = await bench.open();
  const {fingerprint256} = certificates.current();
  bench.time = new Date(bench.time.getTime() - 400 * day);
  await certificates.refresh();
  t.is(certificates.current().fingerprint256, fingerprint256);
  t.true(bench.said('warn').includes('certificate is not valid yet'));
});

testWith(
  ['faketime'],
  'no time-out fires because the clock of the process jumps, neither for a chunk under way nor for an idle connection',
  async (t) => {
    const {server, set} = await startUnderFalseClock(t);
    const {bytes, digest} = randomContent(3000);
    const location = await startUpload(server.api, 'a');
    const [push, idle] = [await openWire(t, server), await openWire(t, server)];
    await idle.send('GET /v2/');
    t.is((await idle.answer())?.status, 200);
    await push.send(`PATCH ${location}`, ['Content-Length: 3000'], bytes.subarray(0, 1000));
    await set('+365d');
    await push.write(bytes.subarray(1000, 2000));
    // Node makes the text of the date once a second.
    const next = String(new Date(Date.now() + year).getUTCFullYear());
    await until(async () => (await server.api.get('/v2/')).get('Date')?.includes(next) === true);
    await set('-365d');
    await push.write(bytes.subarray(2000));
    const answer = await push.answer();
    t.is(answer?.status, 202);
    await idle.send('GET /v2/');
    t.is((await idle.answer())?.status, 200);
    await set('+0');
    await server.api.put(withDigest(answer?.headers['location'] ?? '', digest)).expect(201);
    sameBytes(t, (await getBytes(server.api, `/v2/a/blobs/${digest}`)).body, bytes);
  },
);

testWith(
  ['faketime'],
  'readiness goes on telling the truth when the clock is set back',
  async (t) => {
    const {server, set} = await startUnderFalseClock(t);
    await set('+365d');
    t.is((await server.api.get('/readyz')).status, 200);
    await set('+0');
    await rename(path.join(server.dataDir, 'registry'), path.join(server.dataDir, 'away'));
    await until(async () => (await server.api.get('/readyz')).status === 503);
    await rename(path.join(server.dataDir, 'away'), path.join(server.dataDir, 'registry'));
    await until(async () => (await server.api.get('/readyz')).status === 200);
  },
);

testWith(
  ['faketime'],
  'the rest of a refused body is not waited for longer because the clock is set back',
  async (t) => {
    const {server, set} = await startUnderFalseClock(t);
    await set('+365d');
    const wire = await openWire(t, server);
    await wire.send('PUT /v2/a/manifests/v1', ['Content-Length: 900000000'], 'x');
    t.is((await wire.answer())?.status, 413);
    await set('+0');
    await wire.write('more of the same');
    const closed = new Promise((resolve) => wire.socket.once('close', resolve));
    await until(async () => !(await wire.write('x')));
    await closed;
    t.true(wire.socket.destroyed);
  },
);
