/** What a registry has to know of uploads and blobs, in memory, and how it is asked. */
import assert from 'node:assert/strict';
import type http from 'node:http';
import {Readable} from 'node:stream';
import {hashOf} from '../support/content.ts';
import type {InProcess} from '../support/in-process.ts';
import {type RawAnswer, rawRequest} from '../support/raw-request.ts';
import {seededBytes} from '../support/seeded-bytes.ts';

export interface Upload {
  readonly name: string;
  bytes: Buffer;
  /** Every Location so far, the latest last. */
  readonly locations: {readonly path: string; readonly offset: number}[];
  isOver: boolean;
}

export interface Blob {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly sha512: string;
  /** Somebody has pushed it by this digest. */
  isKnownBySha512: boolean;
}

export interface UploadModel {
  /** Of this run alone, as are the bytes. */
  readonly run: string;
  readonly uploads: Upload[];
  readonly blobs: Map<string, Blob>;
  /** `<repository> <digest>` for each blob that a repository holds. */
  readonly links: Set<string>;
  contents: number;
}

export interface Real {
  server: InProcess;
  /** `server` is another one afterwards. */
  readonly restart: () => Promise<void>;
}

export const repositories = ['a', 'b/c'] as const;
export type Repository = (typeof repositories)[number];

export const newModel = (run: string): UploadModel => ({
  run,
  uploads: [],
  blobs: new Map(),
  links: new Set(),
  contents: 0,
});

export const nameIn = ({run}: UploadModel, repository: Repository): string =>
  `${run}/${repository}`;

/** Bytes that were never sent before. */
export function newBytes(model: UploadModel, size: number): Buffer {
  model.contents += 1;
  return seededBytes(`${model.run} ${model.contents}`, size);
}

/** Takes up what was pushed under a digest. */
export function addBlob(model: UploadModel, name: string, bytes: Buffer, digest: string): void {
  const sha256 = hashOf('sha256', bytes);
  const blob = model.blobs.get(sha256) ?? {
    bytes,
    sha256,
    sha512: hashOf('sha512', bytes),
    isKnownBySha512: false,
  };
  if (digest === blob.sha512) blob.isKnownBySha512 = true;
  model.blobs.set(sha256, blob);
  model.links.add(`${name} ${sha256}`).add(`${name} ${digest}`);
}

export function addUpload(model: UploadModel, name: string, answer: RawAnswer): Upload {
  assert.equal(answer.status, 202);
  const upload = {name, bytes: Buffer.alloc(0), locations: [], isOver: false};
  model.uploads.push(upload);
  progress(upload, answer, upload.bytes);
  return upload;
}

/** The answer has to tell that the upload has these bytes now. */
export function progress(upload: Upload, {headers}: RawAnswer, bytes: Buffer): void {
  assert.equal(headers.range, rangeOf(bytes.length));
  const path = headers.location ?? '';
  assert.equal(offsetIn(path), bytes.length);
  upload.bytes = bytes;
  upload.locations.push({path, offset: bytes.length});
}

export const rangeOf = (size: number): string => `0-${Math.max(0, size - 1)}`;

/** `Range` does not tell 0 bytes from 1; what is signed does. */
export function offsetIn(location: string): number {
  const payload = /_state=([^.]+)/.exec(location)?.[1] ?? '';
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as {offset: number}).offset;
}

export function latest({locations}: Upload): string {
  return locations.at(-1)?.path ?? '';
}

/** A body in one piece, or without a length in several. */
export type Framing = 'length' | 'chunked';

export async function send(
  {server}: Real,
  method: string,
  path: string,
  body?: {
    readonly bytes: Buffer;
    readonly framing: Framing;
    readonly contentRange?: string | undefined;
  },
): Promise<RawAnswer> {
  if (!body) return rawRequest(server, {method, path});
  const {bytes, framing, contentRange} = body;
  const headers: http.OutgoingHttpHeaders = {'Content-Type': 'application/octet-stream'};
  if (contentRange !== undefined) headers['Content-Range'] = contentRange;
  return rawRequest(server, {
    method,
    path,
    headers,
    body: framing === 'length' ? bytes : Readable.from(pieces(bytes)),
  });
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

export function refused({status, body}: RawAnswer, expected: number, code: string): void {
  assert.equal(status, expected);
  const {errors} = JSON.parse(body.toString()) as {errors: [{code: string}]};
  assert.equal(errors[0].code, code);
}
