/** Streams of events have bounds, and hold nothing up. */
import {once} from 'node:events';
import {type IncomingMessage, request} from 'node:http';
import net from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {insertEvents} from '../../../src/metadata/events/log.ts';
import {transact} from '../../../src/metadata/transact.ts';
import {parseRepositoryName} from '../../../src/oci/name.ts';
import {pushImage} from '../../support/content.ts';
import {type InProcess, startInProcess} from '../../support/in-process.ts';
import {follow} from '../../support/live-events.ts';
import {openSecondConnection} from '../../support/second-connection.ts';

/** More than the buffers of both systems take. */
async function fillLog({dataDir}: InProcess): Promise<void> {
  const {db, close} = openSecondConnection(`${dataDir}/database/holdfast.db`);
  const repository = parseRepositoryName(`${'a'.repeat(100)}/${'b'.repeat(100)}`);
  const event = {action: 'push', object: 'manifest', repository, actor: undefined, at: 1} as const;
  const many = Array.from({length: 5000}, () => event);
  for (let part = 0; part < 6; part += 1) {
    await transact(db, async (turn) => insertEvents(turn, many));
  }
  await close();
}

/** Asks for all events, and takes none of them. */
async function stalled(t: ExecutionContext, {port}: InProcess): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /api/v1/events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
  return socket;
}

test('one who does not read is cut after the time for an answer, and the others are served', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '500ms'}});
  await fillLog(holdfast);
  await stalled(t, holdfast);
  const live = await follow(t, holdfast.url);
  await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  await live.count(1);
  const isCut = () =>
    holdfast.log.some(
      ({msg, route, aborted}) => msg === 'request' && route === 'events-live' && aborted === true,
    );
  for (let tries = 0; tries < 500 && !isCut(); tries += 1) {
    await holdfast.api.get('/healthz');
  }
  t.true(isCut());
  await pushImage(holdfast.api, 'team/app', {tag: 'v2'});
  t.is((await live.count(2)).length, 2);
});

test('who reads at last, gets all of a long log', async (t) => {
  const holdfast = await startInProcess(t);
  await fillLog(holdfast);
  const live = await follow(t, holdfast.url, {query: '?after=0'});
  const all = await live.count(30_000);
  t.true(all.every(({id}, at) => id === at + 1));
});

test('a stream on which nothing happens outlives the time for a silent answer', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '200ms'}});
  const live = await follow(t, holdfast.url);
  // Each of these is silent for so long.
  for (let times = 0; times < 3; times += 1) {
    const headers = {'Content-Type': 'application/json', 'Content-Length': '10'};
    const silent = request(`${holdfast.url}/v2/team/app/manifests/v1`, {method: 'PUT', headers});
    silent.on('error', () => undefined);
    silent.write('{');
    const [answer] = (await once(silent, 'response')) as [IncomingMessage];
    t.is(answer.statusCode, 408);
    silent.destroy();
  }
  await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  t.is((await live.count(1)).length, 1);
});

test('an eleventh stream of one is answered 429, until another one ends', async (t) => {
  const holdfast = await startInProcess(t);
  const ten = await Promise.all(Array.from({length: 10}, async () => follow(t, holdfast.url)));
  const refused = await follow(t, holdfast.url);
  t.is(refused.status, 429);
  t.regex(refused.headers['retry-after'] ?? '', /^\d+$/);
  ten[0]?.leave();
  let status = 429;
  while (status === 429) ({status} = await follow(t, holdfast.url));
  t.is(status, 200);
});

test('a stop ends streams at once, also those that are not read', async (t) => {
  const holdfast = await startInProcess(t);
  await fillLog(holdfast);
  await stalled(t, holdfast);
  const live = await follow(t, holdfast.url);
  const startedAt = performance.now();
  await holdfast.stop();
  t.true(performance.now() - startedAt < 4000, `${performance.now() - startedAt}`);
  await live.ended;
});
