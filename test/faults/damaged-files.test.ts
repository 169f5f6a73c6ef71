/** Every kind of file of the layout, damaged in every way: no wrong byte is served, the log names the place, and a push mends it. */
import {mkdir, rm} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {
  config,
  type Content,
  errorsOf,
  getBytes,
  imageOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  sendBytes,
} from '../support/content.ts';
import {diskPath, keys, layoutFiles, readKey, writeKey} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';

interface Pushed {
  readonly layer: Content;
  readonly image: Content;
  readonly referrer: Content;
  readonly typed: Content;
}

/** One of each that the layout knows. */
async function pushAll({api}: InProcess, {layer, image, referrer, typed}: Pushed) {
  await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
  await putManifest(api, 'a', referrer.digest, referrer).expect(201);
  await putManifest(api, 'a', typed.digest, typed).expect(201);
  const path = `/v2/a/blobs/uploads/?digest=${layer.sha512}`;
  await sendBytes(api, 'post', path, layer.bytes).expect(201);
  const again = await putManifest(api, 'a', image.sha512, image);
  return again;
}

function contents(): Pushed {
  const layer = randomContent(1000);
  const image = imageOf([layer]);
  const typed = imageOf([layer], {mediaType: undefined});
  return {
    layer,
    image,
    referrer: imageOf([layer], {subject: image.descriptor}),
    typed: {...typed, descriptor: {...typed.descriptor, mediaType: mediaTypes.dockerImage}},
  };
}

/** What a client reads, with the only bytes that may come, if any do. */
const reads = (all: Pushed): readonly (readonly [string, Content])[] => [
  [`/v2/a/blobs/${all.layer.digest}`, all.layer],
  [`/v2/a/blobs/${all.layer.sha512}`, all.layer],
  [`/v2/a/blobs/${config.digest}`, config],
  [`/v2/a/manifests/${all.image.digest}`, all.image],
  [`/v2/a/manifests/${all.image.sha512}`, all.image],
  ['/v2/a/manifests/v1', all.image],
  [`/v2/a/manifests/${all.referrer.digest}`, all.referrer],
  [`/v2/a/manifests/${all.typed.digest}`, all.typed],
];

type Damage = 'truncated' | 'empty' | 'garbage' | 'a directory' | 'missing';
const damages: readonly Damage[] = ['truncated', 'empty', 'garbage', 'a directory', 'missing'];

async function damage(server: InProcess, key: string, how: Damage): Promise<void> {
  const good = await readKey(server, key);
  await rm(diskPath(server, key));
  if (how === 'a directory') await mkdir(`${diskPath(server, key)}/in-the-way`, {recursive: true});
  if (how === 'truncated') await writeKey(server, key, good.subarray(0, good.length / 2));
  if (how === 'empty') await writeKey(server, key, '');
  // A control character, which no header may hold.
  if (how === 'garbage') await writeKey(server, key, Buffer.alloc(good.length, '\u0001'));
}

/** Only a look at all its bytes tells that those of a blob are others. What was cut is known to a process that has read a manifest of it. */
const unseenIn = (key: string, how: Damage, {layer}: Pushed): Content | undefined =>
  how === 'garbage' ? [layer, config].find(({digest}) => key === keys.blob(digest)) : undefined;

/** What is missing tells nothing, and a directory is no damage of ours: it is an error each time. */
const isTold = (how: Damage): boolean => how !== 'missing' && how !== 'a directory';

async function judge(
  t: ExecutionContext,
  server: InProcess,
  all: Pushed,
  unseen: Content | undefined,
  what: string,
) {
  for (const [path, content] of reads(all)) {
    const {bytes, descriptor} = content;
    const answer = await getBytes(server.api, path);
    if (content === unseen) continue;
    t.true([200, 404].includes(answer.status), `${what}: ${path} ${answer.status}`);
    if (answer.status === 404) {
      t.regex(errorsOf(answer)[0]?.code ?? '', /^(BLOB|MANIFEST)_UNKNOWN$/);
      continue;
    }
    t.true(bytes.equals(answer.body as Buffer), `${what}: ${path}`);
    if (path.includes('/manifests/')) {
      const types = [descriptor.mediaType, mediaTypes.image];
      t.true(
        types.includes(answer.get('Content-Type') ?? ''),
        `${what}: ${path} ${answer.get('Content-Type') ?? ''}`,
      );
    }
  }
  for (const path of ['/v2/a/tags/list', '/v2/_catalog', `/v2/a/referrers/${all.image.digest}`]) {
    t.is((await server.api.get(path)).status, 200, `${what}: ${path}`);
  }
}

for (const how of damages) {
  test(`whatever file of the layout is ${how}, no wrong byte is served, and the next push mends it`, async (t) => {
    const server = await startInProcess(t);
    const {api} = server;
    const all = contents();
    t.is((await pushAll(server, all)).status, 201);
    const files = (await layoutFiles(server)).filter((file) => !file.includes('/_history/'));
    t.true(files.length > 12, files.join('\n'));
    const [digestLink = ''] = files.filter((file) => file.includes('sha512'));
    t.not(digestLink, '');
    for (const key of files) {
      const good = await readKey(server, key);
      await damage(server, key, how);
      const unseen = unseenIn(key, how, all);
      const what = `${how}: ${key}`;
      const logged = server.log.length;
      await judge(t, server, all, unseen, what);
      if (how === 'a directory') {
        // Nothing of ours: the operator is told which, and clients that it is no fault of theirs.
        const answers = await Promise.all(
          ['v1', all.image.sha512].map(async (tag) => putManifest(api, 'a', tag, all.image)),
        );
        for (const {status} of answers)
          t.true([201, 404, 500].includes(status), `${what} ${status}`);
        await rm(diskPath(server, key), {recursive: true});
      }
      if (unseen) {
        // Left to a scrub: pushes find a blob of the right size.
        await writeKey(server, key, good);
      }
      await pushAll(server, all);
      const found = server.log
        .slice(logged)
        .filter((line) => line['key'] === key && line['finding'] !== undefined);
      t.is(found.length > 0, isTold(how) && !unseen, what);
      t.deepEqual(await readKey(server, key), good, what);
      for (const [path, {bytes}] of reads(all)) {
        t.true(
          bytes.equals((await getBytes(api, path).expect(200)).body as Buffer),
          `${what}: then ${path}`,
        );
      }
    }
  });
}

test('damage is logged with its place', async (t) => {
  const server = await startInProcess(t);
  const all = contents();
  await pushAll(server, all);
  for (const key of [
    keys.layer('a', all.layer.digest),
    keys.layer('a', all.layer.sha512),
    keys.revision('a', all.image.digest),
    keys.tag('a', 'v1'),
    keys.blob(all.image.digest),
  ]) {
    const good = await readKey(server, key);
    await damage(server, key, 'garbage');
    for (const [path] of reads(all)) await getBytes(server.api, path);
    t.true(
      server.log.some((line) => line['key'] === key && line['finding'] !== undefined),
      key,
    );
    await writeKey(server, key, good);
  }
  await pushBlob(server.api, 'a', all.layer);
});
