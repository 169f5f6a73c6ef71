/** The local CA: read from its files, or made. */
import type {KeyObject, X509Certificate} from 'node:crypto';
import {CertificateError} from './certificate-error.ts';
import {publicMode, publish, secretMode} from '../host/durable-file.ts';
import type {CertificateFiles} from './layout.ts';
import {newKey} from './new-key.ts';
import {missingFile, parseCertificates, parseKey} from './pair.ts';
import {readIfThere} from './read-text.ts';

export interface Authority {
  readonly certificate: X509Certificate;
  /** The fault that its use would meet, where the key is missing or broken: what the CA has signed still serves. */
  readonly key: KeyObject | CertificateError;
}

async function readKey(
  files: CertificateFiles,
  certificate: X509Certificate,
): Promise<KeyObject | CertificateError> {
  try {
    const text = await readIfThere(files.authorityKey);
    if (text === undefined) {
      return missingFile(
        files.authorityKey,
        `put the key of ${files.authority} back, or move that file away to have a new CA, which clients must trust anew`,
      );
    }
    const key = parseKey({path: files.authorityKey, text});
    if (certificate.checkPrivateKey(key)) return key;
    return new CertificateError(
      'mismatch',
      `the key ${files.authorityKey} doesn't fit ${files.authority}: put back the two that were made together`,
    );
  } catch (error) {
    if (error instanceof CertificateError) return error;
    throw error;
  }
}

/**
 * The CA in `certs/`, `undefined` where there is no ca.crt. ca.crt is read first: it is made after ca.key, so that a key
 * that is missing then is truly missing.
 */
export async function readAuthority(files: CertificateFiles): Promise<Authority | undefined> {
  const text = await readIfThere(files.authority);
  if (text === undefined) return undefined;
  const [certificate] = parseCertificates({path: files.authority, text});
  if (!certificate.ca) {
    throw new CertificateError(
      'authority',
      `${files.authority} is not the certificate of a CA: move it away, or put a CA's certificate there`,
    );
  }
  return {certificate, key: await readKey(files, certificate)};
}

/**
 * The CA in `certs/`, made if there is none. Of two processes that do this at once, one's key is published, and both make
 * a certificate for that key, of which one is published. A crash leaves a key alone, from which the next start goes on, or
 * two files that fit.
 */
export async function ensureAuthority(
  files: CertificateFiles,
  host: string,
  now: Date,
): Promise<Authority> {
  const present = await readAuthority(files);
  if (present !== undefined) return present;
  await publish(files.authorityKey, newKey(), secretMode);
  const text = await readIfThere(files.authorityKey);
  if (text === undefined) throw missingFile(files.authorityKey, 'it was removed while it was made');
  const key = parseKey({path: files.authorityKey, text});
  const {issueAuthority} = await import('./issue.ts');
  const certificate = await issueAuthority(key, host, now);
  await publish(files.authority, certificate.toString(), publicMode);
  const made = await readAuthority(files);
  if (made === undefined) throw missingFile(files.authority, 'it was removed while it was made');
  return made;
}

/** Whether the CA signed this certificate. */
export const isIssuedBy = (certificate: X509Certificate, authority: Authority): boolean =>
  certificate.checkIssued(authority.certificate) &&
  certificate.verify(authority.certificate.publicKey);
