/** Uploads: from the first POST to the blob. */
import {allOver} from '../host/all-over.ts';
import {type Digest, digestAlgorithm, type DigestAlgorithm, digestOf} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import {isOfOneObject} from '../storage/damage.ts';
import type {DigestThread} from '../storage/digest-thread.ts';
import {type AppendResult, StorageError} from '../storage/driver.ts';
import type {Stores} from '../storage/stores.ts';
import {Turns} from './turns.ts';
import {UploadAges, type UploadClocks} from './upload-ages.ts';
import {type Chunk, UploadSession} from './upload-session.ts';
import {UploadSessions} from './upload-sessions.ts';
import type {UploadState} from './upload-state.ts';

/** Whether a request that names the digest and has so many bytes (`undefined`: nobody knows) brings the whole blob: an empty one has none to bring. */
export const bringsBlob = (digest: Digest, length: number | undefined): boolean =>
  length !== 0 || digest === digestOf(new Uint8Array(), digestAlgorithm(digest));

export class Uploads {
  readonly #stores: Stores;
  readonly #digestThread: DigestThread;
  readonly #ages: UploadAges;
  readonly #turns = new Turns();
  readonly #sessions = new UploadSessions((id) => this.#turns.isTaken(id));
  readonly #isShared: boolean;

  /** `isShared`: other nodes write at the same time, and a client may go on there. */
  constructor(
    stores: Stores,
    digestThread: DigestThread,
    {isShared = false, ...clocks}: UploadClocks & {readonly isShared?: boolean},
  ) {
    this.#isShared = isShared;
    this.#stores = stores;
    this.#digestThread = digestThread;
    this.#ages = new UploadAges(clocks);
  }

