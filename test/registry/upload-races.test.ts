/** Several at once on one upload, or on one blob. */
import {readdir, readlink, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {
  codesOf,
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys, layoutFiles, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';

test('of two writers of one chunk exactly one wins, the other gets 416', async (t) => {
  const {api} = await startInProcess(t);
  for (let round = 0; round < 20; round += 1) {
    const {bytes, digest} = randomContent(20);
    const location = await startUpload(api, 'a');
    const answers = await Promise.all([
      sendChunk(api, location, bytes, 0),
      sendChunk(api, location, bytes, 0),
    ]);
    t.deepEqual(answers.map(({status}) => status).sort(), [202, 416]);
    const loser = answers.find(({status}) => status === 416);
    t.deepEqual(loser && codesOf(loser), ['BLOB_UPLOAD_INVALID']);
    t.is((await api.get(location).expect(204)).get('Range'), '0-19');
    await api.put(withDigest(location, digest)).expect(201);
  }
});

test('of ten writers of one chunk one wins, and the bytes are one writer’s alone', async (t) => {
  const {api} = await startInProcess(t);
  const contents = Array.from({length: 10}, () => randomContent(20));
  const location = await startUpload(api, 'a');
  const answers = await Promise.all(
    contents.map(async ({bytes}) => sendChunk(api, location, bytes, 0)),
  );
  const winners = contents.filter((_, index) => answers[index]?.status === 202);
  t.is(winners.length, 1);
  t.is(answers.filter(({status}) => status === 416).length, 9);
  await api.put(withDigest(location, winners[0]?.digest ?? '')).expect(201);
});

test('two pushes of one blob at once both answer 201, and the bytes are right', async (t) => {
  const {api} = await startInProcess(t);
  for (const size of [10, 500_000]) {
    const {bytes, digest} = randomContent(size);
    const answers = await Promise.all(
      ['a', 'a', 'b', 'c'].map(async (name) =>
        sendBytes(api, 'put', withDigest(await startUpload(api, name), digest), bytes),
      ),
    );
    t.deepEqual(
      answers.map(({status}) => status),
      [201, 201, 201, 201],
    );
    for (const name of ['a', 'b', 'c']) {
      const answer = await getBytes(api, `/v2/${name}/blobs/${digest}`).expect(200);
      t.true(bytes.equals(answer.body as Buffer));
    }
  }
});

test('several pushes at once of a blob that lies damaged on the disk all answer 201 and mend it', async (t) => {
  const server = await startInProcess(t);
  for (let round = 0; round < 10; round += 1) {
    const {bytes, digest} = randomContent(1000);
    await writeKey(server, keys.blob(digest), bytes.subarray(0, 500));
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map(async (name) =>
        sendBytes(
          server.api,
          'put',
          withDigest(await startUpload(server.api, name), digest),
          bytes,
        ),
      ),
    );
    t.deepEqual(
      answers.map(({status}) => status),
      [201, 201, 201, 201, 201],
    );
    const answer = await getBytes(server.api, `/v2/a/blobs/${digest}`).expect(200);
    t.true(bytes.equals(answer.body as Buffer));
  }
});

test('ten uploads of one repository at once do not mix', async (t) => {
  const {api} = await startInProcess(t);
  const contents = Array.from({length: 10}, () => randomContent(100_000));
  await Promise.all(
    contents.map(async ({bytes, digest}) => {
      const location = await startUpload(api, 'a');
      for (let at = 0; at < bytes.length; at += 25_000) {
        await sendChunk(api, location, bytes.subarray(at, at + 25_000), at).expect(202);
      }
      await api.put(withDigest(location, digest)).expect(201);
    }),
  );
  for (const {bytes, digest} of contents) {
    const answer = await getBytes(api, `/v2/a/blobs/${digest}`).expect(200);
    t.true(bytes.equals(answer.body as Buffer));
  }
});

/** Files of the storage that this process has open; those deleted count too. */
async function openFiles(dataDir: string): Promise<readonly string[]> {
  const descriptors = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    descriptors.map(async (fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith(path.join(dataDir, 'registry')));
}

test('an upload that is given up while its chunks are joined leaves no file, and none open', async (t) => {
  const server = await startInProcess(t);
  const chunk = randomContent(8 * 1024 * 1024).bytes;
  const before = await filesBelow(server, '_holdfast/epochs');
  const location = await startUpload(server.api, 'a');
  // Without a Content-Range each is a file of its own, and all become one in the staging area.
  const first = await sendBytes(server.api, 'patch', location, chunk).expect(202);
  await sendBytes(server.api, 'patch', first.get('Location') ?? '', chunk).expect(202);
  const staging = path.join(server.dataDir, 'registry/_holdfast/epochs');
  // Within the second: an open segment that is deleted does not end the join.
  await until(async () => {
    const joined = (await openFiles(server.dataDir)).find((file) => file.startsWith(staging));
    return joined !== undefined && (await stat(joined)).size > chunk.length;
  });
  await server.api.delete(location).expect(204);
  await until(async () => (await openFiles(server.dataDir)).length === 0);
  t.deepEqual(await layoutFiles(server), []);
  t.deepEqual(await filesBelow(server, '_holdfast/epochs'), before);
});

test('an upload that is given up while its one segment grows leaves no file, and none open', async (t) => {
  const server = await startInProcess(t);
  const chunk = randomContent(8 * 1024 * 1024).bytes;
  const location = await startUpload(server.api, 'a');
  await sendChunk(server.api, location, chunk, 0).expect(202);
  await sendChunk(server.api, location, chunk, chunk.length).expect(202);
  t.true((await openFiles(server.dataDir)).some((file) => file.endsWith('.part')));
  await server.api.delete(location).expect(204);
  await until(async () => (await openFiles(server.dataDir)).length === 0);
  t.deepEqual(await layoutFiles(server), []);
});
