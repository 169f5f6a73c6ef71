/** Why a certificate, a key or the local CA can't be used. */
export type CertificateFault =
  | 'missing'
  | 'unreadable'
  | 'unwritable'
  | 'not-pem'
  | 'encrypted'
  | 'mismatch'
  | 'unusable'
  | 'authority'
  | 'setting'
  | 'not-ours';

/** The message says what happened, in which file, and what to do. */
export class CertificateError extends Error {
  readonly code: CertificateFault;
  constructor(code: CertificateFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
    this.code = code;
  }
}
