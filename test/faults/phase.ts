/** One request that touches the disk, with what must be true of the registry before, between and after its attempts. */
import {strict as assert} from 'node:assert';
import {
  type Content,
  pushImage,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow} from '../support/disk.ts';
import type {InProcess} from '../support/in-process.ts';
import {rawRequest, type RawAnswer, until} from '../support/raw-request.ts';
import type {FaultySystem} from './faulty-system.ts';

export type Serving = Pick<InProcess, 'api' | 'port' | 'dataDir'>;

export interface Phase {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** What is answered when nothing fails. */
  readonly status: number;
  /** What a repetition may be answered too, where the first attempt got further than its answer. */
  readonly repeated?: readonly number[];
  /** Whether files are removed once all is done: a failure of that is none of the request's. */
  readonly tidies?: true;
  /** Throws where an answer of 2xx is not true. */
  readonly judge?: (answer: RawAnswer) => void;
  /** Throws where clients see something that is not whole, or, once it is done, not all. */
  readonly look?: (isDone: boolean) => Promise<void>;
  /** Brings the story to its end. */
  readonly end?: () => Promise<void>;
}

export type Prepare = (server: Serving, name: string, faulty: FaultySystem) => Promise<Phase>;

export const get = async (server: Serving, path: string): Promise<RawAnswer> =>
  rawRequest(server, {path});

/** There with exactly these bytes, or not there at all. */
export async function lookAt(
  server: Serving,
  path: string,
  bytes: Buffer,
  wanted: 'there' | 'either' | 'gone',
): Promise<void> {
  const {status, body} = await get(server, path);
  if (status === 200) assert.ok(body.equals(bytes), `${path} has other bytes`);
  else assert.equal(status, 404, `${path} is answered ${status}`);
  if (wanted !== 'either') assert.equal(status, wanted === 'there' ? 200 : 404, path);
}

export const sameBytes =
  ({bytes}: Content) =>
  ({body}: RawAnswer): void => {
    assert.ok(body.equals(bytes), 'other bytes than were pushed');
  };

export const lists =
  (field: string, wanted: readonly string[]) =>
  ({body}: RawAnswer): void => {
    const list = (JSON.parse(body.toString()) as Record<string, readonly unknown[]>)[field] ?? [];
    const found = list.map((item) =>
      typeof item === 'string' ? item : (item as {digest: string}).digest,
    );
    for (const each of wanted) assert.ok(found.includes(each), `${each} is missing`);
  };

/** Asks for the status and goes on from there, as clients do. */
export async function finishUpload(
  server: Serving,
  name: string,
  location: string,
  {bytes, digest}: Content,
): Promise<void> {
  const known = await get(server, `/v2/${name}/blobs/${digest}`);
  if (known.status !== 200) {
    const status = await server.api.get(location).expect(204);
    const end = Number(status.get('Range')?.split('-')[1]);
    const size = end === 0 ? 0 : end + 1;
    const next = status.get('Location') ?? '';
    const rest = bytes.subarray(size);
    const path = withDigest(next, digest);
    const answer = await rawRequest(server, {method: 'PUT', path, body: rest});
    assert.equal(answer.status, 201, answer.body.toString());
  }
  await lookAt(server, `/v2/${name}/blobs/${digest}`, bytes, 'there');
}

export const octets = {'Content-Type': 'application/octet-stream'};

export async function uploadOf(server: Serving, name: string, sent: number, content: Content) {
  const start = await startUpload(server.api, name);
  if (sent === 0) return start;
  const half = sent / 2;
  const first = await sendChunk(server.api, start, content.bytes.subarray(0, half), 0).expect(202);
  const second = await sendChunk(
    server.api,
    first.get('Location') ?? '',
    content.bytes.subarray(half, sent),
    half,
  ).expect(202);
  return second.get('Location') ?? '';
}

const staging = '_holdfast/epochs';

/** One chunk that does not say where it belongs. */
export async function patchedUploadOf(
  server: Serving,
  name: string,
  bytes: Buffer,
): Promise<string> {
  const start = await startUpload(server.api, name);
  const answer = await sendBytes(server.api, 'patch', start, bytes).expect(202);
  return answer.get('Location') ?? '';
}

/** Chunks that don't say where they belong are files of their own, which become one meanwhile: it lies in the staging area when this resolves. */
export async function joiningUploadOf(
  server: Serving,
  name: string,
  sent: number,
  {bytes}: Content,
): Promise<string> {
  const half = sent / 2;
  const before = new Set(await filesBelow(server, staging));
  const next = await patchedUploadOf(server, name, bytes.subarray(0, half));
  const second = await sendBytes(server.api, 'patch', next, bytes.subarray(half, sent)).expect(202);
  await until(async () => (await filesBelow(server, staging)).some((file) => !before.has(file)));
  return second.get('Location') ?? '';
}

export const digestPath = (name: string, {digest}: Content): string =>
  `/v2/${name}/blobs/${digest}`;
export const tagPath = (name: string, tag: string): string => `/v2/${name}/manifests/${tag}`;

/** An image with a layer of its own, tagged v1. */
export async function image(server: Serving, name: string) {
  const layer = randomContent(1000);
  const pushed = await pushImage(server.api, name, {tag: 'v1', layers: [layer]});
  return {layer, pushed};
}
