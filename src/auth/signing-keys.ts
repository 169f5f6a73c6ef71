/** The keys of tokens: the one that signs, and all whose tokens count. */
import {setTimeout as wait} from 'node:timers/promises';
import {type Clock, systemClock} from '../host/clock.ts';
import {CertificateError} from '../tls/certificate-error.ts';
import {removeStaged} from '../host/durable-file.ts';
import {withHostLock} from '../host/host-lock.ts';
import type {Log} from '../observability/log.ts';
import {type Jwks, jwksOf} from './keys/jwks.ts';
import {newOwnKey, ownKindOf, replaceOwnKey} from './keys/own-key.ts';
import type {PublicKey} from './keys/public-key.ts';
import {writeRecord} from './keys/records.ts';
import type {SignerRecord} from './keys/records.ts';
import type {Signer} from './keys/signer.ts';
import {readStanding, secureStanding, trustEnd} from './keys/standing.ts';
import type {KeyContext, Standing} from './keys/standing.ts';
import {type KeyStatus, statusOf} from './keys/status.ts';

export interface SigningKeysOptions extends Omit<KeyContext, 'now' | 'pair'> {
  readonly pair?: KeyContext['pair'];
  readonly log: Log;
  readonly now?: Clock;
  /** How often the disk is looked at, in milliseconds; 0: only when something asks for it. */
  readonly pollInterval?: number;
}

const defaultPollInterval = 2000;
/** Between two looks that unknown keys cause, in milliseconds. */
const betweenLooks = 1000;
const stagedAreLeftovers = 3_600_000;
const formOfKid = /^[A-Za-z0-9_-]{43}$/;

/** Makes what is missing. Throws CertificateError where a file is damaged, and overwrites none. */
export async function openSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const {pair = async () => Promise.resolve(undefined), now = systemClock} = options;
  const {directory, kind, trustFor, log} = options;
  const context = {directory, kind, trustFor, pair, now};
  const standing = await secureStanding(context);
  try {
    await removeStaged(directory, new Date(Date.now() - stagedAreLeftovers));
  } catch (error) {
    log.warn({err: error, directory}, 'leftover files could not be removed');
  }
  return new SigningKeys(context, standing, options);
}

export class SigningKeys {
  readonly #context: KeyContext;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();
  #standing: Standing;
  #lastFault: string | undefined;
  #running: Promise<void> = Promise.resolve();
  #soon: Promise<void> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Use `openSigningKeys`. */
  constructor(
    context: KeyContext,
    first: Standing,
    {log, pollInterval = defaultPollInterval}: Pick<SigningKeysOptions, 'log' | 'pollInterval'>,
  ) {
    this.#context = context;
    this.#log = log;
    this.#standing = first;
    this.#tell();
    if (pollInterval > 0) {
      this.#timer = setInterval(() => void this.refresh(), pollInterval).unref();
    }
  }

  /** The key that signs. */
  current(): Signer {
    return this.#standing.signer;
  }

  /** A key whose tokens count, as far as this process knows. */
  trusted(kid: string): PublicKey | undefined {
    const record = this.#standing.records.get(kid);
    return record && this.#isTrusted(record) ? record.publicKey : undefined;
  }

