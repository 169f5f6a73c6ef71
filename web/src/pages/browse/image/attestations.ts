/** What BuildKit writes into an index beside each platform: an attestation of it, which is for no machine. */
import type {Details} from '../types.ts';

type Child = Details['platforms'][number];

export interface AttestedPlatform {
  readonly child: Child;
  readonly attestations: readonly Child[];
}

const isAttestation = ({annotations}: Child): boolean =>
  annotations['vnd.docker.reference.type'] === 'attestation-manifest';

const attests = ({annotations}: Child, {digest}: Child): boolean =>
  annotations['vnd.docker.reference.digest'] === digest;

/** Each platform with what attests it; an attestation of what is not there stands alone. */
export function attestedPlatforms({
  platforms,
}: Pick<Details, 'platforms'>): readonly AttestedPlatform[] {
  const attestations = platforms.filter(isAttestation);
  const images = platforms.filter((child) => !isAttestation(child));
  const lone = attestations.filter((each) => !images.some((image) => attests(each, image)));
  return [
    ...images.map((child) => ({
      child,
      attestations: attestations.filter((each) => attests(each, child)),
    })),
    ...lone.map((child) => ({child, attestations: []})),
  ];
}
