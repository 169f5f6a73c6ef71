/** The keys of tokens in words for the command line and the metrics. */
import type {SigningAlgorithm} from './public-key.ts';
import type {SignerRecord} from './records.ts';
import type {Signer} from './signer.ts';
import {trustEnd} from './standing.ts';
import type {KeyContext} from './standing.ts';

interface Common {
  readonly kid: string;
  readonly libtrustId: string;
  readonly algorithm: SigningAlgorithm;
  readonly since: Date;
}

export type KeyStatus =
  | (Common & {
      readonly state: 'signing';
      readonly source: Signer['source'];
      /** After it no registry that goes by `rootcertbundle` accepts a token; ours does. */
      readonly certificateExpiresAt: Date;
      /** PEM, what such a registry is to trust. */
      readonly certificates: string;
    })
  | (Common & {
      readonly state: 'former';
      /** Its tokens count until then. */
      readonly until: Date;
    });

const commonOf = ({publicKey, since}: SignerRecord): Common => {
  const {kid, libtrustId, algorithm} = publicKey;
  return {kid, libtrustId, algorithm, since};
};

/** `records`: those that are trusted, the signer's among them. */
export function statusOf(
  signer: Signer,
  records: readonly SignerRecord[],
  context: Pick<KeyContext, 'now' | 'trustFor'>,
): readonly KeyStatus[] {
  const {kid} = signer.publicKey;
  const signing = records
    .filter(({publicKey}) => publicKey.kid === kid)
    .map((record): KeyStatus => ({
      ...commonOf(record),
      state: 'signing',
      source: signer.source,
      certificateExpiresAt: signer.certificateExpiresAt,
      certificates: signer.certificates.map(String).join(''),
    }));
  const former = records
    .filter(({publicKey}) => publicKey.kid !== kid)
    .map((record) => ({
      ...commonOf(record),
      state: 'former' as const,
      until: trustEnd(record.retiredAt ?? context.now(), context),
    }))
    .sort((a, b) => b.until.getTime() - a.until.getTime());
  return [...signing, ...former];
}