  /** The same, and a key that is not known is looked for on the disk, once a second at most: another process may have made it. */
  async find(kid: string): Promise<PublicKey | undefined> {
    if (!formOfKid.test(kid)) return undefined;
    if (this.#standing.records.has(kid)) return this.trusted(kid);
    await this.#lookSoon();
    return this.trusted(kid);
  }

  /** For /.well-known/jwks.json: each key whose tokens count, under both its names. */
  jwks(): Jwks {
    return jwksOf(this.#trustedKeys().map(({publicKey}) => publicKey));
  }

  /** The key that signs first, then the former ones that are still trusted, the last one first. */
  status(): readonly KeyStatus[] {
    return statusOf(this.#standing.signer, this.#trustedKeys(), this.#context);
  }

  /**
   * A new key of its own signs from now on. What the former one has signed counts until it expires, or, with
   * `trustFormer: false` (somebody else may have the key), no more. Other processes follow within seconds. Durable when
   * this resolves. Throws CertificateError `setting` where the TLS pair signs.
   */
  async rotate({trustFormer = true}: {readonly trustFormer?: boolean} = {}): Promise<KeyStatus> {
    await this.#alone(async () => {
      const {directory} = this.#context;
      await withHostLock(directory, async () => this.#replace(trustFormer));
      await this.#look();
    });
    const [status] = this.status();
    if (status === undefined) throw new Error('no key signs');
    return status;
  }

  /** Looks at the disk now. Never rejects: faults go to the log, and the former keys stay in force. */
  refresh(): Promise<void> {
    return this.#alone(async () => {
      try {
        if (!this.#closing.signal.aborted) await this.#look();
        this.#lastFault = undefined;
      } catch (error) {
        this.#report(error);
      }
    });
  }

  /** Ends the timer; resolves when no file is being read or written any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }

  /** One after the other; the next one goes on whatever became of this. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => undefined);
    return done;
  }

  async #replace(trustFormer: boolean): Promise<void> {
    const {directory, kind, now} = this.#context;
    const {signer, records} = await readStanding(this.#context);
    if (signer.source === 'certificate') {
      throw new CertificateError(
        'setting',
        'tokens are signed with the key of the TLS pair: renew that (holdfast certificate renew), or set token.key to ES256, RS256 or EdDSA',
      );
    }
    const ownKind = ownKindOf(kind);
    const at = now();
    const next = await newOwnKey(ownKind, at);
    const former = records.get(signer.publicKey.kid);
    // First: whoever is cut off behind it, and rotates once more, must not distrust the new key in place of this.
    await writeRecord(directory, {
      publicKey: signer.publicKey,
      since: former?.since ?? at,
      retiredAt: at,
      isDistrusted: !trustFormer || former?.isDistrusted === true,
    });
    // Whoever meets either has to write a record, and waits for the lock that is held here.
    await replaceOwnKey(directory, ownKind, next);
  }

  async #look(): Promise<void> {
    this.#lookedAt = performance.now();
    const former = this.#standing.signer.publicKey.kid;
    this.#standing = await secureStanding(this.#context);
    if (this.#standing.signer.publicKey.kid !== former) this.#tell();
  }

  /** Those who come while it waits share one look; those who come while it reads may need the next. */
  #lookSoon(): Promise<void> {
    return (this.#soon ??= this.#waitAndLook());
  }

  async #waitAndLook(): Promise<void> {
    const {signal} = this.#closing;
    const delay = Math.max(0, this.#lookedAt + betweenLooks - performance.now());
    try {
      await wait(delay, undefined, {signal});
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    this.#soon = undefined;
    await this.refresh();
  }

  #isTrusted({isDistrusted, retiredAt}: SignerRecord): boolean {
    if (isDistrusted) return false;
    return retiredAt === undefined || this.#context.now() < trustEnd(retiredAt, this.#context);
  }

  #trustedKeys(): readonly SignerRecord[] {
    return [...this.#standing.records.values()].filter((each) => this.#isTrusted(each));
  }

  #tell(): void {
    const {publicKey, source, certificateExpiresAt} = this.#standing.signer;
    const {kid, algorithm} = publicKey;
    this.#log.info({kid, algorithm, source, certificateExpiresAt}, 'key of tokens in force');
    if (this.#context.kind === 'certificate' && source === 'own') {
      this.#log.warn({kid}, 'no TLS key is there that may sign tokens, a key of its own does');
    }
  }

  /** A fault that lasts is logged once, not at every look. */
  #report(error: unknown): void {
    const fault = error instanceof Error ? error.message : String(error);
    if (fault === this.#lastFault) return;
    this.#lastFault = fault;
    this.#log.error({err: error}, 'keys of tokens not read, the former stay in force');
  }
}
