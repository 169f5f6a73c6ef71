/** Where certificates and keys lie, and how long they last. */
import {join} from 'node:path';

/**
 * ```
 * <data-dir>/certs/
 *   ca.crt  ca.key             the local CA: ca.key is made first, and ca.crt from it
 *   server.crt  server.key     the pair in force; server.crt holds the certificate and the CA's after it
 *   server.next.pem            key and chain of a renewal under way: see renewal.ts
 *   server.<end>.<id>.crt .key former pairs, by the end of their validity and the fingerprint's first digits
 *   .staged-<uuid>             a file being written
 * ```
 */
export interface CertificateFiles {
  /** Absolute path of `certs/`. */
  readonly directory: string;
  readonly authority: string;
  readonly authorityKey: string;
  readonly certificate: string;
  readonly key: string;
  readonly next: string;
}

/** The paths below `directory`, the absolute path of `certs/`. */
export const certificateFiles = (directory: string): CertificateFiles => ({
  directory,
  authority: join(directory, 'ca.crt'),
  authorityKey: join(directory, 'ca.key'),
  certificate: join(directory, 'server.crt'),
  key: join(directory, 'server.key'),
  next: join(directory, 'server.next.pem'),
});

/** A day in milliseconds. */
export const day = 86_400_000;
/** How long before its end a certificate of the local CA is renewed, in milliseconds. */
export const renewalWindow = 30 * day;
/** How long a certificate of the local CA lasts, in milliseconds; clients refuse more than 398 days. */
export const certificateLifetime = 365 * day;
/** How long the local CA lasts, in milliseconds. */
export const authorityLifetime = 3653 * day;
