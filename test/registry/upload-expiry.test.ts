/** Uploads that nobody finishes. */
import {Readable, Writable} from 'node:stream';
import test from 'ava';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {Periodic} from '../../src/jobs/periodic.ts';
import {uploadExpiry} from '../../src/jobs/upload-expiry.ts';
import {createLog} from '../../src/observability/log.ts';
import {digestOf} from '../../src/oci/digest.ts';
import type {RegistryError} from '../../src/oci/errors.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {Uploads} from '../../src/registry/uploads.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {createStores} from '../../src/storage/stores.ts';
import {type StorageDriver, StorageError, type StorageKey} from '../../src/storage/driver.ts';
import {below, repositoriesRoot, repositoryKeys} from '../../src/storage/keys.ts';
import {codesOf, randomContent, sendBytes, startUpload, withDigest} from '../support/content.ts';
import {keys, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';

test('an upload that has expired answers 404 BLOB_UPLOAD_UNKNOWN to status, chunk and closing PUT', async (t) => {
  const server = await startInProcess(t, {uploads: {expireAfter: '1h'}});
  const {bytes, digest} = randomContent();
  const location = await startUpload(server.api, 'a');
  await sendBytes(server.api, 'patch', location, bytes).expect(202);
  const id = /uploads\/([0-9a-f-]+)\?/.exec(location)?.[1] ?? '';
  await writeKey(server, `${keys.uploads('a')}/${id}/startedat`, '2020-01-01T00:00:00Z');
  await server.stop();
  const {api} = await startInProcess(t, {dataDir: server.dataDir, uploads: {expireAfter: '1h'}});
  for (const answer of [
    await api.get(location),
    await sendBytes(api, 'patch', location, bytes),
    await api.put(withDigest(location, digest)),
  ]) {
    t.is(answer.status, 404);
    t.deepEqual(codesOf(answer), ['BLOB_UPLOAD_UNKNOWN']);
  }
});

test('uploads.expireAfter counts from the POST', async (t) => {
  const {api} = await startInProcess(t, {uploads: {expireAfter: '1ms'}});
  const location = await startUpload(api, 'a');
  await until(async () => (await api.get(location)).status === 404);
  t.deepEqual(codesOf(await api.get(location)), ['BLOB_UPLOAD_UNKNOWN']);
});

async function keysBelow(driver: StorageDriver, prefix: StorageKey): Promise<StorageKey[]> {
  const found: StorageKey[] = [];
  for await (const {name: entry, kind} of driver.list(prefix)) {
    const key = below(prefix, entry);
    found.push(...(kind === 'object' ? [key] : await keysBelow(driver, key)));
  }
  return found;
}

/** Uploads in memory, with a clock that the test turns. */
function fixture() {
  let time = Date.parse('2026-01-01T00:00:00Z');
  const now = () => new Date(time);
  const driver = createMemoryDriver();
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const elapsed = () => time;
  const uploads = new Uploads(stores, digestThread, {expireAfter: 10_000, now, elapsed});
  return {
    driver,
    stores,
    uploads,
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
    files: async () => keysBelow(driver, repositoriesRoot),
  };
}

const name = parseRepositoryName('a/b');
const chunkOf = (text: string) => ({
  body: Readable.from([Buffer.from(text)], {objectMode: false}),
  start: undefined,
  length: text.length,
  signal: new AbortController().signal,
});

test('expiry removes what has expired with all its bytes, and nothing younger', async (t) => {
  const {uploads, advance, files} = fixture();
  await uploads.append(await uploads.start(name), chunkOf('old'));
  advance(6000);
  const young = await uploads.append(await uploads.start(name), chunkOf('young'));
  t.is((await uploads.expire(name)).removed, 0);
  advance(6000);
  t.is((await uploads.expire(name)).removed, 1);
  t.deepEqual(
    (await files()).map((key) => key.includes(young.id)),
    [true, true],
  );
  t.is((await uploads.status(young)).offset, 5);
});

test('expiry leaves an upload alone while somebody writes to it', async (t) => {
  const {uploads, advance, files} = fixture();
  const state = await uploads.start(name);
  const body = new Readable({read: () => undefined});
  const writing = uploads.append(state, {...chunkOf(''), body, length: undefined});
  body.push('slow');
  await new Promise((resolve) => body.once('resume', resolve));
  advance(50_000);
  t.is((await uploads.expire(name)).removed, 0);
  body.push(null);
  t.is((await writing).offset, 4);
  t.is((await uploads.expire(name)).removed, 1);
  t.deepEqual(await files(), []);
});

test('an upload whose start can’t be read expires by the time of its file', async (t) => {
  const {driver, uploads, advance, files} = fixture();
  const {id} = await uploads.start(name);
  const [start] = await files();
  if (start) await driver.replace(start, Buffer.from('once upon a time'));
  advance(-365 * 86_400_000);
  t.is((await uploads.expire(name)).removed, 0, id);
  advance(100 * 365 * 86_400_000);
  t.is((await uploads.expire(name)).removed, 1);
});

test('what a process that was killed has left of an upload expires from when it is first seen', async (t) => {
  const {driver, uploads, advance, files} = fixture();
  for (const id of ['one', 'other'])
    await driver.create(repositoryKeys(name).segment(id, 0), Buffer.from('bytes'));
  t.is((await uploads.expire(name)).removed, 0);
  advance(6000);
  t.is((await uploads.expire(name)).removed, 0);
  advance(6000);
  t.is((await uploads.expire(name)).removed, 2);
  t.deepEqual(await files(), []);
});

test('an upload that can’t be looked at keeps none from expiring that comes after it', async (t) => {
  const {driver, stores, uploads, advance, files} = fixture();
  const ids = [await stores.uploads.start(name), await stores.uploads.start(name)].sort();
  const first = repositoryKeys(name).uploadStart(ids[0] ?? '');
  await driver.replace(first, Buffer.alloc(17 * 1024 * 1024));
  advance(50_000);
  const {removed, failures} = await uploads.expire(name);
  t.is(removed, 1);
  t.deepEqual(
    failures.map((failure) => failure instanceof StorageError && failure.kind),
    ['too-large'],
  );
  t.deepEqual(await files(), [first]);
});

test('the job goes through every repository with uploads, again and again, and tells what it removed', async (t) => {
  const {stores, uploads, advance, files} = fixture();
  const lines: string[] = [];
  const destination = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString());
      done();
    },
  });
  const log = createLog({level: 'info', format: 'json'}, {destination});
  const counted = {removed: 0, failed: 0};
  const metrics = {
    expired: ({removed, failed}: typeof counted): void => {
      counted.removed += removed;
      counted.failed += failed;
    },
  };
  const job = uploadExpiry({repositories: stores.repositories, uploads, metrics, log});
  const expiry = new Periodic({...job, log, interval: 5});
  t.teardown(async () => expiry.close());
  for (const each of ['a', 'a/b', 'z']) await uploads.start(parseRepositoryName(each));
  advance(50_000);
  await until(async () => (await files()).length === 0);
  await uploads.start(name);
  advance(50_000);
  await until(async () => (await files()).length === 0);
  await expiry.close();
  t.is(lines.filter((line) => line.includes('expired uploads removed')).length, 4);
  t.deepEqual(counted, {removed: 4, failed: 0});
});

test('what was finished is no upload any more: expiry leaves the blob', async (t) => {
  const {stores, uploads, advance} = fixture();
  const digest = digestOf(Buffer.from('bytes'));
  await uploads.finish(await uploads.start(name), digest, chunkOf('bytes'));
  advance(50_000);
  t.is((await uploads.expire(name)).removed, 0);
  t.is((await stores.layers.stat(name, digest))?.size, 5);
});

test('an upload that has expired throws BLOB_UPLOAD_UNKNOWN before expiry has removed it', async (t) => {
  const {uploads, advance} = fixture();
  const state = await uploads.start(name);
  advance(10_000);
  t.is((await uploads.status(state)).offset, 0);
  advance(1);
  const error = await t.throwsAsync<RegistryError>(uploads.status(state));
  t.is(error.errors[0]?.code, 'BLOB_UPLOAD_UNKNOWN');
});
