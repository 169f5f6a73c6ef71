/** The driver's own records and those of uploads, damaged: the start says which file and what to do, and uploads go on. */
import {mkdir, rm} from 'node:fs/promises';
import test from 'ava';
import {checkpointLine} from '../../storage-drivers/filesystem/checkpoint.ts';
import {getBytes, randomContent, sendBytes, startUpload, withDigest} from '../support/content.ts';
import {diskPath, filesBelow, keys, readKey, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

const damages: Readonly<Record<string, string>> = {
  empty: '',
  cut: '{"id": "0c6',
  garbage: 'garbage',
  'of a newer version': '{"id": "x", "layout": 99}',
};

for (const [how, text] of Object.entries(damages)) {
  test(`a volume.json that is ${how} refuses the start, and names the file`, async (t) => {
    const former = await startInProcess(t);
    const {dataDir} = former;
    await former.stop();
    await writeKey({dataDir}, '_holdfast/volume.json', text);
    const error = await t.throwsAsync(startInProcess(t, {dataDir}));
    t.regex(error.message, /_holdfast\/volume\.json .*(?:restore it from a backup|use that)/);
    t.is(String(await readKey({dataDir}, '_holdfast/volume.json')), text);
  });
}

for (const text of ['', '\n', 'garbage', '-1\n', '1e3\n']) {
  test(`an epochs/highest of ${JSON.stringify(text)} refuses the start, and says what to do`, async (t) => {
    const former = await startInProcess(t);
    const {dataDir} = former;
    await former.stop();
    await writeKey({dataDir}, '_holdfast/epochs/highest', text);
    const error = await t.throwsAsync(startInProcess(t, {dataDir}));
    t.regex(error.message, /epochs\/highest is damaged: remove it/);
    await rm(diskPath({dataDir}, '_holdfast/epochs/highest'));
    const {api} = await startInProcess(t, {dataDir});
    await api.post('/v2/a/blobs/uploads/').expect(202);
  });
}

const idOf = (location: string): string => /uploads\/([0-9a-f-]+)\?/.exec(location)?.[1] ?? '';

for (const text of ['', '2026-1', 'garbage', '\u0000\u0000\u0000']) {
  test(`an upload whose startedat holds ${JSON.stringify(text)} goes on`, async (t) => {
    const server = await startInProcess(t);
    const {bytes, digest} = randomContent();
    const location = await startUpload(server.api, 'a');
    await sendBytes(server.api, 'patch', location, bytes.subarray(0, 50)).expect(202);
    await writeKey(server, `${keys.uploads('a')}/${idOf(location)}/startedat`, text);
    await server.stop();
    const {api} = await startInProcess(t, {dataDir: server.dataDir});
    const status = await api.get(location).expect(204);
    t.is(status.get('Range'), '0-49');
    const path = withDigest(status.get('Location') ?? '', digest);
    await sendBytes(api, 'put', path, bytes.subarray(50)).expect(201);
    sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
    t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
  });
}

test('an upload whose startedat is a directory is answered 404', async (t) => {
  const server = await startInProcess(t);
  const location = await startUpload(server.api, 'a');
  const file = diskPath(server, `${keys.uploads('a')}/${idOf(location)}/startedat`);
  await rm(file);
  await mkdir(file);
  t.is((await server.api.get(location)).status, 404);
});

const line = (bytes: number): string => checkpointLine(bytes).toString();

for (const [how, text, kept] of [
  ['empty', '', 0],
  ['garbage', 'garbage\n', 0],
  ['cut in its only line', line(5000).slice(0, -4), 0],
  ['cut in its second line', `${line(4000)}${line(5000).slice(0, -4)}`, 4000],
  ['of more bytes than there are', line(50_000), 0],
  ['wrong in its sum', line(4000).replace('4000', '5000'), 0],
] as const) {
  test(`of a dead writer whose checkpoint is ${how} ${kept} bytes are taken up, and the upload goes on`, async (t) => {
    const server = await startInProcess(t);
    const {bytes, digest} = randomContent(10_000);
    const location = await startUpload(server.api, 'a');
    const part = `${keys.uploads('a')}/${idOf(location)}/000000000000000.segment.1-0a`;
    await writeKey(server, `${part}.part`, bytes.subarray(0, 6000));
    await writeKey(server, `${part}.checkpoint`, text);
    await server.stop();
    const {api} = await startInProcess(t, {dataDir: server.dataDir});
    const status = await api.get(location).expect(204);
    t.is(status.get('Range'), `0-${Math.max(0, kept - 1)}`);
    const path = withDigest(status.get('Location') ?? '', digest);
    await sendBytes(api, 'put', path, bytes.subarray(kept)).expect(201);
    sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
    t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
  });
}
