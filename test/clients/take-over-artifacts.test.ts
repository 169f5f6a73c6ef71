/** Lists, artifacts and sha512 across the change of programs: what Debian's docker-registry and Holdfast read of each other. */
import {createHash} from 'node:crypto';
import type {ExecutionContext} from 'ava';
import {startProcess} from '../faults/server-process.ts';
import {config, type Content, imageOf, mediaTypes} from '../support/content.ts';
import {startDockerRegistry} from '../support/docker-registry.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const programs = ['docker-registry'] as const;

interface Named {
  readonly mediaType: string;
  readonly content: Content;
}

const sbom = {artifactType: 'application/vnd.example.sbom+json'};

function contents() {
  const dockerImage = imageOf([], {mediaType: mediaTypes.dockerImage});
  const image = imageOf([]);
  const listOf = (mediaType: string, child: Content, childType: string): Content => {
    const {digest, bytes} = child;
    const platform = {architecture: 'amd64', os: 'linux'};
    const manifests = [{mediaType: childType, digest, size: bytes.length, platform}];
    return contentOf({schemaVersion: 2, mediaType, manifests});
  };
  const named: Readonly<Record<string, Named>> = {
    'docker-image': {mediaType: mediaTypes.dockerImage, content: dockerImage},
    image: {mediaType: mediaTypes.image, content: image},
    list: {
      mediaType: mediaTypes.dockerList,
      content: listOf(mediaTypes.dockerList, dockerImage, mediaTypes.dockerImage),
    },
    index: {
      mediaType: mediaTypes.index,
      content: listOf(mediaTypes.index, image, mediaTypes.image),
    },
    // Of OCI 1.1: Distribution keeps what it does not know in a manifest that it does.
    artifact: {
      mediaType: mediaTypes.image,
      content: imageOf([], {...sbom, subject: image.descriptor}),
    },
  };
  return {named, image};
}

function contentOf(value: object): Content {
  const bytes = Buffer.from(JSON.stringify(value));
  const hash = (algorithm: string): string =>
    `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  const digest = hash('sha256');
  const descriptor = {mediaType: mediaTypes.index, digest, size: bytes.length};
  return {bytes, digest, sha512: hash('sha512'), descriptor};
}

async function upload(url: string, digest: string, bytes: Buffer): Promise<number> {
  const begun = await fetch(`${url}/v2/app/blobs/uploads/`, {method: 'POST'});
  const place = new URL(begun.headers.get('location') ?? '', url);
  place.searchParams.set('digest', digest);
  const headers = {'Content-Type': 'application/octet-stream'};
  return (await fetch(place, {method: 'PUT', headers, body: new Uint8Array(bytes)})).status;
}

async function pushAll(t: ExecutionContext, url: string, named: Readonly<Record<string, Named>>) {
  t.is(await upload(url, config.digest, config.bytes), 201);
  for (const [tag, {mediaType, content}] of Object.entries(named)) {
    const headers = {'Content-Type': mediaType};
    const put = {method: 'PUT', headers, body: new Uint8Array(content.bytes)};
    const {status} = await fetch(`${url}/v2/app/manifests/${tag}`, put);
    t.is(status, 201, tag);
  }
}

async function assertServed(
  t: ExecutionContext,
  url: string,
  named: Readonly<Record<string, Named>>,
): Promise<void> {
  for (const [tag, {mediaType, content}] of Object.entries(named)) {
    for (const reference of [tag, content.digest]) {
      const headers = {Accept: mediaType};
      const answer = await fetch(`${url}/v2/app/manifests/${reference}`, {headers});
      t.is(answer.status, 200, `${tag} by ${reference}`);
      t.is(answer.headers.get('content-type'), mediaType, tag);
      t.is(answer.headers.get('docker-content-digest'), content.digest, tag);
      sameBytes(t, Buffer.from(await answer.arrayBuffer()), content.bytes);
    }
  }
}

testWith(
  programs,
  'lists, indexes and artifacts that were pushed to docker-registry are served by Holdfast, which finds the referrers once they are pushed again',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const {named, image} = contents();
    const former = await startDockerRegistry(t, `${dataDir}/registry`);
    await pushAll(t, former.url, named);
    await former.stop();

    const {port} = await startProcess(t, {dataDir});
    const url = `http://127.0.0.1:${port}`;
    await assertServed(t, url, named);
    const artifact = named['artifact']?.content;
    const put = async () =>
      fetch(`${url}/v2/app/manifests/${artifact?.digest ?? ''}`, {
        method: 'PUT',
        headers: {'Content-Type': mediaTypes.image},
        body: new Uint8Array(artifact?.bytes ?? Buffer.alloc(0)),
      });
    t.is((await put()).status, 201);
    const answer = await fetch(`${url}/v2/app/referrers/${image.digest}`);
    const {manifests} = (await answer.json()) as {manifests: readonly object[]};
    t.is(manifests.length, 1);
    t.like(manifests[0], {digest: artifact?.digest, ...sbom});
  },
);

testWith(
  programs,
  'lists, indexes and artifacts that were pushed to Holdfast, and a blob by its sha512, are served by docker-registry',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const {named} = contents();
    const layer = contentOf({layer: 'of a sha512'});
    const holdfast = await startProcess(t, {dataDir});
    const ours = `http://127.0.0.1:${holdfast.port}`;
    await pushAll(t, ours, named);
    t.is(await upload(ours, layer.sha512, layer.bytes), 201);
    await holdfast.stop();

    const former = await startDockerRegistry(t, `${dataDir}/registry`);
    await assertServed(t, former.url, named);
    for (const digest of [layer.digest, layer.sha512]) {
      const answer = await fetch(`${former.url}/v2/app/blobs/${digest}`);
      t.is(answer.status, 200, digest);
      sameBytes(t, Buffer.from(await answer.arrayBuffer()), layer.bytes);
    }
  },
);
