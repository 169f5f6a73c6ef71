/** The history of a tag tells what came to be, and costs no more than is asked of it. */
import test from 'ava';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {pushImage, putManifest, randomContent} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';

for (const [what, method, path, calls] of [
  ['a push', 'put', /tags\/v1\/current\/link$/, [1]],
  ['a delete', 'delete', /tags\/v1$/, [0]],
] as const)
  test(`${what} that the storage refuses at its last step is not what the history ends with`, async (t) => {
    let isFailing = false;
    const rename = async (...places: [from: string, to: string]): Promise<void> => {
      if (isFailing && calls.some((place) => path.test(places[place])))
        throw Object.assign(new Error('EIO: injected'), {code: 'EIO'});
      await realSystem.rename(...places);
    };
    const server = await startInProcess(t, {system: {...realSystem, rename}});
    const {api} = server;
    const image = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
    const next = await pushImage(api, 'a', {layers: [randomContent()]});
    isFailing = true;
    if (method === 'put') await putManifest(api, 'a', 'v1', next).expect(503);
    else await api.delete('/v2/a/manifests/v1').expect(503);
    isFailing = false;
    const answer = await api.get('/v2/a/manifests/v1').expect(200);
    t.is(answer.get('Docker-Content-Digest'), image.digest);
    const entries = await filesBelow(server, `${keys.repository('a')}/_history/v1`);
    t.is(entries.length, 3);
    t.true(entries.at(-1)?.endsWith(image.digest.replace(':', '-')), entries.join(' '));
  });
