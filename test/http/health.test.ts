import {mkdir, rename} from 'node:fs/promises';
import path from 'node:path';
import {Writable} from 'node:stream';
import Router from '@koa/router';
import test, {type ExecutionContext} from 'ava';
import {openGenerations} from '../../src/auth/generations.ts';
import type {Middleware, State} from '../../src/http/context.ts';
import {
  accountsCheck,
  certificateCheck,
  renewalCheck,
  addHealth,
  askReadiness,
  type ReadinessCheck,
} from '../../src/http/health.ts';
import {openDatabase} from '../../src/metadata/database.ts';
import {createLog} from '../../src/observability/log.ts';
import {freshFile} from '../metadata/workbench.ts';
import {startInProcess} from '../support/in-process.ts';
import {serveMiddleware} from '../support/middleware-server.ts';
import {exchange} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

interface Readiness {
  readonly status: number;
  readonly body: {readonly status: string; readonly checks: readonly object[]};
}

/** `/readyz` over checks of our own. */
async function serveChecks(
  t: ExecutionContext,
  checks: readonly ReadinessCheck[],
  patience: number,
): Promise<() => Promise<Readiness>> {
  const router = new Router<State>();
  addHealth(router, askReadiness(checks, {patience}));
  const log = createLog({level: 'error', format: 'json'});
  const logged: Middleware = async (ctx, next) => {
    ctx.state.log = log;
    await next();
  };
  const server = await serveMiddleware(t, logged, router.routes() as Middleware);
  return async () => {
    const answer = await exchange(t, server, 'GET /readyz');
    const body = JSON.parse(String(answer?.body)) as Readiness['body'];
    return {status: answer?.status ?? 0, body};
  };
}

test('/healthz answers that the process lives', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await api.get('/healthz');
  t.is(answer.status, 200);
  t.deepEqual(answer.body, {status: 'ok'});
  t.is((await api.head('/healthz')).status, 200);
});

test('/readyz tells of the storage, the index and the certificate', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await api.get('/readyz');
  t.is(answer.status, 200);
  t.deepEqual(answer.body, {
    status: 'ok',
    checks: [
      {name: 'storage', status: 'ok', message: 'filesystem: writes, reads and deletes'},
      {name: 'room', status: 'ok', message: 'there is room for pushes'},
      {name: 'index', status: 'ok', message: 'complete'},
      {name: 'notifications', status: 'ok', message: 'receivers are told'},
      {name: 'certificate', status: 'ok', message: 'plain HTTP, no certificate'},
    ],
  });
});

test('/readyz answers 503 and names the storage while its directory is away, and 200 once it is back', async (t) => {
  const {api, dataDir, log} = await startInProcess(t);
  t.is((await api.get('/readyz')).status, 200);
  const [root, away] = [path.join(dataDir, 'registry'), path.join(dataDir, 'away')];
  await rename(root, away);
  await until(async () => (await api.get('/readyz')).status === 503);
  const answer = await api.get('/readyz');
  const {status, checks} = answer.body as Readiness['body'];
  t.is(status, 'unavailable');
  t.like(checks[0], {name: 'storage', status: 'failed'});
  t.like(checks[2], {name: 'index', status: 'ok'});
  t.like(checks[4], {name: 'certificate', status: 'ok'});
  t.is((await api.get('/healthz')).status, 200);
  // Where the storage lies is for the log alone.
  t.false(JSON.stringify(answer.body).includes(dataDir));
  const lines = log.filter(({level, msg}) => level === 'warn' && msg === 'not ready');
  t.true(JSON.stringify(lines).includes(dataDir));

  await rename(away, root);
  await until(async () => (await api.get('/readyz')).status === 200);
  t.is((await api.post('/v2/a/blobs/uploads/')).status, 202);
});

test('/readyz fails where another takes the place of the storage', async (t) => {
  const {api, dataDir} = await startInProcess(t);
  const root = path.join(dataDir, 'registry');
  await rename(root, path.join(dataDir, 'away'));
  await mkdir(root);
  t.is((await api.get('/readyz')).status, 503);
  await rename(path.join(dataDir, 'away', '_holdfast'), path.join(root, '_holdfast'));
  await until(async () => (await api.get('/readyz')).status === 200);
});

