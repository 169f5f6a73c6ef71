/** Lists of tags and repositories that are kept in memory say what the disk says. */
import test, {type ExecutionContext} from 'ava';
import fs from 'fs-extra';
import {digestOf} from '../../src/oci/digest.ts';
import {parseManifest} from '../../src/oci/manifest.ts';
import {parseRepositoryName, type RepositoryName} from '../../src/oci/name.ts';
import {isTag, type Tag} from '../../src/oci/tag.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores, type Stores} from '../../src/storage/stores.ts';
import {nextFileTime, settledSystem} from '../storage-drivers/settled-system.ts';
import {openTemporary} from '../storage-drivers/temporary-root.ts';

const name = parseRepositoryName('a/b');
const content = Buffer.from('{}');
const manifest = parseManifest(content);

async function hold(stores: Stores, name: RepositoryName): Promise<void> {
  const digest = await stores.blobs.put(content);
  await stores.manifests.put(name, {digest, canonical: digest}, manifest);
}

function tagOf(text: string): Tag {
  if (!isTag(text)) throw new TypeError(`${text} is no tag`);
  return text;
}

async function open(t: ExecutionContext) {
  const system = settledSystem();
  const driver = await openTemporary(t, {system});
  const digestThread = new DigestThread();
  t.teardown(async () => digestThread.close());
  const now = () => new Date();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  return {
    stores,
    system,
    path: (below: string) => `${driver.root}/docker/registry/v2/repositories/${below}`,
    tick: async () => nextFileTime(driver.root),
  };
}

test('tags that come and go are listed at once, and a list that is asked for again reads no directory', async (t) => {
  const {stores, system, tick} = await open(t);
  const digest = digestOf(content);
  const listed = async () => stores.tags.list(name);
  for (const tag of ['v2', 'v1', 'v3'].map(tagOf)) await stores.tags.set(name, tag, digest);
  t.deepEqual(await listed(), ['v1', 'v2', 'v3']);
  system.calls.clear();
  t.deepEqual(await listed(), ['v1', 'v2', 'v3']);
  t.deepEqual([...system.calls], [['stat', 1]]);
  await tick();
  await stores.tags.delete(name, tagOf('v2'));
  t.deepEqual(await listed(), ['v1', 'v3']);
  await tick();
  await stores.tags.set(name, tagOf('v0'), digest);
  t.deepEqual(await listed(), ['v0', 'v1', 'v3']);
  t.deepEqual(await stores.tags.list(name, {after: 'v0', limit: 1}), ['v1']);
  t.deepEqual(await stores.tags.list(name, {after: 'v00'}), ['v1', 'v3']);
  t.deepEqual(await stores.tags.list(name, {after: 'v3'}), []);
});

test('a tag whose link is empty is not listed, and listed as soon as it leads somewhere', async (t) => {
  const {stores, path, tick} = await open(t);
  const digest = digestOf(content);
  await stores.tags.set(name, tagOf('v1'), digest);
  await fs.outputFile(path('a/b/_manifests/tags/v2/current/link'), '');
  await tick();
  t.deepEqual(await stores.tags.list(name), ['v1']);
  await stores.tags.set(name, tagOf('v2'), digest);
  t.deepEqual(await stores.tags.list(name), ['v1', 'v2']);
});

test('repositories that come and go are in the catalogue at once, whoever made them', async (t) => {
  const {stores, path, tick} = await open(t);
  const listed = async () => stores.repositories.list();
  const put = async (text: string) => hold(stores, parseRepositoryName(text));
  await put('a/b');
  await put('a-b');
  t.deepEqual(await listed(), ['a/b', 'a-b']);
  await tick();
  await put('a/b/c');
  await put('a');
  t.deepEqual(await listed(), ['a', 'a/b', 'a/b/c', 'a-b']);
  await tick();
  await stores.manifests.delete(parseRepositoryName('a/b'), digestOf(content));
  t.deepEqual(await listed(), ['a', 'a/b/c', 'a-b']);
  await tick();
  await fs.outputFile(path('z/z/_manifests/revisions/sha256/x/link'), 'by another program');
  await fs.remove(path('a/b'));
  t.deepEqual(await listed(), ['a', 'a-b', 'z/z']);
});

test('a directory of manifests that was empty when it was looked at makes a repository when it no longer is', async (t) => {
  const {stores, path, tick} = await open(t);
  await fs.ensureDir(path('a/b/_manifests'));
  await tick();
  t.deepEqual(await stores.repositories.list(), []);
  await hold(stores, name);
  t.deepEqual(await stores.repositories.list(), [name]);
});

test('pages of a catalogue that is kept are those of one that is not', async (t) => {
  const {stores, tick} = await open(t);
  const all = ['a', 'a/b', 'a/b/c', 'a-b', 'a.b', 'b/0', 'b/1', 'b0', 'c/d/e/f'];
  for (const text of all) {
    await hold(stores, parseRepositoryName(text));
  }
  await tick();
  for (let round = 0; round < 2; round += 1) {
    t.deepEqual(await stores.repositories.list(), all.map(parseRepositoryName));
    for (const [index, after] of all.entries()) {
      const following = all.slice(index + 1, index + 3).map(parseRepositoryName);
      t.deepEqual(await stores.repositories.list({after, limit: 2}), following);
    }
  }
});
