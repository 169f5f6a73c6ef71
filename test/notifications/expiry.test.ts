import test from 'ava';
import {pushImage} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {openSecondConnection} from '../support/second-connection.ts';
import {endpointAt} from './endpoints.ts';

test('events and deliveries are forgotten after their time, and what could not be told fails', async (t) => {
  const [receiver, away] = [await startReceiver(t), await startReceiver(t)];
  await away.kill();
  let now = new Date('2026-01-01T00:00:00Z');
  const notifications = {
    endpoints: [endpointAt(receiver), endpointAt(away, {name: 'away'})],
    retryFor: '1d',
    keepFor: '1d',
  };
  const holdfast = await startInProcess(t, {
    notifications,
    now: () => now,
    jobInterval: 50,
    longestPause: 1,
  });
  const {db, close} = openSecondConnection(`${holdfast.dataDir}/database/holdfast.db`);
  t.teardown(close);
  const rowsOf = async (table: 'events' | 'deliveries') =>
    db.selectFrom(table).selectAll().execute();
  await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await receiver.told(1);
  await until(async () => (await rowsOf('deliveries')).some(({state}) => state === 'delivered'));
  now = new Date('2026-01-01T23:00:00Z');
  await pushImage(holdfast.api, 'app', {tag: 'v2'});
  await receiver.told(2);
  now = new Date('2026-01-02T01:00:00Z');
  await until(async () => (await rowsOf('events')).length === 1);
  t.is((await rowsOf('events'))[0]?.tag, 'v2');
  const ofFirst = async () => (await rowsOf('deliveries')).filter(({seq}) => seq === 1);
  await until(async () => (await ofFirst()).every(({endpoint}) => endpoint === 'endpoint:away'));
  // Tried for as long as it was to be tried.
  await until(async () => (await ofFirst()).every(({state}) => state === 'failed'));
  t.is((await rowsOf('deliveries')).filter(({state}) => state === 'waiting').length, 1);
});
