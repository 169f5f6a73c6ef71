/** Blobs: pull, look, delete. */
import type {Digest} from '../../oci/digest.ts';
import {RegistryError} from '../../oci/errors.ts';
import {mediaTypes} from '../../oci/media-types.ts';
import {parseRange} from '../../oci/range.ts';
import type {Blobs} from '../../registry/blobs.ts';
import {answerEmpty} from '../answer.ts';
import type {Context, Handler} from '../context.ts';
import type {Redirect} from './accel-redirect.ts';
import type {Tell} from './tell.ts';
import {digestParameter, nameParameter} from '../parameters.ts';

/** GET and HEAD, with Range, If-Range and If-None-Match. */
export function getBlob(blobs: Blobs, tell: Tell, redirect: Redirect): Handler {
  return async (ctx) => {
    const digest = digestParameter(ctx);
    const repository = nameParameter(ctx);
    const layer = await blobs.stat(repository, digest);
    setContentHeaders(ctx, digest, mediaTypes.octetStream);
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.set('Accept-Ranges', 'bytes');
      answerEmpty(ctx, 304);
      return;
    }
    const range = ctx.method === 'GET' ? requestedRange(ctx, digest, layer.size) : undefined;
    const {start, end} = range ?? {start: 0, end: layer.size - 1};
    // The rest of one that was broken off is no other pull. The answer does not wait for it.
    if (start === 0) {
      const {size} = layer;
      void tell(ctx, {...blobDeed('pull', digest), repository}, () => size);
    }
    // nginx cuts the range out of it, and says so.
    if (redirect(ctx, layer)) return;
    ctx.set('Accept-Ranges', 'bytes');
    if (range) {
      ctx.status = 206;
      ctx.set('Content-Range', `bytes ${start}-${end}/${layer.size}`);
    }
    ctx.length = end - start + 1;
    if (ctx.method === 'HEAD') return;
    if (layer.size === 0) ctx.body = Buffer.alloc(0);
    else {
      ctx.body = await blobs.open(layer, {start, end});
      ctx.length = end - start + 1;
    }
  };
}

export function deleteBlob(blobs: Blobs, tell: Tell): Handler {
  return async (ctx) => {
    const repository = nameParameter(ctx);
    const digest = digestParameter(ctx);
    await blobs.delete(repository, digest);
    await tell(ctx, {action: 'delete', object: 'blob', repository, digest});
    answerEmpty(ctx, 202);
  };
}

/** What is said of every blob. */
export const blobDeed = <A extends string>(action: A, digest: Digest) =>
  ({action, object: 'blob', digest, mediaType: mediaTypes.octetStream}) as const;

/** Content that a digest names never changes. */
export function setContentHeaders(ctx: Context, digest: Digest, mediaType: string): void {
  ctx.set({
    'Content-Type': mediaType,
    'Docker-Content-Digest': digest,
    ETag: `"${digest}"`,
  });
}

function requestedRange(ctx: Context, digest: Digest, size: number) {
  const condition = ctx.get('If-Range');
  if (condition !== '' && condition !== `"${digest}"`) return undefined;
  const range = parseRange(ctx.get('Range'), size);
  if (range !== 'unsatisfiable') return range;
  throw new RegistryError('BLOB_RANGE_INVALID', {
    message: `the blob has ${size} bytes`,
    headers: {'Content-Range': `bytes */${size}`},
  });
}
