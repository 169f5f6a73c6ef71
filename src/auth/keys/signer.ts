/** A key that signs tokens, with the certificate that goes along in each. */
import type {KeyObject, X509Certificate} from 'node:crypto';
import {describePublicKey} from './public-key.ts';
import type {PublicKey} from './public-key.ts';

export interface Signer {
  readonly publicKey: PublicKey;
  readonly privateKey: KeyObject;
  /** `certificate`: of the TLS pair; `own`: made for tokens alone. */
  readonly source: 'certificate' | 'own';
  /** What goes along, the signer's own first. */
  readonly certificates: readonly X509Certificate[];
  /** They in base64 DER, as the header x5c wants them. */
  readonly x5c: readonly string[];
  /** When the first of them ends, and with it the trust of registries that look at them. */
  readonly certificateExpiresAt: Date;
}

/** In characters of base64: each request carries them, and a proxy takes 8 KiB for a header by default. */
const longestChain = 5 * 1024;

/** A root is left out: who does not have it already would not believe it. */
function chainToSend([leaf, ...others]: readonly X509Certificate[]): readonly X509Certificate[] {
  if (leaf === undefined) return [];
  const chain = [leaf, ...others.filter((each) => !each.checkIssued(each))];
  const length = chain.reduce((sum, each) => sum + base64(each).length, 0);
  return length > longestChain ? [leaf] : chain;
}

const base64 = (certificate: X509Certificate): string => certificate.raw.toString('base64');

/** `undefined`: the key is unfit to sign tokens. It must fit the first certificate. */
export function signerOf(
  privateKey: KeyObject,
  chain: readonly [X509Certificate, ...X509Certificate[]],
  source: Signer['source'],
): Signer | undefined {
  const publicKey = describePublicKey(chain[0].publicKey);
  if (publicKey === undefined) return undefined;
  const certificates = chainToSend(chain);
  const ends = certificates.map(({validToDate}) => validToDate.getTime());
  return {
    publicKey,
    privateKey,
    source,
    certificates,
    x5c: certificates.map(base64),
    certificateExpiresAt: new Date(Math.min(...ends)),
  };
}
