/** Several at once on one tag, or one manifest. */
import test from 'ava';
import {config, getBytes, imageOf, pushBlob, pushImage, putManifest} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('of ten manifests pushed to one tag at once all are accepted, and the tag points at one of them', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const images = Array.from({length: 10}, (_, index) =>
    imageOf([], {annotations: {index: String(index)}}),
  );
  const answers = await Promise.all(
    images.map(async (image) => putManifest(api, 'a', 'v1', image)),
  );
  t.true(answers.every(({status}) => status === 201));
  const answer = await getBytes(api, '/v2/a/manifests/v1').expect(200);
  const winner = images.find(({digest}) => digest === answer.get('Docker-Content-Digest'));
  sameBytes(t, answer.body, winner?.bytes);
  for (const image of images) await api.get(`/v2/a/manifests/${image.digest}`).expect(200);
});

test('one manifest pushed to ten tags at once is under all of them', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a');
  const tags = Array.from({length: 10}, (_, index) => `v${index}`);
  const answers = await Promise.all(tags.map(async (tag) => putManifest(api, 'a', tag, image)));
  t.true(answers.every(({status}) => status === 201));
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags});
});

test('tags pushed and deleted at once leave no answer but 200 and 404', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a');
  for (let round = 0; round < 10; round += 1) {
    const [put, deleted, got] = await Promise.all([
      putManifest(api, 'a', 'v1', image),
      api.delete('/v2/a/manifests/v1'),
      api.get('/v2/a/manifests/v1'),
    ]);
    t.is(put.status, 201);
    t.true([202, 404].includes(deleted.status), String(deleted.status));
    t.true([200, 404].includes(got.status), String(got.status));
  }
});

test('a manifest deleted ten times at once is gone, and pushed again it is whole', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a', {tag: 'v1'});
  const answers = await Promise.all(
    Array.from({length: 10}, async () => api.delete(`/v2/a/manifests/${image.digest}`)),
  );
  t.true(answers.some(({status}) => status === 202));
  t.true(answers.every(({status}) => status === 202 || status === 404));
  await api.get('/v2/a/manifests/v1').expect(404);
  await putManifest(api, 'a', 'v1', image).expect(201);
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1').expect(200)).body, image.bytes);
});
