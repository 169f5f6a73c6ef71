/**
 * A push that outlives its token: what was begun while the token was valid may be finished with it for a while. Of what it may do under
 * the lease, these rows are the only proof.
 */
import {LRUCache} from 'lru-cache';
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {hasLease, hasLeasedBlob, leaseUpload, recordLeasedBlob} from '../metadata/upload-leases.ts';
import type {Digest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {VerifiedToken} from './verified-token.ts';

interface UploadLeasesOptions {
  readonly db: Database['db'];
  /** After the token has expired, in milliseconds; 0: no push outlives its token. */
  readonly lasts: number;
  readonly now: Clock;
}

type Token = Pick<VerifiedToken, 'id' | 'expiresAt'>;

export class UploadLeases {
  readonly #options: UploadLeasesOptions;
  /** Pushes begin one upload after the other with one token: the row is written once. */
  readonly #written = new LRUCache<string, true>({max: 10_000});

  constructor(options: UploadLeasesOptions) {
    this.#options = options;
  }

  /** An upload to the repository begins. Durable when it resolves. */
  async begin({id, expiresAt}: Token, repository: RepositoryName): Promise<void> {
    const {db, lasts} = this.#options;
    const key = `${id} ${repository}`;
    if (lasts === 0 || this.#written.has(key)) return;
    const end = expiresAt.getTime() + lasts;
    await leaseUpload(db, {tokenId: id, repository, expiresAt: end});
    this.#written.set(key, true);
  }

  /** A blob was uploaded, or a manifest put. Durable when it resolves. */
  async record({id, expiresAt}: Token, repository: RepositoryName, digest: Digest): Promise<void> {
    const {db, lasts} = this.#options;
    if (lasts === 0) return;
    const end = expiresAt.getTime() + lasts;
    await recordLeasedBlob(db, {tokenId: id, repository, digest, expiresAt: end});
  }

  /** Whether uploads to the repository, begun in time, may still go on with the expired token. */
  async mayContinue({id, expiresAt}: Token, repository: RepositoryName): Promise<boolean> {
    const {db, lasts, now} = this.#options;
    const time = now().getTime();
    // The setting may have become shorter since.
    if (time >= expiresAt.getTime() + lasts) return false;
    return hasLease(db, {tokenId: id, repository, now: time});
  }

  /** Whether one of these was uploaded with the token. */
  async hasUploaded(
    {id}: Token,
    repository: RepositoryName,
    digests: readonly Digest[],
  ): Promise<boolean> {
    const {db, now} = this.#options;
    return hasLeasedBlob(db, {tokenId: id, repository, digests, now: now().getTime()});
  }
}
