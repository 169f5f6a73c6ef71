/** A repository that is deleted while others work in it, or whose delete is cut off. */
import test from 'ava';
import {faultySystem} from '../faults/faulty-system.ts';
import {openIndexOf, requireAgreement} from '../support/content-index.ts';
import {
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  startUpload,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';

const address = '/api/v1/repositories/a';

test('of a deleted repository nothing is left but its history, and its uploads end', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
  const referrer = imageOf([], {subject: image.descriptor});
  await putManifest(api, 'a', referrer.digest, referrer).expect(201);
  await pushImage(api, 'a/below', {tag: 'v1'});
  const location = await startUpload(api, 'a');
  await api.patch(location).send(Buffer.from('half')).expect(202);
  await api.delete(address).expect(204);
  const left = await filesBelow(server, keys.repository('a'));
  t.deepEqual(
    left.filter((file) => !file.startsWith('_history/') && !file.startsWith('below/')),
    [],
  );
  t.true(left.some((file) => file.startsWith('_history/v1/')));
  t.is((await api.patch(location).send(Buffer.from('more'))).status, 404);
  t.is((await api.get('/v2/a/below/manifests/v1')).status, 200);
  await requireAgreement(t, server, openIndexOf(t, server));
});

test('a push that meets the delete of its repository is whole or refused', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const layer = randomContent();
  for (let round = 0; round < 10; round += 1) {
    await pushImage(api, 'a', {tag: 'v0', layers: [layer]});
    const pushes = Array.from({length: 8}, async (_, at) => {
      const image = imageOf([layer], {annotations: {at: `${round} ${at}`}});
      return putManifest(api, 'a', `v${at}`, image).then(({status}) => status);
    });
    const deleted = api.delete(address).then(({status}) => status);
    const statuses = await Promise.all(pushes);
    t.true(statuses.every((status) => status === 201 || status === 404));
    t.is(await deleted, 204);
    const listed = (await api.get('/v2/a/tags/list')).body as {readonly tags?: readonly string[]};
    const {tags = []} = listed;
    for (const tag of tags) {
      t.is((await api.get(`/v2/a/manifests/${tag}`)).status, 200);
      t.is((await api.head(`/v2/a/blobs/${layer.digest}`)).status, 200, 'its layer is there');
    }
  }
  await requireAgreement(t, server, openIndexOf(t, server));
});

test('a delete that the disk cuts off anywhere can be repeated', async (t) => {
  t.timeout(120_000);
  let isCut = true;
  for (let nth = 1; isCut; nth += 3) {
    const faulty = faultySystem();
    const server = await startInProcess(t, {system: faulty.system});
    const {api} = server;
    await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
    await pushImage(api, 'a', {tag: 'v2', layers: [randomContent()]});
    faulty.arm({call: 'rename', code: 'EIO', nth});
    const {status} = await api.delete(address);
    faulty.disarm();
    isCut = status !== 204;
    if (isCut) {
      t.is(status, 503);
      const again = await api.delete(address);
      t.is(again.status, 204, `after step ${nth}`);
    } else t.true(nth > 3, 'it was cut off at some step');
    t.is((await api.get('/v2/a/tags/list')).status, 404);
    await requireAgreement(t, server, openIndexOf(t, server));
    await server.stop();
  }
});

test('what is not there, or no name, is not deleted', async (t) => {
  const {api} = await startInProcess(t);
  for (const id of ['a', 'A', '..', '..%2fa', '~', 'a~', '%00']) {
    const {status} = await api.delete(`/api/v1/repositories/${id}`);
    t.true(status === 404 || status === 400, id);
  }
  await pushBlob(api, 'a', randomContent());
  t.is((await api.delete(address)).status, 404);
});
