/** Uploads: from POST to the PUT that closes them. */
import {parseDigest, digestAlgorithm, parseDigestAlgorithm, type Digest} from '../../oci/digest.ts';
import {RegistryError} from '../../oci/errors.ts';
import {parseRepositoryName, type RepositoryName} from '../../oci/name.ts';
import {parseContentRange, uploadRange} from '../../oci/range.ts';
import type {Metrics} from '../../observability/metrics.ts';
import type {MountSource} from '../../registry/blobs.ts';
import type {Registry} from '../../registry/registry.ts';
import type {Chunk} from '../../registry/upload-session.ts';
import {bringsBlob} from '../../registry/uploads.ts';
import type {UploadState} from '../../registry/upload-state.ts';
import {answerEmpty} from '../answer.ts';
import type {Context, Handler, RouteContext} from '../context.ts';
import type {Locate} from '../locations.ts';
import {nameParameter, queryParameter} from '../parameters.ts';
import {bodyLength, free, withBody} from '../request-body.ts';
import {blobDeed} from './blobs.ts';
import type {Tell} from './tell.ts';

export interface UploadRoutes {
  readonly start: Handler;
  readonly status: Handler;
  readonly append: Handler;
  readonly finish: Handler;
  readonly cancel: Handler;
}

/** Where this caller may mount blobs from into a repository; `from` is absent where he names no source. */
export type FindMountSource = (
  ctx: Context,
  name: RepositoryName,
  from: RepositoryName | undefined,
) => Promise<MountSource>;

interface UploadRouteOptions {
  readonly registry: Registry;
  readonly mountSource: FindMountSource;
  readonly metrics: Metrics;
  readonly tell: Tell;
  readonly locate: Locate;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

export function uploadRoutes({
  registry,
  mountSource,
  metrics,
  tell,
  locate,
  idleTimeout,
}: UploadRouteOptions): UploadRoutes {
  const {uploads, uploadStates, blobs, room} = registry;

  const readState = (ctx: RouteContext) => {
    const id = ctx.params['id'] ?? '';
    return uploadStates.open(queryParameter(ctx, '_state'), nameParameter(ctx), id);
  };

  const answerProgress = (ctx: Context, status: number, state: UploadState): void => {
    const path = `/v2/${state.name}/blobs/uploads/${state.id}`;
    answerEmpty(ctx, status, {
      Location: locate(ctx, `${path}?_state=${uploadStates.seal(state)}`),
      Range: uploadRange(state.offset),
      'Docker-Upload-UUID': state.id,
    });
  };

  /** Before the answer: whoever wants to be told of it is, once it was acknowledged. */
  const tellBlob = async (
    ctx: Context,
    action: 'push' | 'mount',
    {name: repository, digest, from}: {name: RepositoryName; digest: Digest; from?: RepositoryName},
  ): Promise<void> => {
    const size = async (): Promise<number> => (await blobs.stat(repository, digest)).size;
    await tell(ctx, {...blobDeed(action, digest), repository, from}, size);
  };

  const answerBlob = (ctx: Context, name: RepositoryName, digest: Digest): void => {
    answerEmpty(ctx, 201, {
      Location: locate(ctx, `/v2/${name}/blobs/${digest}`),
      'Docker-Content-Digest': digest,
    });
  };

  /** Hands on the body, if there is one. */
  const withChunk = async <T>(
    ctx: Context,
    write: (chunk: Chunk | undefined) => Promise<T>,
  ): Promise<T> => {
    const place = chunkPlace(ctx);
    if (bodyLength(ctx) === 0) return write(undefined);
    // Before the client is asked for its bytes.
    using claim = await room.claim(place.length);
    const release = (bytes: Uint8Array): void => {
      metrics.content.receivedBytes.inc(bytes.byteLength);
      free(bytes);
    };
    metrics.uploadsInFlight.inc();
    try {
      return await withBody(ctx, idleTimeout, async (body, signal) =>
        write({body, signal, release, claim, ...place}),
      );
    } finally {
      metrics.uploadsInFlight.dec();
    }
  };

  const isMounted = async (ctx: Context, name: RepositoryName): Promise<boolean> => {
    const mount = queryParameter(ctx, 'mount');
    if (mount === undefined) return false;
    const digest = parseDigest(mount);
    const text = queryParameter(ctx, 'from');
    const from = text ? parseRepositoryName(text) : undefined;
    // Whether the blob is there must not be told either: so it is uploaded.
    const isThere = await blobs.mount(name, digest, await mountSource(ctx, name, from));
    if (isThere) {
      await tellBlob(ctx, 'mount', {name, digest, ...(from ? {from} : {})});
      answerBlob(ctx, name, digest);
    }
    return isThere;
  };

  return {
    start: async (ctx) => {
      const name = nameParameter(ctx);
      if (await isMounted(ctx, name)) return;
      const announced = queryParameter(ctx, 'digest');
      const digest = announced === undefined ? undefined : parseDigest(announced);
      const algorithm = digest
        ? digestAlgorithm(digest)
        : parseDigestAlgorithm(queryParameter(ctx, 'digest-algorithm') ?? 'sha256');
      if (digest && bringsBlob(digest, bodyLength(ctx))) {
        await withChunk(ctx, async (chunk) => uploads.push(name, digest, chunk));
        await tellBlob(ctx, 'push', {name, digest});
        answerBlob(ctx, name, digest);
      } else {
        // Clients that announce no length learn here that there is no room.
        await room.require();
        answerProgress(ctx, 202, await uploads.start(name, algorithm));
      }
    },

    status: async (ctx) => {
      answerProgress(ctx, 204, await uploads.status(readState(ctx)));
    },

    append: async (ctx) => {
      const state = readState(ctx);
      answerProgress(ctx, 202, await withChunk(ctx, async (chunk) => uploads.append(state, chunk)));
    },

    finish: async (ctx) => {
      const state = readState(ctx);
      const digest = queryParameter(ctx, 'digest');
      if (digest === undefined) {
        throw new RegistryError('DIGEST_INVALID', {
          message: 'the request that closes an upload has to say ?digest=ALGORITHM:HEX',
        });
      }
      const parsed = parseDigest(digest);
      await withChunk(ctx, async (chunk) => uploads.finish(state, parsed, chunk));
      await tellBlob(ctx, 'push', {name: state.name, digest: parsed});
      answerBlob(ctx, state.name, parsed);
    },

    cancel: async (ctx) => {
      await uploads.cancel(readState(ctx));
      answerEmpty(ctx, 204);
    },
  };
}

/** Where the client says the chunk belongs and how long it is. Throws BLOB_UPLOAD_INVALID, SIZE_INVALID. */
function chunkPlace(ctx: Context): Pick<Chunk, 'start' | 'length'> {
  const header = ctx.get('Content-Range');
  const length = bodyLength(ctx);
  if (header === '') return {start: undefined, length};
  const range = parseContentRange(header);
  if (!range) {
    throw new RegistryError('BLOB_UPLOAD_INVALID', {
      message: 'the Content-Range of a chunk is FIRST-LAST, two byte positions counted from 0',
    });
  }
  const ranged = range.end - range.start + 1;
  if (length !== undefined && length !== ranged) {
    throw new RegistryError('SIZE_INVALID', {
      message: `Content-Range announces ${ranged} bytes, Content-Length ${length}`,
    });
  }
  return {start: range.start, length: ranged};
}
