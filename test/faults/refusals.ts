/** What a registry does while its database can't be written, whatever the reason and the engine. */
import type {ExecutionContext} from 'ava';
import {
  codesOf,
  errorsOf,
  getBytes,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {layoutFiles} from '../support/disk.ts';
import type {InProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';

/** While the database can't be written nothing becomes visible, and all that is there is served. */
export async function requireRefusals(
  t: ExecutionContext,
  server: InProcess,
  during: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const {api} = server;
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
  const layer = randomContent();
  const next = imageOf([layer]);
  await pushBlob(api, 'a', layer);
  await pushBlob(api, 'b', layer);
  await api.get('/v2/_catalog').expect(200);
  await during(async () => {
    // Bytes to which nothing leads are no news either.
    const isOfNext = (file: string) =>
      file.includes(`/${next.digest.slice('sha256:'.length)}/data`);
    const visible = async () => (await layoutFiles(server)).filter((file) => !isOfNext(file));
    const before = await visible();
    const changes = [
      async () => putManifest(api, 'a', 'v1', next),
      async () => api.delete('/v2/a/manifests/v1'),
      async () => api.delete(`/v2/a/manifests/${image.digest}`),
    ];
    for (const change of changes) {
      const answer = await change();
      t.is(answer.status, 503);
      t.deepEqual(codesOf(answer), ['UNAVAILABLE']);
      t.regex(errorsOf(answer)[0]?.message ?? '', /nothing was changed; try again/);
      t.is(answer.get('Retry-After'), '5');
    }
    t.deepEqual(await visible(), before);
    const answer = await getBytes(api, '/v2/a/manifests/v1').expect(200);
    sameBytes(t, answer.body, image.bytes);
    await api.get('/v2/a/tags/list').expect(200);
    t.deepEqual((await api.get('/v2/_catalog').expect(200)).body, {repositories: ['a']});
    // A blob is no news before a manifest names it.
    await pushBlob(api, 'a', randomContent());
  });
  await until(async () => (await putManifest(api, 'a', 'v1', next)).status === 201);
  await api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
}
