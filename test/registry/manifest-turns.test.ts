/** A push and a delete that meet, at moments that only a driver can hold still. */
import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {digestOf} from '../../src/oci/digest.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {parseReference, type Reference} from '../../src/oci/reference.ts';
import {isTag} from '../../src/oci/tag.ts';
import {ContentCheck} from '../../src/registry/content-check.ts';
import {Manifests, readPushed} from '../../src/registry/manifests.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';

const name = parseRepositoryName('a');
const now = () => new Date();
const nobody = {actor: undefined};
const contentType = 'application/vnd.test+json';
const one = Buffer.from('{"is":"one"}');
const other = Buffer.from('{"is":"other"}');
const digest = digestOf(one);

/** A tag, or a digest. */
function referenceOf(text: string): Reference {
  const reference = parseReference(text);
  if (!reference) throw new TypeError(`${text} is no reference`);
  return reference;
}

/** Manifests whose storage stops once, behind the first call of this verb on a key of this kind. */
function stoppingOnce(verb: 'read' | 'create', kind: RegExp) {
  const driver = createMemoryDriver();
  const stopped = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  let isArmed = false;
  const stop = async (key: string): Promise<void> => {
    if (!isArmed || !kind.test(key)) return;
    isArmed = false;
    stopped.resolve(undefined);
    await gate.promise;
  };
  const {read, create} = {read: driver.read.bind(driver), create: driver.create.bind(driver)};
  driver.read = async (key) => {
    const content = await read(key);
    if (verb === 'read') await stop(key);
    return content;
  };
  driver.create = async (key, content) => {
    const isCreated = await create(key, content);
    if (verb === 'create') await stop(key);
    return isCreated;
  };
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const manifests = new Manifests(stores, new ContentCheck(stores, {allowMissingChildren: false}), {
    journal: {during: async (_change, work) => work()},
    counts: {pulled: () => undefined, pushed: () => undefined},
  });
  const put = async (reference: string, content = one) =>
    manifests.put(name, readPushed(referenceOf(reference), content, contentType), {
      tags: isTag(reference) ? [reference] : [],
      origin: nobody,
    });
  return {
    put,
    remove: async (reference: string) => manifests.delete(name, referenceOf(reference), nobody),
    get: async (reference: string) => manifests.get(name, referenceOf(reference)),
    has: async (tag: string) => (await stores.tags.list(name)).some((each) => each === tag),
    arm: () => {
      isArmed = true;
    },
    stopped: stopped.promise,
    open: () => {
      gate.resolve(undefined);
    },
  };
}

/** As long as it goes on without the storage that is stopped. */
async function goOn(work: Promise<unknown>): Promise<void> {
  const turns = async (): Promise<void> => {
    for (let count = 0; count < 20; count += 1) await setImmediate();
  };
  await Promise.race([work, turns()]);
}

test('a tag that is put to another manifest while its first one is deleted stays', async (t) => {
  const registry = stoppingOnce('read', /tags\/v1\/current/);
  await registry.put('v1');
  registry.arm();
  const removed = registry.remove(digest);
  await registry.stopped;
  const put = registry.put('v1', other);
  await goOn(put);
  registry.open();
  await Promise.all([removed, put]);
  t.deepEqual((await registry.get('v1')).content, other);
  await t.throwsAsync(registry.get(digest), {message: /manifest/i});
});

for (const [moment, kind] of [
  ['in the middle of its delete', /tags\/v1\/current/],
  ['at the beginning of its delete', /revisions.*_mediatype/],
] as const) {
  test(`a manifest that is put by a new tag ${moment} can be pulled by it`, async (t) => {
    const registry = stoppingOnce('read', kind);
    await registry.put('v1');
    registry.arm();
    const removed = registry.remove(digest);
    await registry.stopped;
    const put = registry.put('v0');
    await goOn(put);
    registry.open();
    await Promise.all([removed, put]);
    t.deepEqual((await registry.get('v0')).content, one);
  });
}

test('a manifest that is deleted in the middle of its push leaves no tag that leads nowhere', async (t) => {
  const registry = stoppingOnce('create', /revisions.*link/);
  registry.arm();
  const put = registry.put('v1');
  await registry.stopped;
  const removed = registry.remove(digest);
  await goOn(removed);
  registry.open();
  await Promise.all([removed, put]);
  t.false(await registry.has('v1'));
  await t.throwsAsync(registry.get('v1'));
});

test('while one tag is put others are put and deleted', async (t) => {
  const registry = stoppingOnce('create', /_history\/v1/);
  await registry.put('v2', other);
  registry.arm();
  const put = registry.put('v1');
  await registry.stopped;
  await registry.put('v3', other);
  await registry.remove('v2');
  registry.open();
  await put;
  t.deepEqual((await registry.get('v1')).content, one);
  t.deepEqual((await registry.get('v3')).content, other);
  t.false(await registry.has('v2'));
});
