/** More uploads at once than a process remembers. */
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import test from 'ava';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {digestOf} from '../../src/oci/digest.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {Uploads} from '../../src/registry/uploads.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';

const name = parseRepositoryName('a');
const another = parseRepositoryName('b');
const now = () => new Date();
const crowd = 4096;

const chunkOf = (body: Readable, start: number, length: number) => ({
  body,
  start,
  length,
  signal: new AbortController().signal,
});
const bodyOf = (text: string) => Readable.from([Buffer.from(text)], {objectMode: false});

function openUploads() {
  const driver = createMemoryDriver();
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const uploads = new Uploads(stores, digestThread, {expireAfter: 1e9, now});
  const start = async (): Promise<void> => {
    for (let count = 0; count < crowd; count += 1) await uploads.start(another);
  };
  const read = async (digest: ReturnType<typeof digestOf>) => {
    const content = await stores.blobs.openRead(digest);
    return content && buffer(content);
  };
  return {driver, uploads, start, read};
}

test('a chunk whose bytes come while 4,096 others begin an upload is kept, and its upload goes on', async (t) => {
  const {uploads, start, read} = openUploads();
  const content = Buffer.from('first, second, third');
  const digest = digestOf(content);
  let state = await uploads.start(name);
  state = await uploads.append(state, chunkOf(bodyOf('first, '), 0, 7));
  const body = new Readable({read: () => undefined});
  const asked = new Promise((resolve) => body.once('resume', resolve));
  const append = uploads.append(state, chunkOf(body, 7, 8));
  body.push('second, ');
  await asked;
  await start();
  body.push(null);
  state = await append;
  t.is(state.offset, 15);
  await uploads.finish(state, digest, chunkOf(bodyOf('third'), 15, 5));
  t.deepEqual(await read(digest), content);
});

test('an upload that is being closed while 4,096 others begin becomes a blob', async (t) => {
  const {driver, uploads, start, read} = openUploads();
  const content = Buffer.from('first, second');
  const digest = digestOf(content);
  const openWriter = driver.openWriter.bind(driver);
  let isClosing = false;
  driver.openWriter = async (key) => {
    const writer = await openWriter(key);
    return {
      append: async (...parameters) => {
        const result = await writer.append(...parameters);
        if (isClosing) await start();
        return result;
      },
      publish: async () => writer.publish(),
      abandon: async () => writer.abandon(),
    };
  };
  let state = await uploads.start(name);
  state = await uploads.append(state, chunkOf(bodyOf('first, '), 0, 7));
  isClosing = true;
  await uploads.finish(state, digest, chunkOf(bodyOf('second'), 7, 6));
  t.deepEqual(await read(digest), content);
});