  async start(name: RepositoryName, algorithm: DigestAlgorithm = 'sha256'): Promise<UploadState> {
    const id = await this.#stores.uploads.start(name);
    this.#ages.begin(id);
    const announced = algorithm === 'sha256' ? undefined : algorithm;
    const state = {name, id, offset: 0, algorithm: announced, digests: []};
    const session = new UploadSession(this.#stores.uploads, this.#digestThread, state, []);
    this.#sessions.set(id, session);
    return session.state;
  }

  /** All of a blob in one request; whatever fails, no upload is left. Throws as `finish` does. */
  async push(name: RepositoryName, digest: Digest, chunk: Chunk | undefined): Promise<void> {
    const state = await this.start(name, digestAlgorithm(digest));
    try {
      await this.finish(state, digest, chunk);
    } catch (error) {
      await this.#tidy(state);
      throw error;
    }
  }

  /** How far the upload is. Throws BLOB_UPLOAD_UNKNOWN. */
  async status(state: UploadState): Promise<UploadState> {
    return this.#turn(state.id, async () => {
      const session = await this.#session(state);
      // They became the blob, and the server died before it could remove the rest: 0 would say that they are lost.
      if (session.size === 0 && state.offset > 0) throw unknown(state);
      return session.state;
    });
  }

  /** Adds a chunk. Throws 416 where it is not the next one, 400 or 408 where the body broke off: what had come is kept. */
  async append(state: UploadState, chunk: Chunk | undefined): Promise<UploadState> {
    return this.#turn(state.id, async (superseded) => {
      const known = await this.#current(state);
      if (!known?.isGrowing) {
        const session = await this.#session(state);
        if (chunk) await this.#write(session, state, chunk, superseded);
        return session.state;
      }
      // Of many chunks each counts: that nobody took the upload away is found out while the bytes come.
      await allOver([
        this.#requirePresent(state),
        chunk && this.#write(known, state, chunk, superseded),
      ]);
      return known.state;
    });
  }

  /**
   * Adds the last chunk, if there is one, and makes the whole a blob of the repository. Throws DIGEST_INVALID where the bytes are not those
   * of the digest: then nothing is published and the upload is over.
   */
  async finish(state: UploadState, digest: Digest, chunk: Chunk | undefined): Promise<void> {
    await this.#turn(state.id, async (superseded) => {
      const session = await this.#session(state);
      if (chunk) await this.#write(session, state, chunk, superseded);
      else if (await this.#isFinished(session, state, digest)) return this.#tidy(state);
      const {canonical, actual} = await this.#digests(session, state, digest);
      if (actual !== digest) {
        await this.#tidy(state);
        throw new RegistryError('DIGEST_INVALID', {
          message: `the ${session.size} bytes that came have another digest`,
          detail: {announced: digest, actual},
        });
      }
      const content = await this.#endIfFailed(state.id, async () => session.joined());
      // Before its bytes leave the upload: should we die in between, they are in neither. Without them the link leads nowhere, and nobody sees it.
      await this.#stores.layers.add(state.name, canonical, digest);
      if (content) await this.#stores.blobs.publish(content.key, canonical, content.size);
      else await this.#stores.blobs.put(new Uint8Array());
      await this.#tidy(state);
    });
  }

  /** By a server that died before it could answer: the bytes that the client was told of have left the upload, and the repository has the blob. */
  async #isFinished(session: UploadSession, state: UploadState, digest: Digest): Promise<boolean> {
    if (session.size >= state.offset) return false;
    return (await this.#stores.layers.stat(state.name, digest)) !== undefined;
  }

  /** Throws BLOB_UPLOAD_UNKNOWN. */
  async cancel(state: UploadState): Promise<void> {
    await this.#turn(state.id, async () => {
      if (!(await this.#remove(state))) throw unknown(state);
    });
  }

  /** Ends all uploads of a repository, whoever writes to them. */
  async cancelAll(name: RepositoryName): Promise<void> {
    for await (const id of this.#stores.uploads.list(name)) {
      await this.#turn(id, async () => this.#remove({name, id}));
    }
  }

  /**
   * Removes the uploads of a repository that have expired and that nobody is writing to. Answers how many; of those that could not be looked at, or
   * removed, why.
   */
  async expire(
    name: RepositoryName,
  ): Promise<{readonly removed: number; readonly failures: readonly unknown[]}> {
    let removed = 0;
    const failures: unknown[] = [];
    for await (const id of this.#stores.uploads.list(name)) {
      try {
        if (await this.#expire({name, id})) removed += 1;
      } catch (error) {
        if (!isOfOneObject(error)) throw error;
        failures.push(error);
      }
    }
    return {removed, failures};
  }

  /** Whether it was removed. One that nothing tells the age of, since whoever began it was killed, begins now. */
  async #expire({name, id}: Pick<UploadState, 'name' | 'id'>): Promise<boolean> {
    const startedAt = await this.#stores.uploads.startedAt(name, id);
    if (this.#turns.isTaken(id) || !this.#ages.isExpired(id, startedAt)) return false;
    return this.#remove({name, id});
  }

  async #turn<T>(id: string, work: (superseded: AbortSignal) => Promise<T>): Promise<T> {
    return this.#turns.take(id, async (superseded) => {
      try {
        return await work(superseded);
      } finally {
        this.#sessions.rest(id);
      }
    });
  }

  async #session(state: UploadState): Promise<UploadSession> {
    const known = await this.#current(state);
    if (!known) return this.#rebuild(state);
    await this.#requirePresent(state);
    return known;
  }

  /** `undefined`: the disk has to tell, as nothing is known here, or it went on elsewhere meanwhile. */
  async #current(state: UploadState): Promise<UploadSession | undefined> {
    const known = this.#known(state.id);
    if (!known || !this.#isShared) return known;
    const {name, id} = state;
    const isBehind =
      state.offset > known.size || (await this.#stores.uploads.hasSegment(name, id, known.end));
    if (!isBehind) return known;
    this.#sessions.delete(id);
    return undefined;
  }

  #known(id: string): UploadSession | undefined {
    return this.#ages.hasExpired(id) ? undefined : this.#sessions.get(id);
  }

  /** Somebody else may have taken it away. */
  async #requirePresent(state: UploadState): Promise<void> {
    if (await this.#stores.uploads.exists(state.name, state.id)) return;
    this.#sessions.delete(state.id);
    throw unknown(state);
  }

  async #rebuild(state: UploadState): Promise<UploadSession> {
    const {name, id} = state;
    const startedAt = await this.#stores.uploads.startedAt(name, id);
    if (!startedAt || this.#ages.isExpired(id, startedAt)) throw unknown(state);
    const segments = await this.#stores.uploads.segments(name, id);
    const session = new UploadSession(this.#stores.uploads, this.#digestThread, state, segments);
    this.#sessions.set(id, session);
    return session;
  }

  async #write(
    session: UploadSession,
    state: UploadState,
    chunk: Chunk,
    superseded: AbortSignal,
  ): Promise<void> {
    const start = chunk.start ?? state.offset;
    if (start !== session.size) throw session.outOfOrder();
    const {outcome, cause, size} = await this.#append(session, state, {
      ...chunk,
      signal: AbortSignal.any([chunk.signal, superseded]),
    });
    // All that was announced has come, whatever became of the connection.
    if (size === chunk.length) return;
    if (outcome === 'partial') {
      throw superseded.aborted ? session.outOfOrder() : brokenOff(chunk.signal, cause);
    }
    if (chunk.length !== undefined) throw tooShort(chunk.length, size);
  }

  async #append(session: UploadSession, {id}: UploadState, chunk: Chunk): Promise<AppendResult> {
    return this.#endIfFailed(id, async () => {
      const result = await session.append(chunk);
      this.#sessions.note(id, session);
      return result;
    });
  }

  /** A session that failed may know of bytes that were not kept; the disk tells what was. */
  async #endIfFailed<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#sessions.delete(id);
      throw error;
    }
  }

  async #digests(
    session: UploadSession,
    state: UploadState,
    wanted: Digest,
  ): Promise<{readonly canonical: Digest; readonly actual: Digest}> {
    const algorithm = digestAlgorithm(wanted);
    const signed = state.offset === session.size ? state.digests : [];
    const known = [...session.digests, ...signed];
    const canonical = known.find((digest) => digestAlgorithm(digest) === 'sha256');
    const actual = known.find((digest) => digestAlgorithm(digest) === algorithm);
    if (canonical && actual) return {canonical, actual};
    const content = await this.#endIfFailed(state.id, async () => session.joined());
    const bytes = this.#stores.uploads.read(content ? [content] : []);
    return this.#digestThread.digest(bytes, algorithm);
  }

  async #remove({name, id}: Pick<UploadState, 'name' | 'id'>): Promise<boolean> {
    this.#sessions.delete(id);
    const isRemoved = await this.#stores.uploads.delete(name, id);
    this.#ages.forget(id);
    return isRemoved;
  }

  /** What can't be removed now is removed by expiry: the answer is about the blob. */
  async #tidy(state: UploadState): Promise<void> {
    try {
      await this.#remove(state);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

const unknown = ({id}: UploadState): RegistryError =>
  new RegistryError('BLOB_UPLOAD_UNKNOWN', {detail: {upload: id}});

/** What ended the chunk: our own time-out with its own answer, or the client. */
function brokenOff(signal: AbortSignal, cause: unknown): unknown {
  if (signal.aborted && signal.reason instanceof RegistryError) return signal.reason;
  return new RegistryError('BLOB_UPLOAD_INVALID', {
    message: 'the body broke off; what had come is kept, ask for the status and go on',
    cause,
  });
}

const tooShort = (announced: number, size: number): RegistryError =>
  new RegistryError('SIZE_INVALID', {
    message: `${announced} bytes were announced and ${size} came; they are kept`,
  });
