/** The history of a tag tells what came to be, and costs no more than is asked of it. */
import test, {type ExecutionContext} from 'ava';
import {TagHistory} from '../../src/registry/tag-history.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {openTemporary} from '../storage-drivers/temporary-root.ts';
import {parseTag} from '../support/content-index.ts';
import {pushImage, putManifest, randomContent, strangeDigest} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {parseDigest} from '../../src/oci/digest.ts';
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

/** Stores on a disk, and which paths of the histories were opened, or listed. */
async function openCounting(t: ExecutionContext) {
  const opened: string[] = [];
  const listed: string[] = [];
  const driver = await openTemporary(t, {
    system: {
      ...realSystem,
      open: async (path, flags) => {
        if (path.includes('/_history/')) opened.push(path);
        return realSystem.open(path, flags);
      },
      readdir: async (path) => {
        if (path.includes('/_history')) listed.push(path);
        return realSystem.readdir(path);
      },
    },
  });
  const digestThread = new DigestThread();
  const now = () => new Date();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  return {stores, opened, listed};
}

const name = parseRepositoryName('a');
const digest = parseDigest(strangeDigest);

test('the deleted tags of a repository are told by one look at its histories, however many there are', async (t) => {
  const {stores, listed} = await openCounting(t);
  const tags = Array.from({length: 100}, (_, at) => parseTag(`v${String(at).padStart(3, '0')}`));
  for (const tag of tags) await stores.history.add(name, tag, {digest});
  const history = new TagHistory(stores, {tag: async () => Promise.resolve([])});
  listed.length = 0;
  const first = await history.deleted(name, {limit: 70});
  t.is(listed.filter((path) => path.endsWith('/_history')).length, 1);
  t.deepEqual(
    first.items.map(({tag}) => tag),
    tags.slice(0, 70),
  );
  const second = await history.deleted(name, {limit: 70, after: first.last});
  t.deepEqual(
    second.items.map(({tag}) => tag),
    tags.slice(70),
  );
  t.is(second.last, undefined);
});

test('the delete of a tag reads none of the entries of its history', async (t) => {
  const {stores, opened} = await openCounting(t);
  const tag = parseTag('latest');
  for (let count = 0; count < 50; count += 1) {
    await stores.history.add(name, tag, {digest, at: new Date(1e12 + count)});
  }
  await stores.tags.set(name, tag, digest);
  opened.length = 0;
  t.true(await stores.tags.delete(name, tag));
  t.deepEqual(
    opened.filter((path) => path.endsWith(digest.replace(':', '-'))),
    [],
  );
});
