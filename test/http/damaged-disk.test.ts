/** What clients are told when the disk does not do as it should. */
import {mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import {run} from '../support/command.ts';
import {
  config,
  imageOf,
  pushBlob,
  pushImage,
  randomContent,
  startUpload,
} from '../support/content.ts';
import {diskPath, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {errorCode, exchange} from '../support/raw-http.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';

const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

/** A Holdfast whose storage root is a file system of its own, of four megabytes. */
async function startOnSmallDisk(t: ExecutionContext): Promise<InProcess & {readonly disk: string}> {
  const dataDir = await temporaryDirectory(t);
  const disk = path.join(dataDir, 'registry');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
  return {...(await startInProcess(t, {dataDir})), disk};
}

const mediaType = `Content-Type: ${imageOf([]).descriptor.mediaType}`;

test('a directory where a file should be is answered 500 without its path, and found in the log by the request id', async (t) => {
  const holdfast = await startInProcess(t);
  const {bytes} = await pushImage(holdfast.api, 'a', {tag: 'v1'});
  const link = diskPath(holdfast, keys.tag('a', 'v2'));
  await mkdir(path.join(link, 'in-the-way'), {recursive: true});

  const answer = await exchange(t, holdfast, 'PUT /v2/a/manifests/v2', [mediaType], bytes);
  t.is(answer?.status, 500);
  t.is(errorCode(answer), 'UNKNOWN');
  t.false(String(answer?.body).includes('registry'));
  t.is(answer?.headers['content-security-policy'], "default-src 'none'; sandbox");
  const id = answer?.headers['x-request-id'];
  const line = holdfast.log.find(({requestId, level}) => requestId === id && level === 'error');
  t.true(JSON.stringify(line?.['err']).includes(link));
  t.regex(JSON.stringify(line?.['err']), /stack/);

  await rm(link, {recursive: true});
  t.is((await exchange(t, holdfast, 'PUT /v2/a/manifests/v2', [mediaType], bytes))?.status, 201);
});

testUnless(
  notRoot,
  'a full disk is answered 507 in JSON; pulls go on, and pushes once there is room',
  async (t) => {
    const holdfast = await startOnSmallDisk(t);
    const kept = randomContent(1_000_000);
    await pushBlob(holdfast.api, 'a', kept);
    const {bytes, digest} = randomContent(5_000_000);
    const location = await startUpload(holdfast.api, 'a');
    const answer = await exchange(t, holdfast, `PATCH ${location}`, [], bytes);
    t.is(answer?.status, 507);
    t.is(errorCode(answer), 'UNAVAILABLE');
    t.is(answer?.headers['content-type'], 'application/json');
    t.true(
      (await exchange(t, holdfast, `GET /v2/a/blobs/${kept.digest}`))?.body.equals(kept.bytes),
    );

    await run('mount', ['-o', 'remount,size=16m', holdfast.disk]);
    const again = await exchange(
      t,
      holdfast,
      `POST /v2/a/blobs/uploads/?digest=${digest}`,
      [],
      bytes,
    );
    t.is(again?.status, 201);
  },
);

testUnless(
  notRoot,
  'a disk that went read-only is answered 503 with Retry-After; pulls go on',
  async (t) => {
    const holdfast = await startOnSmallDisk(t);
    await pushBlob(holdfast.api, 'a', config);
    await run('mount', ['-o', 'remount,ro', holdfast.disk]);
    t.teardown(async () => run('mount', ['-o', 'remount,rw', holdfast.disk]));
    for (const [line, body] of [
      ['POST /v2/a/blobs/uploads/', undefined],
      [`POST /v2/b/blobs/uploads/?mount=${config.digest}&from=a`, undefined],
      [`DELETE /v2/a/blobs/${config.digest}`, undefined],
      ['PUT /v2/a/manifests/v1', imageOf([]).bytes],
    ] as const) {
      const answer = await exchange(t, holdfast, line, body ? [mediaType] : [], body);
      t.is(answer?.status, 503, line);
      t.is(errorCode(answer), 'UNAVAILABLE');
      t.is(answer?.headers['retry-after'], '5');
    }
    t.is((await exchange(t, holdfast, `GET /v2/a/blobs/${config.digest}`))?.status, 200);
    t.is((await exchange(t, holdfast, 'GET /readyz'))?.status, 503);

    await run('mount', ['-o', 'remount,rw', holdfast.disk]);
    t.is((await exchange(t, holdfast, 'POST /v2/a/blobs/uploads/'))?.status, 202);
  },
);
