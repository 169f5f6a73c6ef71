/** Who hears of what happens, and until when. */
import test, {type ExecutionContext} from 'ava';
import type {Happening} from '../../../src/metadata/events/event.ts';
import {insertEvents} from '../../../src/metadata/events/log.ts';
import {transact} from '../../../src/metadata/transact.ts';
import {parseRepositoryName} from '../../../src/oci/name.ts';
import {basic, passwordOf, soon} from '../../support/accounts.ts';
import {pushImage} from '../../support/content.ts';
import {follow, type LiveEvents} from '../../support/live-events.ts';
import {secret} from '../../support/secrets.ts';
import {type ApiBench, itemOf, startApi} from './workbench.ts';

/** anna owns the team makers with the public namespace open and the private one closed. */
async function openBench(t: ExecutionContext): Promise<ApiBench> {
  const bench = await startApi(t);
  await bench.team('makers', {anna: 'owner'});
  await bench.namespace('open', 'makers', 'public');
  await bench.namespace('closed', 'makers', 'private');
  return bench;
}

const as = async (t: ExecutionContext, {url}: ApiBench, name?: string): Promise<LiveEvents> =>
  follow(t, url, name === undefined ? {} : {headers: {Authorization: basic(name)}});

const told = ({events}: LiveEvents) =>
  events.map(({data}) => `${String(data['repository'])} by ${String(data['actor'])}`);

/** Waits for its end; fails the test where that is not soon. */
async function endsSoon(t: ExecutionContext, {ended}: LiveEvents): Promise<void> {
  const startedAt = performance.now();
  await ended;
  t.true(performance.now() - startedAt < soon);
}

test('everybody hears of what he may pull; whose doing it is, accounts alone', async (t) => {
  const bench = await openBench(t);
  const [anna, bert, root, nobody] = await Promise.all([
    as(t, bench, 'anna'),
    as(t, bench, 'bert'),
    as(t, bench, 'root'),
    as(t, bench),
  ]);
  await pushImage(bench.by('anna'), 'closed/app', {tag: 'v1'});
  await pushImage(bench.by('anna'), 'open/app', {tag: 'v1'});
  for (const live of [anna, root]) {
    await live.count(2);
    t.deepEqual(told(live), ['closed/app by anna', 'open/app by anna']);
  }
  await Promise.all([bert.count(1), nobody.count(1)]);
  t.deepEqual(told(bert), ['open/app by anna']);
  t.deepEqual(told(nobody), ['open/app by null']);
  const past = async (asked: ApiBench['api'], query = '') => {
    const answer = await asked.get(`/api/v1/events/past${query}`).expect(200);
    const {events} = answer.body as {events: {repository: string; actor: string | null}[]};
    return events.map(({repository, actor}) => `${repository} by ${String(actor)}`);
  };
  t.deepEqual(await past(bench.by('bert')), ['open/app by anna']);
  t.deepEqual(await past(bench.by('anna')), ['closed/app by anna', 'open/app by anna']);
  t.deepEqual(await past(bench.by('anna'), '?order=newest'), [
    'open/app by anna',
    'closed/app by anna',
  ]);
  for (const query of ['', '?order=newest', '?after=0']) {
    t.deepEqual(await past(bench.api, query), ['open/app by null']);
  }
  t.deepEqual(await past(bench.api, '?order=newest&repository=closed/app'), []);
});

test('an answer looks at a bounded number of events, and tells where to go on', async (t) => {
  const bench = await openBench(t);
  const live = await as(t, bench);
  await pushImage(bench.by('anna'), 'open/app', {tag: 'v1'});
  await live.count(1);
  const fill = 20_000;
  const hidden: Happening = {
    at: Date.now(),
    action: 'push',
    object: 'manifest',
    repository: parseRepositoryName('closed/app'),
    actor: undefined,
  };
  const happenings = Array.from({length: fill}, () => hidden);
  await transact(bench.db, async (turn) => insertEvents(turn, happenings));
  const past = async (query: string) => {
    const answer = await bench.api.get(`/api/v1/events/past?order=newest${query}`).expect(200);
    return answer.body as {events: {repository: string}[]; last: number; before: number | null};
  };
  const first = await past('');
  t.deepEqual(first.events, []);
  t.is(first.before, first.last - fill + 1);
  const second = await past(`&before=${first.before}`);
  t.deepEqual(
    second.events.map(({repository}) => repository),
    ['open/app'],
  );
  t.is(second.before, null);
});

test('a namespace that is made private is told of no more, and one that is made public is', async (t) => {
  const bench = await openBench(t);
  const live = await as(t, bench, 'bert');
  await pushImage(bench.by('anna'), 'open/app', {tag: 'v1'});
  await live.count(1);
  const set = async (name: string, visibility: string) =>
    bench.by('anna').put(`/api/v1/namespaces/${name}`).send({visibility}).expect(200);
  await set('open', 'private');
  await set('closed', 'public');
  await pushImage(bench.by('anna'), 'open/app', {tag: 'v2'});
  await pushImage(bench.by('anna'), 'closed/app', {tag: 'v3'});
  await live.count(2);
  t.deepEqual(
    live.events.map(({data}) => data['tag']),
    ['v1', 'v3'],
  );
});

test('a stream ends soon after its account is disabled', async (t) => {
  const bench = await openBench(t);
  const live = await as(t, bench, 'bert');
  const id = itemOf(await bench.by('root').get('/api/v1/users/bert').expect(200))['id'];
  await bench
    .by('root')
    .put(`/api/v1/users/${String(id)}`)
    .send({enabled: false})
    .expect(200);
  await endsSoon(t, live);
  t.is((await as(t, bench, 'bert')).status, 401);
});

test('a stream ends soon after its token is deleted', async (t) => {
  const bench = await openBench(t);
  const token = await bench.applicationToken('bert');
  const headers = {Authorization: basic('bert', token)};
  const live = await follow(t, bench.url, {headers});
  const [{id} = {id: ''}] = (
    await bench.by('bert').get('/api/v1/users/bert/application_tokens').expect(200)
  ).body as readonly {id: string}[];
  await bench.by('bert').delete(`/api/v1/users/application_tokens/${id}`).expect(204);
  await endsSoon(t, live);
});

test('a stream ends soon after its session does', async (t) => {
  const bench = await openBench(t);
  const given = {username: 'bert', password: passwordOf('bert')};
  const answer = await bench.api.post('/api/v1/session').send(given).expect(201);
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  const Cookie = secret(cookie.split(';', 1)[0] ?? '');
  const live = await follow(t, bench.url, {headers: {Cookie}});
  await pushImage(bench.by('anna'), 'open/app', {tag: 'v1'});
  await live.count(1);
  t.deepEqual(told(live), ['open/app by anna']);
  await bench.api.delete('/api/v1/session').set({Cookie}).expect(204);
  await endsSoon(t, live);
});

test('a token that is over ends its stream', async (t) => {
  const bench = await openBench(t);
  const token = await bench.applicationToken('bert', {expiresAt: Date.now() + 1500});
  const live = await follow(t, bench.url, {headers: {Authorization: basic('bert', token)}});
  t.is(live.status, 200);
  await endsSoon(t, live);
});
