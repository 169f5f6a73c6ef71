/** What happens is told as it happens. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {insertEvents} from '../../../src/metadata/events/log.ts';
import {transact} from '../../../src/metadata/transact.ts';
import {parseRepositoryName} from '../../../src/oci/name.ts';
import {pushImage} from '../../support/content.ts';
import {startInProcess} from '../../support/in-process.ts';
import {follow} from '../../support/live-events.ts';
import {openSecondConnection} from '../../support/second-connection.ts';
import {memoryDirectory} from '../../support/temporary-directory.ts';

test('a push, a deletion of a tag and of a repository are told at once, in order, with their numbers', async (t) => {
  const holdfast = await startInProcess(t);
  const live = await follow(t, holdfast.url);
  t.is(live.status, 200);
  t.is(live.headers['content-type'], 'text/event-stream');
  t.is(live.headers['cache-control'], 'no-store');
  t.is(live.headers['x-accel-buffering'], 'no');
  const {descriptor} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  const startedAt = performance.now();
  const [pushed] = await live.count(1);
  t.true(performance.now() - startedAt < 1500, 'before the next look at what others have written');
  t.is(pushed?.event, 'push');
  t.is(pushed?.id, 1);
  t.like(pushed?.data, {
    seq: 1,
    action: 'push',
    object: 'manifest',
    repository: 'team/app',
    tag: 'v1',
    digest: descriptor.digest,
    media_type: descriptor.mediaType,
    size: descriptor.size,
    actor: null,
  });
  await holdfast.api.delete('/v2/team/app/manifests/v1').expect(202);
  await holdfast.api.delete('/api/v1/repositories/team~app').expect(204);
  const all = await live.count(3);
  t.deepEqual(
    all.map(({id, event, data}) => [id, event, data['object']]),
    [
      [1, 'push', 'manifest'],
      [2, 'delete', 'tag'],
      [3, 'delete', 'repository'],
    ],
  );
});

test('curl -N shows an event while the stream goes on', async (t) => {
  const holdfast = await startInProcess(t);
  const curl = spawn('curl', ['-sN', `${holdfast.url}/api/v1/events`]);
  t.teardown(() => curl.kill());
  let all = '';
  const shown = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(all)) all += String((await once(curl.stdout, 'data'))[0]);
  };
  await shown(/^retry: \d+\nid: 0\n\n/);
  await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  await shown(/\n\nid: 1\nevent: push\ndata: \{"seq":1,.*"repository":"team\/app".*\}\n\n$/);
  t.is(curl.exitCode, null);
});

test('who comes again after a restart with the last id gets exactly what he has missed, in order', async (t) => {
  const dataDir = await memoryDirectory(t);
  const first = await startInProcess(t, {dataDir});
  const before = await follow(t, first.url);
  await pushImage(first.api, 'team/app', {tag: 'v1'});
  await before.count(1);
  await first.stop();
  await before.ended;
  const second = await startInProcess(t, {dataDir});
  for (const tag of ['v2', 'v3', 'v4']) await pushImage(second.api, 'team/app', {tag});
  const headers = {'Last-Event-ID': String(before.lastId())};
  const after = await follow(t, second.url, {headers, query: '?after=3'});
  await after.count(3);
  await pushImage(second.api, 'team/app', {tag: 'v5'});
  t.deepEqual(
    (await after.count(4)).map(({id, data}) => [id, data['tag']]),
    [
      [2, 'v2'],
      [3, 'v3'],
      [4, 'v4'],
      [5, 'v5'],
    ],
  );
  const asked = await follow(t, second.url, {query: '?after=4'});
  t.deepEqual(
    (await asked.count(1)).map(({id}) => id),
    [5],
  );
});

test('a place that the log does not have, and one that it has no more, are told by a reset', async (t) => {
  const holdfast = await startInProcess(t);
  for (const tag of ['v1', 'v2', 'v3']) await pushImage(holdfast.api, 'team/app', {tag});
  const {db, close} = openSecondConnection(`${holdfast.dataDir}/database/holdfast.db`);
  t.teardown(close);
  await holdfast.api.get('/api/v1/repositories').expect(200);
  await db.deleteFrom('events').where('seq', '=', 1).execute();
  for (const id of ['999', '0']) {
    const live = await follow(t, holdfast.url, {headers: {'Last-Event-ID': id}});
    const [reset] = await live.count(1);
    t.deepEqual([reset?.event, reset?.id], ['reset', 3], id);
    live.leave();
  }
  const kept = await follow(t, holdfast.url, {headers: {'Last-Event-ID': '1'}});
  t.deepEqual(
    (await kept.count(2)).map(({id}) => id),
    [2, 3],
  );
  const reset = await follow(t, holdfast.url, {query: '?after=999'});
  await pushImage(holdfast.api, 'team/app', {tag: 'v4'});
  t.deepEqual(
    (await reset.count(2)).map(({event, id}) => [event, id]),
    [
      ['reset', 3],
      ['push', 4],
    ],
  );
});

test('what another process writes is told within a few seconds, and by another number after a database was put back', async (t) => {
  const holdfast = await startInProcess(t);
  const {db, close} = openSecondConnection(`${holdfast.dataDir}/database/holdfast.db`);
  t.teardown(close);
  const live = await follow(t, holdfast.url);
  const repository = parseRepositoryName('other/app');
  const event = {action: 'push', object: 'manifest', repository, actor: undefined, at: 1} as const;
  await transact(db, async (turn) => insertEvents(turn, [event, event]));
  t.like((await live.count(2))[1], {id: 2, data: {repository: 'other/app'}});
  await db.deleteFrom('events').where('seq', '=', 2).execute();
  await db.updateTable('event_positions').set({value: 1}).where('name', '=', 'written').execute();
  t.like((await live.count(3))[2], {event: 'reset', id: 1});
});

test('filters: a repository, a namespace with what lies below, actions', async (t) => {
  const holdfast = await startInProcess(t);
  const open = async (query: string) => follow(t, holdfast.url, {query});
  const streams = {
    repository: await open('?repository=team/app'),
    namespace: await open('?namespace=team'),
    root: await open('?namespace=/'),
    pulls: await open('?actions=pull'),
    deletes: await open('?actions=delete,tag&namespace=team'),
  };
  for (const name of ['alone', 'teams/app', 'team/app', 'team/below/app']) {
    await pushImage(holdfast.api, name, {tag: 'v1'});
  }
  await holdfast.api.get('/v2/team/app/manifests/v1').expect(200);
  await holdfast.api.delete('/v2/team/below/app/manifests/v1').expect(202);
  const told = async (name: keyof typeof streams, count: number) =>
    (await streams[name].count(count)).map(
      ({event, data}) => `${event} ${String(data['repository'])}`,
    );
  t.deepEqual(await told('deletes', 1), ['delete team/below/app']);
  t.deepEqual(await told('repository', 1), ['push team/app']);
  t.deepEqual(await told('namespace', 3), [
    'push team/app',
    'push team/below/app',
    'delete team/below/app',
  ]);
  t.deepEqual(await told('root', 1), ['push alone']);
  t.deepEqual(await told('pulls', 1), ['pull team/app']);
  for (const query of ['?actions=none', '?actions=', '?after=-1', '?after=x', '?before=1']) {
    await holdfast.api.get(`/api/v1/events${query}`).expect(400);
  }
  await holdfast.api.get('/api/v1/events').set('Last-Event-ID', 'x').expect(400);
});

test('HEAD is answered as GET, and ends', async (t) => {
  const holdfast = await startInProcess(t);
  const {headers} = await holdfast.api.head('/api/v1/events').expect(200);
  t.is(headers['content-type'], 'text/event-stream');
});

test('what has happened is listed: the newest, or the oldest after one', async (t) => {
  const holdfast = await startInProcess(t);
  for (const name of ['team/one', 'team/two', 'team/one']) {
    await pushImage(holdfast.api, name, {tag: 'v1'});
  }
  const live = await follow(t, holdfast.url, {query: '?after=0'});
  await live.count(3);
  const listed = async (query: string) => {
    const answer = await holdfast.api.get(`/api/v1/events/past${query}`).expect(200);
    const {events, last} = answer.body as {events: {seq: number}[]; last: number};
    return [events.map(({seq}) => seq), last];
  };
  t.deepEqual(await listed(''), [[1, 2, 3], 3]);
  t.deepEqual(await listed('?limit=2'), [[2, 3], 3]);
  t.deepEqual(await listed('?after=0&limit=2'), [[1, 2], 2]);
  t.deepEqual(await listed('?after=2'), [[3], 3]);
  t.deepEqual(await listed('?after=99'), [[], 3]);
  t.deepEqual(await listed('?repository=team/one&limit=1'), [[3], 3]);
  t.deepEqual(await listed('?repository=team/one&after=0&limit=1'), [[1], 1]);
  t.deepEqual(await listed('?repository=team/two&after=0'), [[2], 3]);
});

test('what has happened is listed, the newest first, and on to the oldest', async (t) => {
  const holdfast = await startInProcess(t);
  for (const name of ['team/one', 'team/two', 'team/one']) {
    await pushImage(holdfast.api, name, {tag: 'v1'});
  }
  const live = await follow(t, holdfast.url, {query: '?after=0'});
  await live.count(3);
  const listed = async (query: string) => {
    const answer = await holdfast.api.get(`/api/v1/events/past?order=newest${query}`).expect(200);
    const {events, last, before} = answer.body as {
      events: {seq: number}[];
      last: number;
      before: number | null;
    };
    return [events.map(({seq}) => seq), last, before];
  };
  t.deepEqual(await listed(''), [[3, 2, 1], 3, null]);
  t.deepEqual(await listed('&limit=2'), [[3, 2], 3, 2]);
  t.deepEqual(await listed('&limit=2&before=2'), [[1], 3, null]);
  t.deepEqual(await listed('&limit=3'), [[3, 2, 1], 3, null]);
  t.deepEqual(await listed('&before=99'), [[3, 2, 1], 3, null]);
  t.deepEqual(await listed('&before=0'), [[], 3, null]);
  t.deepEqual(await listed('&repository=team/one&limit=1'), [[3], 3, 3]);
  t.deepEqual(await listed('&repository=team/two'), [[2], 3, null]);
  for (const query of [
    '?before=1',
    '?order=newest&after=1',
    '?order=some',
    '?order=newest&before=x',
  ]) {
    await holdfast.api.get(`/api/v1/events/past${query}`).expect(400);
  }
});
