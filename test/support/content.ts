/** What tests push: blobs and manifests, and the shortest way to push them. */
import {createHash, randomBytes} from 'node:crypto';
import type {Response} from 'supertest';
import type {InProcess} from './in-process.ts';

export type Api = InProcess['api'];

export const mediaTypes = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  dockerImage: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
}

export interface Content {
  readonly bytes: Buffer;
  /** Its sha256. */
  readonly digest: string;
  readonly sha512: string;
  readonly descriptor: Descriptor;
}

export const hashOf = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

export function contentOf(source: string | Buffer, mediaType: string = mediaTypes.layer): Content {
  const bytes = Buffer.from(source);
  const digest = hashOf('sha256', bytes);
  const descriptor = {mediaType, digest, size: bytes.length};
  let sha512: string | undefined;
  return {
    bytes,
    digest,
    descriptor,
    // Few ask for it, and it takes as long as the other.
    get sha512() {
      return (sha512 ??= hashOf('sha512', bytes));
    },
  };
}

/** Bytes that no other test pushes. */
export const randomContent = (size = 100, mediaType?: string): Content =>
  contentOf(randomBytes(size), mediaType);

/** A digest of nothing that was ever pushed. */
export const strangeDigest = hashOf('sha256', randomBytes(16));

export const emptyContent = contentOf('');
export const config = contentOf('{}', mediaTypes.config);

/** The exact bytes of a manifest; `fields` go before and over the usual ones. */
export function imageOf(layers: readonly Content[], fields: object = {}): Content {
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.image,
    config: config.descriptor,
    layers: layers.map(({descriptor}) => descriptor),
    ...fields,
  };
  return contentOf(JSON.stringify(manifest), manifest.mediaType);
}

export function indexOf(children: readonly Content[], fields: object = {}): Content {
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: children.map(({descriptor}) => descriptor),
    ...fields,
  };
  return contentOf(JSON.stringify(manifest), manifest.mediaType);
}

/** Bytes as they came, whatever their Content-Type. */
export const getBytes = (api: Api, path: string) => api.get(path).responseType('blob');

export async function startUpload(api: Api, name: string, query = ''): Promise<string> {
  const answer = await api.post(`/v2/${name}/blobs/uploads/${query}`).expect(202);
  return answer.get('Location') ?? '';
}

export const withDigest = (location: string, digest: string): string =>
  `${location}&digest=${digest}`;

export const sendBytes = (
  api: Api,
  method: 'post' | 'patch' | 'put',
  path: string,
  bytes: Buffer,
) => api[method](path).set('Content-Type', 'application/octet-stream').send(bytes);

/** A chunk that says where it belongs. */
export const sendChunk = (api: Api, location: string, bytes: Buffer, start: number) =>
  sendBytes(api, 'patch', location, bytes).set(
    'Content-Range',
    `${start}-${start + bytes.length - 1}`,
  );

export async function pushBlob(api: Api, name: string, {bytes, digest}: Content): Promise<void> {
  await sendBytes(api, 'post', `/v2/${name}/blobs/uploads/?digest=${digest}`, bytes).expect(201);
}

/** Its bytes must be UTF-8: superagent makes JSON of a Buffer. */
export const putManifest = (
  api: Api,
  name: string,
  reference: string,
  {bytes, descriptor}: Pick<Content, 'bytes' | 'descriptor'>,
) =>
  api
    .put(`/v2/${name}/manifests/${reference}`)
    .set('Content-Type', descriptor.mediaType)
    .send(bytes.toString());

/** A manifest and the blobs it names, by tag or, without one, by digest. */
export async function pushImage(
  api: Api,
  name: string,
  {
    tag,
    layers = [],
    ...fields
  }: {tag?: string; layers?: readonly Content[]; [field: string]: unknown} = {},
): Promise<Content> {
  for (const blob of [config, ...layers]) await pushBlob(api, name, blob);
  const image = imageOf(layers, fields);
  await putManifest(api, name, tag ?? image.digest, image).expect(201);
  return image;
}

export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The errors of an answer, in the specification's form. */
export function errorsOf(answer: Pick<Response, 'body'>): readonly ErrorItem[] {
  const body: unknown = answer.body;
  const json: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body;
  return (json as {errors: readonly ErrorItem[]}).errors;
}

export const codesOf = (answer: Pick<Response, 'body'>): readonly string[] =>
  errorsOf(answer).map(({code}) => code);

/** The path and query of the next page; `undefined`: there is none. */
export function nextPage(answer: Response): string | undefined {
  const link = answer.get('Link');
  return link === undefined ? undefined : /^<(.+)>; rel="next"$/.exec(link)?.[1];
}
