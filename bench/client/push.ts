/** Pushes an image as docker does: for each layer HEAD, POST, PATCH, PUT, and the manifest at the end. */
import {type Blob, blobsOf, type Content, piecesOf} from './content.ts';
import type {Connection} from './connection.ts';
import {manifestOf, manifestType} from './manifest.ts';
import {inParallel} from './parallel.ts';

export type PushJob = {
  readonly kind: 'push';
  readonly url: string;
  /** Each blob goes into the repository with its own number, where there shall be one for each. */
  readonly repository: string;
  readonly content: Content;
  /** The image's layers are pushed over so many connections at once. */
  readonly connections: number;
  /** Every layer is an image of its own, in a repository of its own. */
  readonly apart?: boolean;
  /** A PATCH for each so many bytes; one for the whole layer unless set. */
  readonly chunk?: number;
};

/** The repository's tag after a push. */
export const pushedTag = 'v1';

export type Pushed = {
  /** In layers. */
  readonly bytes: number;
  /** Of the first layer, and of the manifest that names it. */
  readonly digests: {readonly layer: string; readonly manifest: string};
};

export async function push(job: PushJob): Promise<Pushed> {
  const blobs = blobsOf(job.content);
  const images = job.apart === true ? blobs.map((blob) => [blob]) : [blobs];
  const repositoryOf = (index: number) =>
    job.apart === true ? `${job.repository}/${index}` : job.repository;
  await inParallel(job.url, job.connections, blobs, async (connection, blob, index) => {
    await pushBlob(connection, repositoryOf(index), blob, job.chunk);
  });
  const manifests: string[] = [];
  await inParallel(job.url, job.connections, images, async (connection, layers, index) => {
    const repository = repositoryOf(index);
    manifests[index] = await pushManifest(connection, repository, job.content.seed, layers);
  });
  return {
    bytes: blobs.reduce((sum, {size}) => sum + size, 0),
    digests: {layer: blobs[0]?.digest ?? '', manifest: manifests[0] ?? ''},
  };
}

async function pushManifest(
  connection: Connection,
  repository: string,
  seed: string,
  layers: readonly Blob[],
): Promise<string> {
  const [config] = blobsOf({seed: `${seed}/config`, sizes: [512]});
  if (config === undefined) throw new Error('there is no configuration');
  await pushBlob(connection, repository, config);
  const {bytes, digest} = manifestOf(config, layers);
  await connection.expect(201, {
    method: 'PUT',
    path: `/v2/${repository}/manifests/${pushedTag}`,
    headers: {'Content-Type': manifestType},
    body: [[bytes]],
    length: bytes.length,
  });
  return digest;
}

async function pushBlob(
  connection: Connection,
  repository: string,
  blob: Blob,
  chunk = blob.size,
): Promise<void> {
  await connection.expect(404, {
    method: 'HEAD',
    path: `/v2/${repository}/blobs/${blob.digest}`,
  });
  const uploads = `/v2/${repository}/blobs/uploads/`;
  let {headers} = await connection.expect(202, {method: 'POST', path: uploads, length: 0});
  for (let start = 0; start < blob.size; start += chunk) {
    const length = Math.min(chunk, blob.size - start);
    const range = length === blob.size ? {} : {'Content-Range': `${start}-${start + length - 1}`};
    ({headers} = await connection.expect(202, {
      method: 'PATCH',
      path: pathOf(headers),
      headers: {'Content-Type': 'application/octet-stream', ...range},
      body: piecesOf(blob, start, length),
      length,
    }));
  }
  await connection.expect(201, {method: 'PUT', path: pathOf(headers, blob.digest), length: 0});
}

/** The Location of an upload, which may be relative and may have a query already. */
function pathOf(headers: ReadonlyMap<string, string>, digest?: string): string {
  const url = new URL(headers.get('location') ?? '', 'http://registry');
  if (digest !== undefined) url.searchParams.set('digest', digest);
  return url.pathname + url.search;
}
