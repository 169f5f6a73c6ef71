/** What receivers of Distribution's events are told. */
import test from 'ava';
import {config, hashOf, pushBlob, pushImage, randomContent} from '../support/content.ts';
import {until} from '../support/raw-request.ts';
import {startInProcess} from '../support/in-process.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {startTold} from './endpoints.ts';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const octets = 'application/octet-stream';

test('a push of a manifest by tag is told in the form of Distribution', async (t) => {
  const {receiver, holdfast} = await startTold(t);
  const {descriptor} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  const [request] = await receiver.count(1);
  t.is(request?.method, 'POST');
  t.is(request?.headers['content-type'], 'application/vnd.docker.distribution.events.v2+json');
  const [event] = receiver.events();
  t.regex(event?.id ?? '', uuid);
  t.regex(event?.source['instanceID'] ?? '', uuid);
  t.is(event?.action, 'push');
  t.deepEqual(event?.target, {
    mediaType: descriptor.mediaType,
    size: descriptor.size,
    length: descriptor.size,
    digest: descriptor.digest,
    repository: 'team/app',
    url: `${holdfast.url}/v2/team/app/manifests/${descriptor.digest}`,
    tag: 'v1',
  });
  t.like(event?.request, {
    method: 'PUT',
    addr: '127.0.0.1',
    host: `127.0.0.1:${holdfast.port}`,
  });
  t.deepEqual(event?.actor, {});
});

test('the address of what was pushed is below externalUrl where there is one', async (t) => {
  const receiver = await startReceiver(t);
  const holdfast = await startInProcess(t, {
    externalUrl: 'https://registry.example.org/images/',
    notifications: {
      endpoints: [
        {name: 'one', url: receiver.url, actions: ['push'], mediaTypes: ['application/vnd.oci.*']},
      ],
    },
  });
  const {digest} = await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await receiver.told(1);
  t.is(
    receiver.events()[0]?.target['url'],
    `https://registry.example.org/images/v2/app/manifests/${digest}`,
  );
});

test('deletions tell no more than what was deleted', async (t) => {
  const {receiver, holdfast} = await startTold(t, {actions: ['delete']});
  const {digest} = await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await holdfast.api.delete('/v2/app/manifests/v1').expect(202);
  await holdfast.api.delete(`/v2/app/manifests/${digest}`).expect(202);
  await receiver.told(2);
  t.deepEqual(
    receiver.events().map(({action, target}) => [action, target]),
    [
      ['delete', {repository: 'app', tag: 'v1'}],
      ['delete', {repository: 'app', digest}],
    ],
  );
});

test('what was not there is not told to be deleted', async (t) => {
  const {receiver, holdfast} = await startTold(t);
  await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await holdfast.api.delete('/v2/app/manifests/v2').expect(404);
  await pushImage(holdfast.api, 'app', {tag: 'v3'});
  await receiver.told(2);
  t.deepEqual(
    receiver.events().map(({action}) => action),
    ['push', 'push'],
  );
});

test('blobs that come, are mounted, pulled and deleted are told to whoever wants that', async (t) => {
  const {receiver, holdfast} = await startTold(t, {
    actions: ['push', 'pull', 'mount', 'delete'],
    mediaTypes: [octets],
    ignoreMediaTypes: [],
  });
  const {api, url} = holdfast;
  // A receiver that answers late is told once more.
  const events = () => [...new Map(receiver.events().map((each) => [each.id, each])).values()];
  const told = async (count: number) => until(() => events().length >= count);
  const {digest, bytes} = randomContent();
  await pushBlob(api, 'from', {digest, bytes, sha512: '', descriptor: config.descriptor});
  await api.post(`/v2/to/blobs/uploads/?mount=${digest}&from=from`).expect(201);
  await told(2);
  await api.get(`/v2/to/blobs/${digest}`).expect(200);
  await api.head(`/v2/to/blobs/${digest}`).expect(200);
  await told(4);
  await api.delete(`/v2/to/blobs/${digest}`).expect(202);
  await told(5);
  const size = bytes.length;
  const of = (repository: string) => ({
    mediaType: octets,
    size,
    length: size,
    digest,
    repository,
    url: `${url}/v2/${repository}/blobs/${digest}`,
  });
  const all = events().map(({action, target, request}) => [action, request['method'], target]);
  t.deepEqual(all.slice(0, 2), [
    ['push', 'POST', of('from')],
    ['mount', 'POST', {...of('to'), fromRepository: 'from'}],
  ]);
  t.deepEqual(all.slice(2, 4), [
    ['pull', 'GET', of('to')],
    ['pull', 'HEAD', of('to')],
  ]);
  t.deepEqual(all.slice(4), [['delete', 'DELETE', {repository: 'to', digest}]]);
});

test('pulls of manifests tell the tag that was asked for', async (t) => {
  const {receiver, holdfast} = await startTold(t, {actions: ['pull']});
  const {digest} = await pushImage(holdfast.api, 'app', {tag: 'v1'});
  await holdfast.api.get('/v2/app/manifests/v1').expect(200);
  await receiver.told(1);
  await holdfast.api.get(`/v2/app/manifests/${digest}`).expect(200);
  await receiver.told(2);
  t.deepEqual(
    receiver.events().map(({target}) => [target['digest'], target['tag']]),
    [
      [digest, 'v1'],
      [digest, undefined],
    ],
  );
});

test('layers are told with their manifest where that is wanted', async (t) => {
  const {receiver, holdfast} = await startTold(t, {references: true});
  const layer = randomContent();
  await pushImage(holdfast.api, 'app', {tag: 'v1', layers: [layer]});
  await receiver.told(1);
  t.deepEqual(receiver.events()[0]?.target['references'], [config.descriptor, layer.descriptor]);
});

test('a manifest of two tags is told twice, and one of sha512 by that', async (t) => {
  const {receiver, holdfast} = await startTold(t);
  const {api} = holdfast;
  const {bytes, descriptor} = await pushImage(api, 'app');
  const sha512 = hashOf('sha512', bytes);
  await api
    .put(`/v2/app/manifests/${sha512}?tag=v1&tag=v2`)
    .set('Content-Type', descriptor.mediaType)
    .send(bytes.toString())
    .expect(201);
  await receiver.told(3);
  t.deepEqual(
    receiver.events().map(({target}) => [target['digest'], target['tag']]),
    [
      [descriptor.digest, undefined],
      [sha512, 'v1'],
      [sha512, 'v2'],
    ],
  );
});
