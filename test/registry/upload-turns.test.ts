/** Who wins when two requests of one upload meet, at moments that only a driver can hold still. */
import {Readable} from 'node:stream';
import test from 'ava';
import {contentOf} from '../support/content.ts';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import type {RegistryError} from '../../src/oci/errors.ts';
import {parseDigest} from '../../src/oci/digest.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {Uploads} from '../../src/registry/uploads.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';

const name = parseRepositoryName('a');
const now = () => new Date();

const chunkOf = (text: string) => ({
  body: Readable.from([Buffer.from(text)], {objectMode: false}),
  start: 0,
  length: text.length,
  signal: new AbortController().signal,
});

test('a chunk that had come whole before another request took over is accepted, and the other told so', async (t) => {
  const driver = createMemoryDriver();
  const openWriter = driver.openWriter.bind(driver);
  const published = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  driver.openWriter = async (key) => {
    const writer = await openWriter(key);
    return {
      append: async (...parameters) => {
        const result = await writer.append(...parameters);
        published.resolve(undefined);
        await gate.promise;
        return result;
      },
      publish: async () => writer.publish(),
      abandon: async () => writer.abandon(),
    };
  };
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const uploads = new Uploads(stores, digestThread, {expireAfter: 1e9, now});

  const state = await uploads.start(name);
  const first = uploads.append(state, chunkOf('the bytes'));
  await published.promise;
  const second = uploads.append(state, chunkOf('the bytes'));
  gate.resolve(undefined);
  t.is((await first).offset, 9);
  const error = await t.throwsAsync<RegistryError>(second);
  t.is(error.status, 416);
  t.is(error.headers['Range'], '0-8');
});

test('the end of an upload that another server ends at the same moment is the end of both', async (t) => {
  const driver = createMemoryDriver();
  const promote = driver.promote.bind(driver);
  let others = 0;
  driver.promote = async (from, to) => {
    // The other one is just ahead.
    await promote(from, to);
    others += 1;
    await promote(from, to);
  };
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const uploads = new Uploads(stores, digestThread, {expireAfter: 1e9, now});
  const state = await uploads.start(name);
  const {digest, bytes} = contentOf('the bytes');
  const next = await uploads.append(state, chunkOf('the bytes'));
  await uploads.finish(next, parseDigest(digest), undefined);
  t.is(others, 1);
  t.deepEqual(await stores.blobs.read(parseDigest(digest)), bytes);
});

test('what another server publishes of an upload while it is looked for is found', async (t) => {
  const driver = createMemoryDriver();
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const {id} = await new Uploads(stores, digestThread, {expireAfter: 1e9, now}).start(name);
  const adopt = driver.adopt.bind(driver);
  driver.adopt = async (key) => {
    await driver.create(key, Buffer.from('the bytes'));
    driver.adopt = adopt;
    return adopt(key);
  };
  const found = await stores.uploads.segments(name, id);
  t.deepEqual(
    found.map(({offset, size}) => [offset, size]),
    [[0, 9]],
  );
});
