/** kill -9 in the middle of pushes: what was acknowledged is there whole, and what was not is there whole or not at all. */
import {createHash} from 'node:crypto';
import {open, readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as pass} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {
  config,
  type Content,
  getBytes,
  hashOf,
  imageOf,
  pushBlob,
  putManifest,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {rawRequest, sendPart, until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {type ServerProcess, startProcess} from './server-process.ts';

/** `npm run test:kill` plays twenty. */
const rounds = Number(process.env['TEST_KILL_ROUNDS'] ?? '3');
const pushers = 8;
const MiB = 1024 * 1024;

/** What the server said yes to, and what it was asked. */
interface Ledger {
  /** In which repository each blob was acknowledged, by its digest. */
  readonly blobs: Map<string, string>;
  readonly manifests: Map<string, Content>;
  /** What each tag was asked to be, in this order, and the last that was acknowledged. */
  readonly tags: Map<string, {readonly asked: string[]; acknowledged: string | undefined}>;
  readonly asked: Set<string>;
  /** Those that were begun and not ended, by their first Location. */
  readonly uploads: Map<string, CutUpload>;
}

interface CutUpload {
  readonly name: string;
  readonly digest: string;
  /** How many of its bytes were acknowledged. */
  readonly acknowledged: number;
}

/** Pushes images until the server is gone: every second blob in two chunks. */
async function pushUntilKilled(server: ServerProcess, name: string, ledger: Ledger) {
  const {api} = server;
  const tag = ledger.tags.get(name) ?? {asked: [], acknowledged: undefined};
  ledger.tags.set(name, tag);
  ledger.asked.add(config.digest);
  await pushBlob(api, name, config);
  for (;;) {
    const layers = [randomContent(400_000), randomContent(50_000)] as const;
    for (const layer of layers) ledger.asked.add(layer.digest);
    await pushBlob(api, name, layers[0]);
    ledger.blobs.set(layers[0].digest, name);
    const start = await startUpload(api, name);
    const {bytes, digest} = layers[1];
    ledger.uploads.set(start, {name, digest, acknowledged: 0});
    const half = await sendBytes(api, 'patch', start, bytes.subarray(0, 25_000)).expect(202);
    ledger.uploads.set(start, {name, digest, acknowledged: 25_000});
    const path = withDigest(half.get('Location') ?? '', digest);
    await sendBytes(api, 'put', path, bytes.subarray(25_000)).expect(201);
    ledger.uploads.delete(start);
    ledger.blobs.set(digest, name);
    const image = imageOf(layers);
    ledger.asked.add(image.digest);
    tag.asked.push(image.digest);
    await putManifest(api, name, 'latest', image).expect(201);
    ledger.manifests.set(`${name} ${image.digest}`, image);
    tag.acknowledged = image.digest;
  }
}

async function checkAll(
  t: ExecutionContext,
  server: ServerProcess,
  ledger: Ledger,
  names: readonly string[],
) {
  for (const [key, image] of ledger.manifests) {
    const [name = '', digest = ''] = key.split(' ');
    const answer = await getBytes(server.api, `/v2/${name}/manifests/${digest}`).expect(200);
    t.true(image.bytes.equals(answer.body as Buffer));
  }
  for (const name of names) {
    const tag = ledger.tags.get(name);
    const answer = await getBytes(server.api, `/v2/${name}/manifests/latest`);
    if (tag?.acknowledged === undefined && answer.status === 404) continue;
    t.is(answer.status, 200, 'a tag dangles');
    const digest = answer.get('Docker-Content-Digest') ?? '';
    const since = tag?.asked.slice(tag.asked.indexOf(tag.acknowledged ?? '')) ?? [];
    t.true(since.includes(digest), 'the tag is older than what was acknowledged');
    const {layers} = JSON.parse(String(answer.body)) as {layers: readonly {digest: string}[]};
    for (const layer of layers) {
      const blob = await getBytes(server.api, `/v2/${name}/blobs/${layer.digest}`).expect(200);
      t.is(hashOf('sha256', blob.body as Buffer), layer.digest);
    }
  }
}

/** Of all blobs, by the repository that was told of them. */
async function checkBlobs(t: ExecutionContext, {api}: ServerProcess, {blobs}: Ledger) {
  for (const [digest, name] of blobs) {
    const {status} = await api.head(`/v2/${name}/blobs/${digest}`);
    t.is(status, 200, `${digest} is lost to ${name}`);
  }
}

/** Nothing is shown that nobody asked for. */
async function checkLists(
  t: ExecutionContext,
  {api}: ServerProcess,
  {tags}: Ledger,
  names: readonly string[],
) {
  const catalog = await api.get('/v2/_catalog').expect(200);
  const {repositories} = catalog.body as {readonly repositories: readonly string[]};
  t.deepEqual(
    repositories.filter((name) => !names.includes(name)),
    [],
  );
  for (const name of names) {
    const answer = await api.get(`/v2/${name}/tags/list`);
    const {asked = [], acknowledged} = tags.get(name) ?? {};
    if (asked.length === 0 && answer.status === 404) continue;
    const listed = (answer.body as {readonly tags: readonly string[]}).tags;
    // Between its request and its answer a tag may be there or not.
    if (acknowledged !== undefined || listed.length > 0) t.deepEqual(listed, ['latest']);
  }
}

/** Each upload that was cut is a blob, or goes on behind what was acknowledged. */
async function checkUploads(t: ExecutionContext, {api}: ServerProcess, {uploads}: Ledger) {
  for (const [location, {name, digest, acknowledged}] of uploads) {
    const {status} = await api.head(`/v2/${name}/blobs/${digest}`);
    if (status === 200) continue;
    const answer = await api.get(location);
    t.is(answer.status, 204, `${location} is neither an upload nor a blob`);
    const end = Number(answer.get('Range')?.split('-')[1]);
    const size = end === 0 ? 0 : end + 1;
    t.true(size >= acknowledged, `${size} bytes are left of ${acknowledged}`);
  }
}

/** No file that lies there under a digest has another, whoever was told of it. */
async function checkDisk(t: ExecutionContext, server: ServerProcess, ledger: Ledger) {
  const root = 'docker/registry/v2/blobs';
  const held = new Set<string>();
  for (const file of await filesBelow(server, root)) {
    const [, , hex = ''] = file.split('/');
    const handle = await open(path.join(server.dataDir, 'registry', root, file));
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
    t.is(hash.digest('hex'), hex);
    held.add(`sha256:${hex}`);
    t.true(ledger.asked.has(`sha256:${hex}`), `nobody asked for ${hex}`);
  }
  for (const digest of ledger.blobs.keys()) t.true(held.has(digest), `${digest} is lost`);
}

test(`what is acknowledged survives kill -9 in the middle of ${pushers} pushes, ${rounds} times over`, async (t) => {
  t.timeout(600_000);
  const dataDir = path.join(await temporaryDirectory(t), 'data');
  const ledger: Ledger = {
    blobs: new Map(),
    manifests: new Map(),
    tags: new Map(),
    asked: new Set(),
    uploads: new Map(),
  };
  const names = Array.from({length: pushers}, (_, index) => `r${index}`);
  for (let round = 1; round <= rounds; round += 1) {
    const server = await startProcess(t, {dataDir});
    await checkAll(
      t,
      server,
      {...ledger, manifests: new Map([...ledger.manifests].slice(-40))},
      names,
    );
    await checkBlobs(t, server, ledger);
    await checkLists(t, server, ledger, names);
    await checkUploads(t, server, ledger);
    const before = ledger.manifests.size;
    const pushing = names.map(async (name) =>
      pushUntilKilled(server, name, ledger).catch((error: unknown) => {
        // It ends by the death of the server alone: an answer that is not expected has no such code.
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        t.regex(code, /\b(ECONNRESET|ECONNREFUSED|EPIPE)\b/);
      }),
    );
    await until(() => ledger.manifests.size > before + pushers);
    // Any moment is a good one.
    await pass(Math.random() * 100);
    await server.stop('SIGKILL');
    await Promise.all(pushing);
  }
  const server = await startProcess(t, {dataDir});
  await checkAll(t, server, ledger, names);
  await checkBlobs(t, server, ledger);
  await checkLists(t, server, ledger, names);
  await checkUploads(t, server, ledger);
  await checkDisk(t, server, ledger);
  for (const location of ledger.uploads.keys()) {
    const {status} = await server.api.delete(location);
    t.true(status === 204 || status === 404);
  }
  for (const name of names) {
    const left = await filesBelow(server, keys.uploads(name));
    // Whole blobs in one request leave an upload that nobody can go on with, until it expires: one for each death at most.
    const uploads = new Set(left.map((file) => file.split('/')[0]));
    t.true(uploads.size <= rounds, left.join('\n'));
  }
  t.is((await filesBelow(server, '_holdfast/epochs')).length, 2);
  t.log(
    `${ledger.manifests.size} manifests, ${ledger.blobs.size} blobs, ${ledger.uploads.size} uploads cut`,
  );
});

test('an upload cut by kill -9 at 500 MiB goes on from its last checkpoint', async (t) => {
  t.timeout(120_000);
  const dataDir = path.join(await temporaryDirectory(t), 'data');
  const first = await startProcess(t, {dataDir});
  const block = Buffer.alloc(MiB);
  const size = 520;
  const hash = createHash('sha256');
  const blockAt = (index: number): Buffer => {
    block.writeUInt32LE(index);
    return block;
  };
  for (let index = 0; index < size; index += 1) hash.update(blockAt(index));
  const digest = `sha256:${hash.digest('hex')}`;
  const location = await startUpload(first.api, 'a');
  const {socket} = await sendPart(t, first, {
    path: location,
    length: size * MiB,
    part: Buffer.from(blockAt(0)),
  });
  for (let index = 1; index < 500; index += 1) {
    await new Promise((resolve) => socket.write(Buffer.from(blockAt(index)), resolve));
  }
  const directory = keys.uploads('a');
  let promised = 0;
  await until(async () => {
    const file = (await filesBelow(first, directory)).find((each) => each.endsWith('.checkpoint'));
    if (file === undefined) return false;
    const text = await readFile(path.join(dataDir, 'registry', directory, file), 'utf8');
    promised = Math.max(...text.split('\n').map((line) => Number(line.split(' ')[0])));
    return promised >= 400 * MiB;
  });
  await first.stop('SIGKILL');

  const second = await startProcess(t, {dataDir});
  const status = await second.api.get(location).expect(204);
  const kept = Number(status.get('Range')?.split('-')[1]) + 1;
  t.true(kept >= promised && kept <= 500 * MiB, `${kept} of ${promised}`);
  const from = Math.floor(kept / MiB);
  const blocks = Array.from({length: size - from}, (_, index) =>
    Buffer.from(blockAt(from + index)),
  );
  const rest = Buffer.concat(blocks).subarray(kept - from * MiB);
  const answer = await rawRequest(second, {
    method: 'PUT',
    path: withDigest(status.get('Location') ?? '', digest),
    headers: {'Content-Range': `${kept}-${size * MiB - 1}`},
    body: rest,
  });
  t.is(answer.status, 201);
  const seen = createHash('sha256');
  const file = path.join(dataDir, 'registry', keys.blob(digest));
  const handle = await open(file);
  for await (const chunk of handle.createReadStream({highWaterMark: MiB}))
    seen.update(chunk as Buffer);
  t.is(`sha256:${seen.digest('hex')}`, digest);
  const head = await second.api.head(`/v2/a/blobs/${digest}`).expect(200);
  t.is(head.get('Content-Length'), String(size * MiB));
  t.deepEqual(await filesBelow(second, directory), []);
});