test('a check that hangs is answered 503 in time, and is not begun again beside itself', async (t) => {
  let begun = 0;
  const hanging = Promise.withResolvers<string>();
  const check = {
    name: 'storage',
    run: async () => {
      begun += 1;
      return hanging.promise;
    },
  };
  const ask = await serveChecks(t, [check], 50);
  const failed = {name: 'storage', status: 'failed', message: 'did not answer within 50 ms'};
  t.like(await ask(), {status: 503, body: {status: 'unavailable', checks: [failed]}});
  await until(askedAgain);
  t.is(begun, 1);
  hanging.resolve('back');
  await until(async () => (await ask()).status === 200);

  /** Past the second for which an answer is kept, a new round has been asked for. */
  async function askedAgain(): Promise<boolean> {
    const started = Date.now();
    await ask();
    return Date.now() - started >= 40;
  }
});

test('readiness ends with the certificate', async (t) => {
  const past = new Date(Date.now() - 1000);
  const ask = await serveChecks(t, [certificateCheck(() => past)], 1000);
  const {status, body} = await ask();
  t.is(status, 503);
  t.deepEqual(body.checks, [
    {name: 'certificate', status: 'failed', message: `expired ${past.toISOString()}`},
  ]);
});

test('many who ask at once are answered from one look at the disk', async (t) => {
  let begun = 0;
  const check = {
    name: 'storage',
    run: () => {
      begun += 1;
      return 'fine';
    },
  };
  const ask = await serveChecks(t, [check], 1000);
  const begin = performance.now();
  const answers = await Promise.all(Array.from({length: 20}, ask));
  t.true(answers.every(({status}) => status === 200));
  // An answer is kept for a second.
  const seconds = (performance.now() - begin) / 1000;
  t.true(begun <= 2 + seconds, `${begun} in ${seconds} s`);
});

test('readiness ends ten seconds after the last answer of the database, and says so', async (t) => {
  const {db, close} = await openDatabase({file: await freshFile(t)});
  let time = 0;
  const generations = await openGenerations({
    db,
    log: createLog({level: 'error', format: 'json'}, {destination: new Writable({write: ignore})}),
    onChange: () => undefined,
    pollInterval: 60_000,
    uptime: () => time,
  });
  t.teardown(async () => generations.close());
  time = 60_000;
  await generations.refresh();
  await close();
  time += 10_000;
  await generations.refresh();
  const ask = await serveChecks(t, [accountsCheck(generations)], 1000);
  t.like(await ask(), {status: 200});
  time += 1;
  await until(async () => (await ask()).status === 503);
  const finding = 'the database has not answered for 10 s; who was disabled since is not known';
  const {body} = await ask();
  t.deepEqual(body.checks, [{name: 'accounts', status: 'failed', message: finding}]);
});

const ignore = (_chunk: unknown, _encoding: string, done: () => void): void => {
  done();
};

test('a certificate that ends soon and is not renewed degrades /readyz, and the answer stays 200', async (t) => {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  const status = async (current: Parameters<typeof renewalCheck>[0]) => {
    const ask = await serveChecks(t, [renewalCheck(current)], 1000);
    const {status: code, body} = await ask();
    t.is(code, 200);
    return (body.checks[0] as {status: string}).status;
  };
  const far = days(900);
  t.is(
    await status(() => ({expiresAt: days(300), source: 'self-signed', authorityExpiresAt: far})),
    'ok',
  );
  // It is due, and has a day for it.
  t.is(
    await status(() => ({expiresAt: days(29.5), source: 'self-signed', authorityExpiresAt: far})),
    'ok',
  );
  t.is(
    await status(() => ({expiresAt: days(28), source: 'self-signed', authorityExpiresAt: far})),
    'degraded',
  );
  t.is(
    await status(() => ({
      expiresAt: days(20),
      source: 'self-signed',
      authorityExpiresAt: days(20),
    })),
    'degraded',
  );
  t.is(await status(() => ({expiresAt: days(20), source: 'files'})), 'ok');
  t.is(await status(() => ({expiresAt: days(13), source: 'files'})), 'degraded');
});

test('a storage with no more than its reserve degrades /readyz, and the answer stays 200', async (t) => {
  const {api} = await startInProcess(t, {storage: {reserve: '900000GiB'}});
  const answer = await api.get('/readyz').expect(200);
  const {checks} = answer.body as Readiness['body'];
  t.like(checks[1], {name: 'room', status: 'degraded'});
});
