/** Receivers that are down, slow or broken. */
import test from 'ava';
import {pushImage} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {endpointAt, startTold} from './endpoints.ts';

test('a receiver that was down is told all in order once it is back', async (t) => {
  const {receiver, holdfast} = await startTold(t);
  await receiver.kill();
  for (const tag of ['v1', 'v2', 'v3']) await pushImage(holdfast.api, 'app', {tag});
  await holdfast.api.delete('/v2/app/manifests/v2').expect(202);
  await receiver.startAgain();
  await receiver.told(4);
  t.deepEqual(
    receiver.events().map(({action, target}) => [action, target['tag']]),
    [
      ['push', 'v1'],
      ['push', 'v2'],
      ['push', 'v3'],
      ['delete', 'v2'],
    ],
  );
});

const broken = [
  ['answers 500', {status: 500, body: 'no'}],
  ['answers 429', {status: 429}],
  ['answers garbage', {garbage: 'this is not HTTP\r\n\r\n'}],
  ['redirects', {status: 302, location: 'http://127.0.0.1:1/elsewhere'}],
] as const;

for (const [how, behaviour] of broken) {
  test(`what a receiver is told that ${how} is told again, with the same id, and is not followed elsewhere`, async (t) => {
    const {receiver, holdfast} = await startTold(t);
    receiver.answer(behaviour);
    await pushImage(holdfast.api, 'app', {tag: 'v1'});
    await receiver.told(1);
    receiver.answer({});
    const [first, second] = await receiver.count(2);
    t.is(second?.headers['webhook-id'], first?.headers['webhook-id']);
    t.is(second?.body, first?.body);
    await pushImage(holdfast.api, 'app', {tag: 'v2'});
    await receiver.told(3);
    t.is(receiver.events()[2]?.target['tag'], 'v2');
  });
}

test('a receiver that never answers is given up after its time, and holds up nobody else', async (t) => {
  const [silent, other] = [await startReceiver(t), await startReceiver(t)];
  silent.answer({isSilent: true});
  const holdfast = await startInProcess(t, {
    notifications: {
      endpoints: [
        {...endpointAt(silent), name: 'silent', timeout: '300ms'},
        {...endpointAt(other), name: 'other'},
      ],
    },
  });
  for (const tag of ['v1', 'v2', 'v3']) await pushImage(holdfast.api, 'app', {tag});
  await other.told(3);
  await silent.count(2);
  const [first, second] = silent.received.map(
    ({body}) => (JSON.parse(body) as {events: {id: string}[]}).events[0]?.id,
  );
  t.is(second, first);
});

test('events of one repository are told one after the other, those of others meanwhile', async (t) => {
  const {receiver, holdfast} = await startTold(t, {timeout: '10m'});
  receiver.answer({isSilent: true});
  await pushImage(holdfast.api, 'a', {tag: 'v1'});
  await receiver.told(1);
  receiver.answer({});
  await pushImage(holdfast.api, 'a', {tag: 'v2'});
  await pushImage(holdfast.api, 'b', {tag: 'v1'});
  await receiver.told(2);
  t.deepEqual(
    receiver.events().map(({target}) => target['repository']),
    ['a', 'b'],
  );
});

test('an event that a receiver refuses is told eight times, and then the next one', async (t) => {
  const {receiver, holdfast} = await startTold(t, {}, {longestPause: 1});
  receiver.answer({status: 400});
  await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await receiver.told(8);
  receiver.answer({});
  await pushImage(holdfast.api, 'app', {tag: 'v2'});
  await receiver.told(9);
  t.deepEqual(
    receiver.events().map(({target}) => target['tag']),
    [...Array.from({length: 8}, () => 'v1'), 'v2'],
  );
  t.true(
    holdfast.log.some(
      ({msg, problem}) => msg === 'event not delivered' && problem === 'the receiver answered 400',
    ),
  );
});

test('of more events than may wait the oldest are dropped, and that is logged', async (t) => {
  const receiver = await startReceiver(t);
  await receiver.kill();
  const holdfast = await startInProcess(t, {
    notifications: {endpoints: [endpointAt(receiver)], maxBacklog: 10},
  });
  for (let at = 0; at < 14; at += 1) await pushImage(holdfast.api, `app${at}`, {tag: 'v1'});
  await until(() => holdfast.log.some(({msg}) => msg === 'events are not delivered any more'));
  await receiver.startAgain();
  await until(() => receiver.events().some(({target}) => target['repository'] === 'app13'));
  t.false(receiver.events().some(({target}) => target['repository'] === 'app1'));
});

test('a stop breaks off what is under way, and the next start tells it', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer({isSilent: true});
  const notifications = {endpoints: [endpointAt(receiver, {timeout: '10m'})]};
  const first = await startInProcess(t, {notifications});
  await pushImage(first.api, 'app', {tag: 'v1'});
  await receiver.told(1);
  await first.stop();
  receiver.answer({});
  await startInProcess(t, {notifications, dataDir: first.dataDir});
  const [before, after] = await receiver.count(2);
  t.is(after?.headers['webhook-id'], before?.headers['webhook-id']);
});

test('what has waited is told together, in order, and shown each by itself', async (t) => {
  const {receiver, holdfast} = await startTold(t);
  await receiver.kill();
  for (const name of ['a', 'b']) {
    for (const tag of ['v1', 'v2', 'v3']) await pushImage(holdfast.api, name, {tag});
  }
  await receiver.startAgain();
  const events = await receiver.told(6);
  for (const name of ['a', 'b']) {
    const own = events.filter(({target}) => target['repository'] === name);
    t.deepEqual(
      own.map(({target}) => target['tag']),
      ['v1', 'v2', 'v3'],
    );
  }
  t.true(receiver.received.length < 6);
});

test('of several that were refused together each is told by itself, and the others are taken', async (t) => {
  const {receiver, holdfast} = await startTold(t, {}, {longestPause: 1});
  await receiver.kill();
  for (const name of ['a', 'bad', 'b']) await pushImage(holdfast.api, name, {tag: 'v1'});
  await receiver.startAgain({refuses: '"repository":"bad"'});
  await until(() => holdfast.log.some(({msg}) => msg === 'event not delivered'));
  await until(() =>
    ['a', 'b'].every((name) =>
      receiver.received.some(
        ({body, status}) => status === 200 && body.includes(`"repository":"${name}"`),
      ),
    ),
  );
  t.is(holdfast.log.filter(({msg}) => msg === 'event not delivered').length, 1);
});
