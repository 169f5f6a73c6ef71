/** What people hang on a manifest, by what it says of itself. Nothing of it is verified. */
import {type Digest, digestAlgorithm, digestHex} from './digest.ts';

export const referrerKinds = ['signature', 'sbom', 'attestation', 'other'] as const;
export type ReferrerKind = (typeof referrerKinds)[number];

/** Of cosign, before it made bundles, and of notation. */
export const signatureTypes = [
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.cosign.simplesigning.v1+json',
  'application/vnd.cncf.notary.signature',
  'application/vnd.cncf.notary.v2.signature',
] as const;

const sbomTypes: ReadonlySet<string> = new Set([
  'application/vnd.dev.cosign.artifact.sbom.v1+json',
  'application/spdx+json',
  'text/spdx',
  'text/spdx+json',
  'text/spdx+xml',
  'application/vnd.cyclonedx',
  'application/vnd.cyclonedx+json',
  'application/vnd.cyclonedx+xml',
  'application/vnd.syft+json',
]);

const attestationTypes: ReadonlySet<string> = new Set([
  'application/vnd.dev.cosign.artifact.att.v1+json',
  'application/vnd.in-toto+json',
  'application/vnd.dsse.envelope.v1+json',
]);

/** How the type of a bundle of Sigstore begins; a version follows. What is in it, an annotation says. */
export const bundleType = 'application/vnd.dev.sigstore.bundle';
export const predicateKey = 'dev.sigstore.bundle.predicateType';
export const signingPredicate = 'https://sigstore.dev/cosign/sign/v1';

export function referrerKind(
  artifactType: string | undefined,
  annotations: Readonly<Record<string, string>>,
): ReferrerKind {
  if (artifactType === undefined) return 'other';
  if (artifactType.startsWith(bundleType)) return kindOfBundle(annotations[predicateKey]);
  if (signatureTypes.some((type) => type === artifactType)) return 'signature';
  if (sbomTypes.has(artifactType)) return 'sbom';
  return attestationTypes.has(artifactType) ? 'attestation' : 'other';
}

/** One that says nothing signs the bytes themselves. */
function kindOfBundle(predicate: string | undefined): ReferrerKind {
  if (predicate === undefined || predicate === signingPredicate) return 'signature';
  const isSbom = /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)/.test(predicate);
  return isSbom ? 'sbom' : 'attestation';
}

const endings = {sig: 'signature', sbom: 'sbom', att: 'attestation'} as const;

/** As cosign has tagged what belongs to a manifest since before registries knew referrers. */
export const cosignTags = (subject: Digest): readonly (readonly [string, ReferrerKind])[] =>
  Object.entries(endings).map(([ending, kind]) => [cosignTag(subject, ending), kind]);

export const signatureTag = (subject: Digest): string => cosignTag(subject, 'sig');

const cosignTag = (subject: Digest, ending: string): string =>
  `${digestAlgorithm(subject)}-${digestHex(subject)}.${ending}`;
