/** Uploads that nobody finishes: they wait on the disk until they expire, and cost the process next to nothing. */
import test from 'ava';
import {getBytes, randomContent, sendChunk, startUpload, withDigest} from '../support/content.ts';
import {openFiles} from '../support/descriptors.ts';
import {filesBelow} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';

test('uploads in several chunks that are given up hold a bounded number of files open, and can be finished all the same', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const {bytes, digest} = randomContent(3000);
  const locations: string[] = [];
  for (let upload = 0; upload < 300; upload += 1) {
    let location = await startUpload(api, 'a');
    for (const at of [0, 1000]) {
      const answer = await sendChunk(api, location, bytes.subarray(at, at + 1000), at).expect(202);
      location = answer.get('Location') ?? '';
    }
    locations.push(location);
  }
  // A part and the record of what of it is durable, for each of the latest 256.
  await until(async () => (await openFiles(server.dataDir)).length <= 520);
  const staged = await filesBelow(server, '_holdfast/epochs');
  t.true(staged.length <= 4);
  for (const location of [locations[0] ?? '', locations.at(-1) ?? '']) {
    const last = await sendChunk(api, location, bytes.subarray(2000), 2000).expect(202);
    await api.put(withDigest(last.get('Location') ?? '', digest)).expect(201);
  }
  const answer = await getBytes(api, `/v2/a/blobs/${digest}`).expect(200);
  t.true(bytes.equals(answer.body as Buffer));
});
