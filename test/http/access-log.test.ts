/** The log of requests that has a stream of its own. */
import {mkdir, readFile, rename} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {pushBlob, randomContent} from '../support/content.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {metrics, valueOf} from '../support/metrics.ts';
import {openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';
import {startServe} from '../support/serve-process.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

const file = 'logs/access.log';

const linesOf = async ({dataDir}: Pick<InProcess, 'dataDir'>): Promise<readonly string[]> =>
  (await readFile(path.join(dataDir, file), 'utf8').catch(() => '')).split('\n').slice(0, -1);

const lineWith = async (holdfast: Pick<InProcess, 'dataDir'>, words: string): Promise<string> => {
  let found: string | undefined;
  await until(async () => {
    found = (await linesOf(holdfast)).find((line) => line.includes(words));
    return found !== undefined;
  });
  return found ?? '';
};

test('each request is a line in the combined form, with who asked and the bytes of the body', async (t) => {
  const holdfast = await startWithAccounts(t, {log: {access: {file}}});
  await holdfast.person('anna');
  await holdfast.api.get('/v2/').expect(401);
  const anna = holdfast.as(basic('anna'));
  const blob = randomContent(300_000);
  await pushBlob(anna, 'anna/a', blob);
  const place = `/v2/anna/a/blobs/${blob.digest}`;
  await anna.get(place).set('Referer', 'http://x/?a=1').set('User-Agent', 'me "1"').expect(200);
  await anna.head(place).expect(200);
  const time = String.raw`\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]`;
  const fits = async (words: string, form: string): Promise<void> => {
    t.regex(await lineWith(holdfast, words), new RegExp(`^127\\.0\\.0\\.1 - ${form}$`));
  };
  await fits('/v2/ ', String.raw`- ${time} "GET /v2/ HTTP/1\.1" 401 [1-9]\d* "-" "-"`);
  await fits(
    'GET /v2/anna',
    String.raw`anna ${time} "GET ${place} HTTP/1\.1" 200 300000 "http://x/" "me \\x221\\x22"`,
  );
  await fits('HEAD', String.raw`anna ${time} "HEAD ${place} HTTP/1\.1" 200 0 "-" "-"`);
  await fits(' 201 ', String.raw`anna ${time} "P\w+ /v2/anna/a/blobs/\S+ HTTP/1\.1" 201 0 "-" "-"`);
  t.true(holdfast.log.some(({msg, status}) => msg === 'request' && status === 401));
});

test('the JSON form has the request id of the answer, and the log need not have the requests too', async (t) => {
  const access = {file, format: 'json'} as const;
  const holdfast = await startInProcess(t, {log: {requests: false, access}});
  const answer = await holdfast.api.get('/v2/a/tags/list?n=1&secret=x').expect(404);
  const line = JSON.parse(await lineWith(holdfast, 'tags')) as Record<string, unknown>;
  t.like(line, {
    method: 'GET',
    target: '/v2/a/tags/list?n=1&secret=[redacted]',
    protocol: 'HTTP/1.1',
    route: 'tags',
    status: 404,
    bytes: Number(answer.headers['content-length']),
    requestId: answer.headers['x-request-id'],
  });
  t.false(holdfast.log.some(({msg}) => msg === 'request'));
});

test('of a download that the client cuts there are no more bytes than came to the connection', async (t) => {
  const holdfast = await startInProcess(t, {log: {access: {file}}});
  const size = 60_000_000;
  const blob = randomContent(size);
  const wire = await openWire(t, holdfast);
  await wire.send(`POST /v2/a/blobs/uploads/?digest=${blob.digest}`, [], blob.bytes);
  t.is((await wire.answer())?.status, 201);
  const cut = await openWire(t, holdfast);
  cut.socket.pause();
  await cut.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => cut.socket.bytesRead > 0);
  cut.socket.destroy();
  const line = await lineWith(holdfast, '"GET ');
  const bytes = Number(/ 200 (\d+) /.exec(line)?.[1]);
  t.true(bytes > 0 && bytes < size, line);
});

test('a log that can not be written is told and counted, and requests go on', async (t) => {
  const holdfast = await startInProcess(t, {metrics, log: {access: {file: '/dev/full'}}});
  await holdfast.api.get('/v2/').expect(200);
  const line = 'holdfast_log_lost_lines_total{log="access"}';
  await until(async () => (await valueOf(holdfast, line)) > 0);
  await holdfast.api.get('/v2/').expect(200);
  const told = holdfast.log.filter(({msg}) => msg === 'the access log can not be written');
  t.is(told.length, 1);
  t.like(told[0], {level: 'error', file: '/dev/full'});
});

test('a place where nothing can be written keeps the server from starting, by the name of the setting', async (t) => {
  const error = await t.throwsAsync(startInProcess(t, {log: {access: {file: '/proc/none'}}}), {
    name: 'ConfigError',
  });
  t.regex(error.message, /^log\.access\.file: \/proc\/none can't be opened for writing \(E\w+\)$/);
});

async function serveWith(t: ExecutionContext, log: object) {
  const directory = await memoryDirectory(t);
  const dataDir = path.join(directory, 'data');
  await mkdir(dataDir);
  const {url, service} = await startServe(t, {
    configFile: path.join(directory, 'holdfast.yaml'),
    config: {
      dataDir,
      log,
      http: {listen: ['127.0.0.1:0']},
      tls: {mode: 'off'},
      auth: {mode: 'none'},
    },
  });
  const ask = async (word: string): Promise<number> => (await fetch(`${url}/v2/?n=${word}`)).status;
  return {dataDir, service, ask};
}

test('after SIGHUP lines go into a new file, and the server goes on', async (t) => {
  const {dataDir, service, ask} = await serveWith(t, {access: {file}});
  t.is(await ask('first'), 200);
  await lineWith({dataDir}, 'first');
  const whole = path.join(dataDir, file);
  await rename(whole, `${whole}.1`);
  process.kill(service.pid, 'SIGHUP');
  await until(async () => {
    t.is(await ask('second'), 200);
    return (await linesOf({dataDir})).length > 0;
  });
  t.regex((await linesOf({dataDir}))[0] ?? '', /second/);
  t.regex(await readFile(`${whole}.1`, 'utf8'), /first/);
});

test('on standard output the lines stand between those of the log', async (t) => {
  const {service, ask} = await serveWith(t, {format: 'json', access: {file: '-'}});
  t.is(await ask('here'), 200);
  await until(() => service.output().includes('"GET /v2/?n=here HTTP/1.1" 200 2 '));
  await until(() => service.output().includes('"msg":"request"'));
  t.regex(
    service.output(),
    /^127\.0\.0\.1 - - \[\S+ \S+\] "GET \/v2\/\?n=here HTTP\/1\.1" 200 2 /m,
  );
});
