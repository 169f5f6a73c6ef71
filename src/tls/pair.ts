/** A certificate chain and the private key that fits it. */
import {X509Certificate, createPrivateKey} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {createSecureContext} from 'node:tls';
import {errorCode} from '../host/error-code.ts';
import {CertificateError} from './certificate-error.ts';
import {pemBlocks} from './pem.ts';

/** A file as it was read. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface Pair {
  /** The server's own certificate: the first of the chain. */
  readonly certificate: X509Certificate;
  /** All certificates of the file, PEM. */
  readonly chain: string;
  /** PKCS#8 PEM, whatever the file holds. */
  readonly key: string;
}

const certificateLabels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
const found = (text: string): string => {
  const labels = pemBlocks(text).map(({label}) => label);
  return labels.length === 0 ? 'it is not PEM text' : `it holds ${labels.join(', ')}`;
};

/** The certificates of a PEM file, at least one. */
export function parseCertificates({path, text}: TextFile): [X509Certificate, ...X509Certificate[]] {
  const blocks = pemBlocks(text).filter(({label}) => certificateLabels.includes(label));
  const [first, ...rest] = blocks.map((block) => {
    try {
      return new X509Certificate(block.text);
    } catch (error) {
      throw new CertificateError(
        'unusable',
        `${path} holds a damaged certificate; put an undamaged copy there`,
        {cause: error},
      );
    }
  });
  if (first !== undefined) return [first, ...rest];
  throw new CertificateError(
    'not-pem',
    `${path} holds no certificate (${found(text)}); a DER file becomes PEM by: openssl x509 -inform der -in FILE -out ${path}`,
  );
}

/** The private key of a PEM file: PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted. */
export function parseKey({path, text}: TextFile): KeyObject {
  const block = pemBlocks(text).find(({label}) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) {
    throw new CertificateError(
      'not-pem',
      `${path} holds no private key (${found(text)}); a DER file becomes PEM by: openssl pkey -inform der -in FILE -out ${path}`,
    );
  }
  if (block.label === 'ENCRYPTED PRIVATE KEY' || block.text.includes('Proc-Type: 4,ENCRYPTED')) {
    throw new CertificateError(
      'encrypted',
      `${path} is encrypted with a passphrase, for which a server that starts by itself can't ask; write it without one: (umask 077; openssl pkey -in ${path} -out NEW) and put NEW in its place`,
    );
  }
  try {
    return createPrivateKey(block.text);
  } catch (error) {
    throw new CertificateError(
      'unusable',
      `${path} holds a damaged private key, or one of an unknown kind (${errorCode(error) ?? 'error'}); put an undamaged copy there`,
      {cause: error},
    );
  }
}

function mismatch(
  chain: readonly X509Certificate[],
  key: KeyObject,
  certificatePath: string,
  keyPath: string,
): CertificateError {
  const fitting = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  const remedy =
    fitting > 0
      ? `it fits number ${fitting + 1} in that file: the server's own certificate must come first`
      : 'put the certificate and the key that were made together there';
  return new CertificateError(
    'mismatch',
    `the key ${keyPath} doesn't fit the certificate ${certificatePath}: ${remedy}`,
  );
}

/** Parses both files and makes sure that they fit; throws CertificateError. */
export function parseFittingPair(certificateFile: TextFile, keyFile: TextFile): Pair {
  const certificates = parseCertificates(certificateFile);
  const keyObject = parseKey(keyFile);
  const [certificate] = certificates;
  if (!certificate.checkPrivateKey(keyObject)) {
    throw mismatch(certificates, keyObject, certificateFile.path, keyFile.path);
  }
  const chain = certificates.map(String).join('');
  const key = keyObject.export({type: 'pkcs8', format: 'pem'}).toString();
  return {certificate, chain, key};
}

/** The same, and makes sure that TLS takes them. */
export function parsePair(certificateFile: TextFile, keyFile: TextFile): Pair {
  const pair = parseFittingPair(certificateFile, keyFile);
  try {
    createSecureContext({cert: pair.chain, key: pair.key});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CertificateError(
      'unusable',
      `TLS can't use ${certificateFile.path} with ${keyFile.path} (${reason}); use a certificate with an ECDSA P-256 key, or RSA of at least 2048 bits`,
      {cause: error},
    );
  }
  return pair;
}

/** The error for a file that ought to be there. */
export const missingFile = (path: string, remedy: string): CertificateError =>
  new CertificateError('missing', `${path} is not there; ${remedy}`);
