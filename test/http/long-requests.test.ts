/** An upload takes as long as its line needs: no limit on a whole request cuts it. `npm run test:long` waits for longer than Node's own. */
import {once} from 'node:events';
import http from 'node:http';
import {text} from 'node:stream/consumers';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {getBytes, randomContent, startUpload, withDigest} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

/** Node cuts a request after 300 unless it is told otherwise. */
const seconds = Number(process.env['TEST_LONG_SECONDS'] ?? '2');

test(`a PATCH whose bytes come for ${seconds} seconds is not cut`, async (t) => {
  t.timeout((seconds + 60) * 1000);
  const {api, url} = await startInProcess(t);
  const blob = randomContent(1024 * seconds);
  const location = await startUpload(api, 'a');
  const target = new URL(location, url);
  const request = http.request(target, {
    method: 'PATCH',
    headers: {'Content-Type': 'application/octet-stream', 'Content-Length': blob.bytes.length},
  });
  const answered = once(request, 'response');
  for (let sent = 0; sent < blob.bytes.length; sent += 1024) {
    request.write(blob.bytes.subarray(sent, sent + 1024));
    await setTimeout(1000);
  }
  request.end();
  const [answer] = (await answered) as [http.IncomingMessage];
  t.is(answer.statusCode, 202, await text(answer));
  await api.put(withDigest(answer.headers.location ?? '', blob.digest)).expect(201);
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${blob.digest}`).expect(200)).body, blob.bytes);
});
