/**
 * Credentials that were right a moment ago, so that not every token costs a slow hash. What is kept is an HMAC with a key of this
 * process: a dump of its memory has no password in it, nor what one could be guessed against without the key.
 */
import {createHmac, createSecretKey, randomBytes} from 'node:crypto';
import {LRUCache} from 'lru-cache';
import type {Account} from './caller.ts';
import type {Credentials} from './ports.ts';

export interface Verified {
  readonly account: Account;
  /** The token that was the password. */
  readonly applicationTokenId?: string;
  /** Of what was the password, in ms since 1970; absent: none. */
  readonly expiresAt?: number;
  /** Until then it need not be asked about again. */
  readonly trustedUntil?: number;
  /** By an ID token, or a credential of a part of the account: nothing comes of it that lasts longer. */
  readonly isShortLived?: true;
}

interface Kept {
  readonly verified: Verified;
  readonly until: number;
}

export interface CredentialCacheOptions {
  /** In ms. */
  readonly lifetime?: number;
  readonly most?: number;
  readonly now?: () => number;
}

export class CredentialCache {
  /** Not the bytes themselves: Node would make a key of them each time, which takes seven times as long as the HMAC. */
  readonly #key = createSecretKey(randomBytes(32));
  readonly #lifetime: number;
  readonly #now: () => number;
  readonly #kept: LRUCache<string, Kept>;
  #epoch = 0;

  constructor({lifetime = 60_000, most = 10_000, now = Date.now}: CredentialCacheOptions = {}) {
    this.#lifetime = lifetime;
    this.#now = now;
    this.#kept = new LRUCache({max: most});
  }

  /** Read it before credentials are looked at: what was verified before a change is not kept after it. */
  get epoch(): number {
    return this.#epoch;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(credentials: Credentials): Verified | undefined {
    const name = this.#nameOf(credentials);
    const kept = this.#kept.get(name);
    if (kept === undefined || kept.until > this.#now()) return kept?.verified;
    this.#kept.delete(name);
    return undefined;
  }

  /** Nothing is kept where the epoch is over. */
  keep(credentials: Credentials, verified: Verified, epoch: number): void {
    if (epoch !== this.#epoch) return;
    const {expiresAt = Infinity, trustedUntil = Infinity} = verified;
    const until = Math.min(this.#now() + this.#lifetime, expiresAt, trustedUntil);
    this.#kept.set(this.#nameOf(credentials), {verified, until});
  }

  /** Something was changed, whatever it is. */
  clear(): void {
    this.#epoch += 1;
    this.#kept.clear();
  }

  /** The length in front: `a` with `bc` is not `ab` with `c`. */
  #nameOf({username, password}: Credentials): string {
    const length = Buffer.byteLength(username);
    return createHmac('sha256', this.#key)
      .update(`${length}:${username}${password}`)
      .digest('base64url');
  }
}
