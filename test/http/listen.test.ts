import test, {type ExecutionContext} from 'ava';
import {createHoldfast} from '../../src/app.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createLog} from '../../src/observability/log.ts';
import {openFiles, socketsAt} from '../support/descriptors.ts';
import {startInProcess, type Settings} from '../support/in-process.ts';
import {exchange} from '../support/raw-http.ts';
import {freePort, takenPort} from '../support/ports.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

/** One that has not been started. */
async function holdfastOf(t: ExecutionContext, settings: Settings) {
  const dataDir = await temporaryDirectory(t);
  const config = configSchema.parse({
    tls: {mode: 'off'},
    auth: {mode: 'none'},
    ...settings,
    dataDir,
  });
  const log = createLog({level: 'error', format: 'json'});
  return {dataDir, holdfast: createHoldfast(config, {log})};
}

test('localhost is 127.0.0.1 and ::1 on the same port', async (t) => {
  const holdfast = await startInProcess(t, {http: {listen: ['localhost:0']}});
  t.is(holdfast.url, `http://localhost:${holdfast.port}`);
  const {port} = holdfast;
  for (const host of ['127.0.0.1', '::1']) {
    const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/v2/`);
    t.is(answer.status, 200, host);
    await answer.text();
  }
  t.is(await socketsAt(port, 'listening'), 2);
});

test('several addresses are listened on, each with a port of its own', async (t) => {
  const {holdfast} = await holdfastOf(t, {
    http: {listen: ['127.0.0.1:0', '[::1]:0', '127.0.0.2:0']},
    metrics: {listen: ['127.0.0.1:0', '[::1]:0']},
  });
  t.teardown(async () => holdfast.stop());
  const {addresses} = await holdfast.start();
  t.deepEqual(
    addresses.map(({purpose, url}) => `${purpose} ${url.replace(/\d+$/, '')}`),
    [
      'registry http://127.0.0.1:',
      'registry http://[::1]:',
      'registry http://127.0.0.2:',
      'metrics http://127.0.0.1:',
      'metrics http://[::1]:',
    ],
  );
  t.is(new Set(addresses.map(({url}) => new URL(url).port)).size, 5);
  for (const {purpose, url} of addresses) {
    const answer = await fetch(`${url}${purpose === 'registry' ? '/v2/' : '/metrics'}`);
    t.is(answer.status, 200, url);
    await answer.text();
  }
});

for (const part of ['http', 'metrics'] as const) {
  test(`an address of ${part} that is taken rejects the start, which leaves nothing running and nothing open`, async (t) => {
    const {port: taken} = await takenPort(t);
    const free = await freePort(t);
    const settings =
      part === 'http'
        ? {http: {listen: [`127.0.0.1:${free}`, `127.0.0.1:${taken}`]}}
        : {http: {listen: [`127.0.0.1:${free}`]}, metrics: {listen: [`127.0.0.1:${taken}`]}};
    const {holdfast, dataDir} = await holdfastOf(t, settings);
    const error = await t.throwsAsync(holdfast.start(), {code: 'EADDRINUSE'});
    t.true(error.message.includes(`127.0.0.1:${taken}`));
    t.is(await socketsAt(free, 'listening'), 0);
    t.deepEqual(await openFiles(dataDir), []);
  });
}

test('the second half of localhost being taken rejects the start too', async (t) => {
  const {port} = await takenPort(t, '::1');
  const {holdfast} = await holdfastOf(t, {http: {listen: [`localhost:${port}`]}});
  await t.throwsAsync(holdfast.start(), {code: 'EADDRINUSE'});
  t.is(await socketsAt(port, 'listening'), 1);
});

test('what was stopped can be started again in the same place', async (t) => {
  const first = await startInProcess(t);
  await first.stop();
  const second = await startInProcess(t, {
    dataDir: first.dataDir,
    http: {listen: [`127.0.0.1:${first.port}`]},
  });
  t.is((await exchange(t, second, 'GET /v2/'))?.status, 200);
});

test('a stop that comes during the start leaves nothing running', async (t) => {
  const port = await freePort(t);
  const {holdfast, dataDir} = await holdfastOf(t, {http: {listen: [`127.0.0.1:${port}`]}});
  const started = holdfast.start();
  await holdfast.stop();
  await started;
  t.is(await socketsAt(port, 'listening'), 0);
  t.deepEqual(await openFiles(dataDir), []);
});
