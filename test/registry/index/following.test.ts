/** The index follows what is pushed and deleted. */
import test from 'ava';
import {bearer, startWithAccounts} from '../../support/accounts.ts';
import {
  contentOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../../support/content.ts';
import {openIndexOf, requireAgreement} from '../../support/content-index.ts';
import {startInProcess} from '../../support/in-process.ts';

test('what was pushed, tagged anew and deleted is in the index as it is on the disk', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const db = openIndexOf(t, server);
  const first = await pushImage(api, 'team/app', {tag: 'v1', layers: [randomContent()]});
  await putManifest(api, 'team/app', 'v2', first).expect(201);
  const second = await pushImage(api, 'team/app', {tag: 'v3', layers: [randomContent()]});
  await requireAgreement(t, server, db);

  await putManifest(api, 'team/app', 'v1', second).expect(201);
  await api.delete('/v2/team/app/manifests/v3').expect(202);
  await requireAgreement(t, server, db);

  await api.delete(`/v2/team/app/manifests/${first.digest}`).expect(202);
  await requireAgreement(t, server, db);

  await api.delete(`/v2/team/app/manifests/${second.digest}`).expect(202);
  await requireAgreement(t, server, db);
  t.deepEqual((await api.get('/v2/_catalog').expect(200)).body, {repositories: []});
});

test('a hundred pushes at once are all in the catalogue that is asked next', async (t) => {
  const server = await startInProcess(t);
  const names = Array.from({length: 100}, (_, at) => `team/app-${String(at).padStart(3, '0')}`);
  await Promise.all(names.map(async (name) => pushImage(server.api, name, {tag: 'v1'})));
  t.deepEqual((await server.api.get('/v2/_catalog').expect(200)).body, {repositories: names});
  await requireAgreement(t, server, openIndexOf(t, server));
});

test('the index says of an image what its manifest and its configuration say', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const config = contentOf(
    JSON.stringify({
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      created: '2026-01-02T03:04:05.123456789+01:00',
      config: {Labels: {maintainer: 'anna'}},
    }),
    mediaTypes.config,
  );
  const layers = [randomContent(1000), randomContent(500)] as const;
  for (const blob of [config, ...layers]) await pushBlob(api, 'a', blob);
  const image = imageOf([layers[0], layers[1], layers[0]], {
    config: config.descriptor,
    annotations: {title: 'x'},
  });
  await putManifest(api, 'a', 'v1', image).expect(201);
  const list = indexOf([image]);
  await putManifest(api, 'a', 'latest', list).expect(201);
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);

  const rows = await db.selectFrom('manifests').selectAll().execute();
  const row = rows.find(({digest}) => digest === image.digest);
  t.like(row, {
    kind: 'image',
    size: image.bytes.length,
    content_size: config.bytes.length + 1500,
    config_digest: config.digest,
    platform: 'linux/arm64/v8',
    built_at: '2026-01-02T02:04:05.123Z',
    annotations: '{"title":"x"}',
    labels: '{"maintainer":"anna"}',
  });
  const children = await db
    .selectFrom('manifest_contents')
    .select(['digest', 'role'])
    .where('manifest', '=', list.digest)
    .execute();
  t.deepEqual(children, [{digest: image.digest, role: 'child'}]);
});

test('a manifest by sha512 is in the index by its sha256, and its tag points at that', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const layer = randomContent();
  await pushImage(api, 'a', {layers: [layer]});
  const image = imageOf([layer], {annotations: {by: 'sha512'}});
  await putManifest(api, 'a', `${image.sha512}?tag=v1`, image).expect(201);
  const db = openIndexOf(t, server);
  await api.get('/v2/_catalog').expect(200);
  const tags = await db.selectFrom('tags').select(['name', 'digest']).execute();
  t.deepEqual(tags, [{name: 'v1', digest: image.digest}]);
  await api.delete(`/v2/a/manifests/${image.sha512}`).expect(202);
  await requireAgreement(t, server, db);
});

test('the index and the history say who pushed, and who deleted', async (t) => {
  const server = await startWithAccounts(t);
  await server.person('anna');
  const token = await server.token('anna', 'repository:anna/app:pull,push,delete');
  const api = server.as(bearer(token));
  await pushImage(api, 'anna/app', {tag: 'v1'});
  await requireAgreement(t, server, server.db);
  const rows = await server.db.selectFrom('tags').select(['name', 'pushed_by']).execute();
  t.deepEqual(rows, [{name: 'v1', pushed_by: 'anna'}]);
  const held = await server.db.selectFrom('revisions_held').select('pushed_by').execute();
  t.deepEqual(held, [{pushed_by: 'anna'}]);
});
