/** Uploads whose bytes are digested in a thread: what they are counts, whatever becomes of the thread. */
import {Readable} from 'node:stream';
import test from 'ava';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {digestOf, parseDigest} from '../../src/oci/digest.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {Uploads} from '../../src/registry/uploads.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';
import {randomContent} from '../support/content.ts';

const name = parseRepositoryName('a');
const now = () => new Date();
const MiB = 1024 * 1024;

function openUploads() {
  const digestThread = new DigestThread();
  const stores = createStores(createMemoryDriver(), {report: () => undefined, now, digestThread});
  const uploads = new Uploads(stores, digestThread, {expireAfter: 1e9, now});
  return {digestThread, stores, uploads};
}

const chunkOf = (bytes: Buffer, start: number) => ({
  body: Readable.from(
    Array.from({length: Math.ceil(bytes.length / 50_000)}, (_, at) =>
      bytes.subarray(at * 50_000, (at + 1) * 50_000),
    ),
    {objectMode: false},
  ),
  start,
  length: bytes.length,
  signal: new AbortController().signal,
});

for (const sizes of [[3 * MiB], [MiB, 10, 2 * MiB], [10, 2 * MiB, 10]])
  for (const algorithm of ['sha256', 'sha512'] as const)
    test(`an upload of chunks of ${sizes.join(', ')} bytes has the right ${algorithm} after each`, async (t) => {
      const {digestThread, uploads, stores} = openUploads();
      t.teardown(async () => digestThread.close());
      const {bytes} = randomContent(sizes.reduce((sum, size) => sum + size));
      let state = await uploads.start(name, algorithm);
      for (const size of sizes) {
        const end = state.offset + size;
        const chunk = chunkOf(bytes.subarray(state.offset, end), state.offset);
        state = await uploads.append(state, chunk);
        t.is(state.digests.at(-1), digestOf(bytes.subarray(0, end), algorithm));
      }
      const digest = digestOf(bytes, algorithm);
      await uploads.finish(state, digest, undefined);
      t.is((await stores.layers.stat(name, digest))?.size, bytes.length);
    });

test('many uploads at once do not mix', async (t) => {
  const {digestThread, uploads} = openUploads();
  t.teardown(async () => digestThread.close());
  const contents = Array.from({length: 20}, () => randomContent(700_000));
  await Promise.all(
    contents.map(async ({bytes, digest}) => {
      const state = await uploads.append(await uploads.start(name), chunkOf(bytes, 0));
      t.is(String(state.digests[0]), digest);
    }),
  );
});

for (const when of ['between its chunks', 'during a chunk'] as const)
  test(`an upload whose thread ended ${when} is digested from the storage at the end`, async (t) => {
    const {digestThread, uploads, stores} = openUploads();
    t.teardown(async () => digestThread.close());
    const {bytes} = randomContent(4 * MiB);
    const [first, second] = [bytes.subarray(0, 2 * MiB), bytes.subarray(2 * MiB)];
    let state = await uploads.append(await uploads.start(name), chunkOf(first, 0));
    t.is(state.digests.length, 1);
    const chunk = chunkOf(second, first.length);
    if (when === 'during a chunk') chunk.body.once('data', () => void digestThread.close());
    else await digestThread.close();
    state = await uploads.append(state, chunk);
    t.deepEqual(state.digests, []);
    await uploads.finish(state, digestOf(bytes), undefined);
    t.is((await stores.layers.stat(name, digestOf(bytes)))?.size, bytes.length);
  });

test('bytes with another digest are refused, be their thread there or not', async (t) => {
  const {digestThread, uploads, stores} = openUploads();
  t.teardown(async () => digestThread.close());
  const [{bytes}, {digest}] = [randomContent(MiB), randomContent(MiB)];
  for (const isEnded of [false, true]) {
    const state = await uploads.start(name);
    const chunk = chunkOf(bytes, 0);
    if (isEnded) chunk.body.once('data', () => void digestThread.close());
    const pushed = await uploads.append(state, chunk);
    await t.throwsAsync(uploads.finish(pushed, parseDigest(digest), undefined), {
      message: /another digest/,
    });
    t.is(await stores.layers.stat(name, parseDigest(digest)), undefined);
  }
});
