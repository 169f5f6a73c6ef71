/** The certificate in force: renewed before its end, reloaded when its files change. */
import type {Clock} from '../host/clock.ts';
import {CertificateError} from './certificate-error.ts';
import {describeEnd} from './expiry.ts';
import {day, renewalWindow} from './layout.ts';
import type {Log} from '../observability/log.ts';
import type {LoadedPair, Occasion} from './own-pair.ts';
import {readTexts, stampOf} from './pair-files.ts';
import type {PairPaths} from './pair-files.ts';

/** What an HTTPS server needs, and what log, metrics and readiness tell. */
export interface CertificateInForce {
  /** PEM, the server's own certificate first. */
  readonly cert: string;
  /** PKCS#8 PEM. */
  readonly key: string;
  readonly notBefore: Date;
  readonly expiresAt: Date;
  /** SHA-256 of the server's certificate, `AB:CD:...`. */
  readonly fingerprint256: string;
  /** `self-signed`: of the local CA, renewed by itself; `files`: somebody else's, in either mode. */
  readonly source: 'self-signed' | 'files';
  /** The local CA as PEM, and when it ends, if it signed the certificate. */
  readonly authority?: string;
  readonly authorityExpiresAt?: Date;
}

export type CertificateListener = (certificate: CertificateInForce) => void;

/** Where the pair comes from: the local CA, or files of the operator. */
export interface PairSource {
  readonly paths: PairPaths;
  load(occasion: Occasion): Promise<LoadedPair>;
}

const retryAfter = 3_600_000;

const inForce = ({pair, source, authority}: LoadedPair): CertificateInForce => ({
  cert: pair.chain,
  key: pair.key,
  notBefore: pair.certificate.validFromDate,
  expiresAt: pair.certificate.validToDate,
  fingerprint256: pair.certificate.fingerprint256,
  source,
  ...(authority && {
    authority: authority.certificate.toString(),
    authorityExpiresAt: authority.certificate.validToDate,
  }),
});

const isValidAt = ({notBefore, expiresAt}: CertificateInForce, time: Date): boolean =>
  notBefore <= time && time <= expiresAt;

export class Certificates {
  readonly #source: PairSource;
  readonly #log: Log;
  readonly #now: Clock;
  readonly #listeners = new Set<CertificateListener>();
  readonly #timer: NodeJS.Timeout | undefined;
  #current: CertificateInForce;
  #stamp = '';
  /** When the pair is to be renewed, or its renewal tried again. */
  #renewAt = Number.POSITIVE_INFINITY;
  #warnAt = 0;
  #lastFault: string | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  /** Use `openCertificates` in open-certificates.ts. */
  constructor(
    source: PairSource,
    first: LoadedPair,
    {log, now, pollInterval}: {log: Log; now: Clock; pollInterval: number},
  ) {
    this.#source = source;
    this.#log = log;
    this.#now = now;
    this.#current = inForce(first);
    this.#accept(first, 'certificate in force');
    if (pollInterval > 0) {
      this.#timer = setInterval(() => void this.refresh(), pollInterval).unref();
    }
  }

  current(): CertificateInForce {
    return this.#current;
  }

  /** Calls the listener with each new pair in force; the answer ends that. */
  onChange(listener: CertificateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at files and clock now. Never rejects: faults go to the log, and the former pair stays in force. */
  refresh(): Promise<void> {
    this.#running = this.#running.then(async () => {
      try {
        if (!this.#closed) await this.#look();
      } catch (error) {
        this.#report(error);
      }
    });
    return this.#running;
  }

  /** Ends the timer; resolves when no file is being read or written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const now = this.#now();
    const stamp = stampOf(await readTexts(this.#source.paths));
    const isDue = now.getTime() >= this.#renewAt || this.#current.notBefore > now;
    if (stamp !== this.#stamp || isDue) {
      const loaded = await this.#source.load('running');
      const next = inForce(loaded);
      if (!isValidAt(next, now) && isValidAt(this.#current, now)) {
        throw new CertificateError(
          'unusable',
          `${this.#source.paths.certificate} is valid from ${next.notBefore.toISOString()} to ${next.expiresAt.toISOString()}, not now`,
        );
      }
      this.#accept(loaded, 'certificate reloaded');
    }
    this.#lastFault = undefined;
    this.#warn(now);
  }

  #accept(loaded: LoadedPair, message: string): void {
    const now = this.#now();
    const next = inForce(loaded);
    const isNew =
      this.#stamp === '' || next.cert !== this.#current.cert || next.key !== this.#current.key;
    this.#current = next;
    this.#stamp = loaded.stamp;
    if (loaded.authority !== undefined) {
      const due = next.expiresAt.getTime() - renewalWindow;
      this.#renewAt = due > now.getTime() ? due : now.getTime() + retryAfter;
    } else {
      this.#renewAt = Number.POSITIVE_INFINITY;
    }
    if (!isNew) return;
    const {expiresAt, fingerprint256, source} = next;
    const {certificate: file} = this.#source.paths;
    this.#log.info({file, source, fingerprint256, expiresAt}, message);
    this.#warnAt = 0;
    this.#warn(now);
    for (const listener of this.#listeners) listener(next);
  }

  /** Once a day, and for each new certificate. */
  #warn(now: Date): void {
    const wait = this.#warnAt - now.getTime();
    // More than a day: the clock was set back.
    if (wait > 0 && wait <= day) return;
    this.#warnAt = now.getTime() + day;
    for (const {fields, message} of describeEnd(this.#current, now)) {
      this.#log.warn({file: this.#source.paths.certificate, ...fields}, message);
    }
  }

  /** A fault that lasts is logged once, not at every look. */
  #report(error: unknown): void {
    const fault = error instanceof Error ? error.message : String(error);
    if (fault === this.#lastFault) return;
    this.#lastFault = fault;
    this.#log.error(
      {err: error, file: this.#source.paths.certificate},
      'certificate not reloaded, the former stays in force',
    );
  }
}
