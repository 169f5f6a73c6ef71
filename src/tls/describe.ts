/** A certificate in the words of `holdfast certificate show`. */
import type {KeyObject, X509Certificate} from 'node:crypto';
import {daysUntil} from './expiry.ts';
import {certificateNames} from './names.ts';

export interface CertificateDescription {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly expiresAt: Date;
  /** Whole days, negative after the end. */
  readonly daysLeft: number;
  /** Of the certificate, `AB:CD:...`. */
  readonly fingerprint256: string;
  readonly keyType: string;
}

/** `RSA 2048`, `EC prime256v1`, `ed25519`. */
function keyType({asymmetricKeyType: type, asymmetricKeyDetails: details}: KeyObject): string {
  if (type === 'rsa') return `RSA ${details?.modulusLength ?? ''}`;
  const curve = details?.namedCurve === 'prime256v1' ? 'P-256' : details?.namedCurve;
  return type === 'ec' ? `EC ${curve ?? ''}` : (type ?? 'unknown');
}

/** `C=DE, O=Example, CN=registry`: OpenSSL's lines joined. */
const distinguishedName = (lines: string): string => lines.split('\n').join(', ');

export function describeCertificate(
  certificate: X509Certificate,
  now: Date,
): CertificateDescription {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: certificateNames(certificate),
    notBefore: certificate.validFromDate,
    expiresAt: certificate.validToDate,
    daysLeft: daysUntil(certificate.validToDate, now),
    fingerprint256: certificate.fingerprint256,
    keyType: keyType(certificate.publicKey),
  };
}
