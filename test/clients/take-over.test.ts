import type {ExecutionContext} from 'ava';
import {dryGarbageCollect, startDockerRegistry} from '../support/docker-registry.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {
  buildahImage,
  digestOf,
  rootFilesystem,
  sameContent,
  umociImage,
  type RootFilesystem,
} from '../support/images.ts';
import {manifestIn, pullFrom, pushTo, repositoriesIn, tagsIn, type Peer} from '../support/peer.ts';
import {ask} from '../support/registry.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Workbench} from '../support/workbench.ts';

const programs = ['docker-registry', 'skopeo', 'buildah', 'umoci', 'busybox'] as const;

testWith(
  programs,
  'what was pushed to docker-registry is pulled from Holdfast, by tag, digest and index',
  async (t) => {
    const {bench, root, images} = await setUp(t);
    const former = await startDockerRegistry(t, root);
    const pushed = await pushAll(bench, former, images);
    await former.stop();

    const holdfast = await startHoldfast(t, {storageRoot: root});

    await assertServed(t, bench, holdfast, pushed);
  },
);

testWith(
  programs,
  'what was pushed to Holdfast is listed by docker-registry and pulled from it, by tag, digest and index',
  async (t) => {
    const {bench, root, images} = await setUp(t);
    const holdfast = await startHoldfast(t, {storageRoot: root});
    const pushed = await pushAll(bench, holdfast, images);
    await holdfast.stop();

    const former = await startDockerRegistry(t, root);

    await assertServed(t, bench, former, pushed);
    await former.stop();
    t.regex(
      await dryGarbageCollect(t, root),
      / blobs marked, 0 blobs and 0 manifests eligible for deletion/,
    );
  },
);

testWith(
  programs,
  'tags that Holdfast moved, deleted and made are so for docker-registry, and the other way round',
  async (t) => {
    const {bench, root} = await setUp(t);
    const [image, other] = ['oci:image:v1', 'oci:other:v1'];
    const [imageDigest, otherDigest] = [await digest(bench, image), await digest(bench, other)];
    const former = await startDockerRegistry(t, root);
    for (const tag of ['stays', 'moves', 'goes']) {
      await pushTo(former, bench, image, `moved/app:${tag}`);
    }
    await former.stop();

    const holdfast = await startHoldfast(t, {storageRoot: root});
    await pushTo(holdfast, bench, other, 'moved/app:moves');
    await pushTo(holdfast, bench, other, 'moved/app:new');
    const gone = await ask(holdfast, '/v2/moved/app/manifests/goes', {method: 'DELETE'});
    t.is(gone.status, 202);
    await holdfast.stop();

    const again = await startDockerRegistry(t, root);
    t.deepEqual(await tagsIn(again, bench, 'moved/app'), ['moves', 'new', 'stays']);
    for (const [tag, expected] of [
      ['stays', imageDigest],
      ['moves', otherDigest],
      ['new', otherDigest],
    ] as const) {
      t.is(digestOf(await manifestIn(again, bench, `moved/app:${tag}`)), expected, tag);
    }
    await pushTo(again, bench, image, 'moved/app:new');
    await ask(again, `/v2/moved/app/manifests/${otherDigest}`, {method: 'DELETE'});
    await again.stop();

    const back = await startHoldfast(t, {storageRoot: root});
    t.deepEqual(await tagsIn(back, bench, 'moved/app'), ['new', 'stays']);
    t.is(digestOf(await manifestIn(back, bench, 'moved/app:new')), imageDigest);
  },
);

type Images = {readonly image: RootFilesystem; readonly index: Map<string, RootFilesystem>};

/** What was pushed where, and what has to come back from there. */
type Pushed = {
  readonly repository: string;
  readonly digest: string;
  /** By architecture; an image is the same for all. */
  readonly content: ReadonlyMap<string, RootFilesystem>;
};

/** The layouts `image`, `other` and `index`, and an empty storage root. */
async function setUp(
  t: ExecutionContext,
): Promise<{bench: Workbench; root: string; images: Images}> {
  const bench = await workbench(t);
  const image = await rootFilesystem(bench);
  await umociImage(bench, image, 'image');
  await umociImage(bench, await rootFilesystem(bench, 'other-rootfs'), 'other');
  const index = new Map<string, RootFilesystem>();
  await bench.buildah('manifest', 'create', 'localhost/index:v1');
  for (const architecture of ['amd64', 'arm64']) {
    const origin = await rootFilesystem(bench, architecture);
    index.set(architecture, origin);
    await buildahImage(bench, origin, `localhost/${architecture}:v1`, {architecture});
    const add = ['add', 'localhost/index:v1', `localhost/${architecture}:v1`];
    await bench.buildah('manifest', ...add);
  }
  await bench.buildah('manifest', 'push', '--all', 'localhost/index:v1', 'oci:index:v1');
  return {bench, root: await temporaryDirectory(t), images: {image, index}};
}

async function pushAll(bench: Workbench, peer: Peer, {image, index}: Images): Promise<Pushed[]> {
  const same = new Map([['amd64', image]]);
  const pushed: Pushed[] = [];
  for (const {repository, source, options, content} of [
    {repository: 'app', source: 'oci:image:v1', options: [], content: same},
    {repository: 'a/b/c/d', source: 'oci:image:v1', options: ['--format=v2s2'], content: same},
    {repository: 'app/index', source: 'oci:index:v1', options: ['--all'], content: index},
  ]) {
    for (const tag of ['v1', 'v1.0']) {
      await pushTo(peer, bench, source, `${repository}:${tag}`, options);
    }
    const digest = digestOf(await manifestIn(peer, bench, `${repository}:v1`));
    pushed.push({repository, digest, content});
  }
  return pushed;
}

async function assertServed(
  t: ExecutionContext,
  bench: Workbench,
  peer: Peer,
  pushed: readonly Pushed[],
): Promise<void> {
  t.deepEqual(await repositoriesIn(peer), pushed.map(({repository}) => repository).sort());
  for (const {repository, digest, content} of pushed) {
    t.deepEqual(await tagsIn(peer, bench, repository), ['v1', 'v1.0']);
    const byTag = await manifestIn(peer, bench, `${repository}:v1.0`);
    t.is(digestOf(byTag), digest);
    t.is(await manifestIn(peer, bench, `${repository}@${digest}`), byTag);
    for (const [architecture, origin] of content) {
      for (const reference of [`${repository}:v1`, `${repository}@${digest}`]) {
        const place = `back-${architecture}-${reference.replaceAll(/\W/g, '-')}`;
        const choice = ['--override-arch', architecture];
        await pullFrom(peer, bench, reference, `oci:${place}:v1`, choice);
        await bench.umoci('unpack', '--image', `${place}:v1`, `${place}-unpacked`);
        const unpacked = bench.path(`${place}-unpacked/rootfs`);
        t.true(await sameContent(unpacked, origin), `${reference} for ${architecture}`);
      }
    }
  }
}

async function digest(bench: Workbench, source: string): Promise<string> {
  return digestOf(await bench.manifest(source));
}
