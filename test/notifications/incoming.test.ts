/** A Distribution on the same directory tells of what it does there. */
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import supertest from 'supertest';
import {type Api, config, imageOf, putManifest} from '../support/content.ts';
import {startConfigured} from '../support/docker-registry.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {follow} from '../support/live-events.ts';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

const token = secret('the-token-of-both-registries');

interface Pair {
  readonly holdfast: InProcess;
  /** Of the Distribution. */
  readonly there: Api;
}

/** Both on one directory, of which Holdfast looks at nothing by itself. */
async function startPair(t: ExecutionContext, program: string, more: object = {}): Promise<Pair> {
  const directory = await memoryDirectory(t);
  const root = join(directory, 'content');
  const holdfast = await startInProcess(t, {
    dataDir: join(directory, 'data'),
    storage: {root},
    index: {reconcileInterval: '12h'},
    notifications: {incoming: {enabled: true, token}, ...more},
  });
  const registry = await startConfigured(t, program, {
    version: 0.1,
    storage: {filesystem: {rootdirectory: root}, delete: {enabled: true}},
    http: {addr: '127.0.0.1:0'},
    notifications: {
      endpoints: [
        {
          name: 'holdfast',
          url: `${holdfast.url}/v2/webhooks/events`,
          headers: {Authorization: [`Bearer ${token}`]},
          timeout: '5s',
          threshold: 3,
          backoff: '1s',
        },
      ],
    },
  });
  return {holdfast, there: supertest(registry.url)};
}

/** As clients push that know no upload in one request. */
async function pushThere(there: Api, name: string, tag: string) {
  const begun = await there.post(`/v2/${name}/blobs/uploads/`).expect(202);
  const {pathname, searchParams} = new URL(begun.get('Location') ?? '');
  searchParams.set('digest', config.digest);
  await there
    .put(`${pathname}?${searchParams.toString()}`)
    .set('Content-Type', 'application/octet-stream')
    .send(config.bytes)
    .expect(201);
  const image = imageOf([]);
  await putManifest(there, name, tag, image).expect(201);
  return image;
}

for (const program of ['docker-registry', 'registry'] as const) {
  testWith(
    [program],
    `what is pushed through ${program} is in lists and on streams a moment later, and gone when it is deleted there`,
    async (t) => {
      const receiver = await startReceiver(t);
      const endpoints = [{name: 'all', url: receiver.url, actions: ['push', 'delete']}];
      const {holdfast, there} = await startPair(t, program, {endpoints});
      const live = await follow(t, holdfast.url);
      const startedAt = performance.now();
      const {digest} = await pushThere(there, 'team/app', 'v1');
      const [pushed] = await live.count(1);
      t.true(performance.now() - startedAt < 5000);
      t.like(pushed?.data, {action: 'push', repository: 'team/app', tag: 'v1', digest});
      const catalog = await holdfast.api.get('/v2/_catalog').expect(200);
      t.deepEqual(catalog.body, {repositories: ['team/app']});
      const tags = await holdfast.api.get('/api/v1/repositories/team~app/tags').expect(200);
      t.like(tags.body, [{name: 'v1', digest}]);
      await there.delete(`/v2/team/app/manifests/${digest}`).expect(202);
      const [, deleted] = await live.count(2);
      t.like(deleted?.data, {action: 'delete', object: 'manifest', repository: 'team/app', digest});
      // The other one tells of the manifest first, and takes its tags away then.
      await until(async () => {
        const left = await holdfast.api.get('/api/v1/repositories/team~app/tags').expect(200);
        return (left.body as unknown[]).length === 0;
      });
      // On a busy machine the same one may be sent twice.
      const told = () => [
        ...new Map(receiver.events().map(({id, action}) => [id, action])).values(),
      ];
      await until(() => told().length > 1);
      // It may tell of the tag that went with the manifest, too.
      const [first, ...others] = told();
      t.is(first, 'push');
      t.deepEqual(new Set(others), new Set(['delete']));
    },
  );
}

testWith(['docker-registry'], 'a blob that is deleted there is told by nobody', async (t) => {
  const {holdfast, there} = await startPair(t, 'docker-registry');
  const live = await follow(t, holdfast.url, {query: '?actions=push,delete'});
  await pushThere(there, 'team/app', 'v1');
  await there.delete(`/v2/team/app/blobs/${config.digest}`).expect(202);
  await pushThere(there, 'team/other', 'v2');
  await live.count(2);
  t.deepEqual(
    live.events.map(({event, data}) => [event, data['object'], data['repository']]),
    [
      ['push', 'manifest', 'team/app'],
      ['push', 'manifest', 'team/other'],
    ],
  );
});
