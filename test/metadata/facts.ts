/** What a look at a storage could have found. */
import type {ManifestFacts, RepositoryFacts} from '../../src/metadata/content/facts.ts';
import {type Digest, digestOf} from '../../src/oci/digest.ts';
import {repositoryName} from './workbench.ts';

export const digestAt = (at: number): Digest => digestOf(Buffer.from(String(at)));

export const repositoryFacts = (
  name: string,
  more: Partial<RepositoryFacts> = {},
): RepositoryFacts => ({
  repository: repositoryName(name),
  exists: true,
  isNew: true,
  isWhole: true,
  tags: [],
  revisions: [],
  manifests: [],
  ...more,
});

export const manifestFacts = (at: number, more: Partial<ManifestFacts> = {}): ManifestFacts => ({
  digest: digestAt(at),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  kind: 'image',
  artifactType: undefined,
  size: 1,
  subject: undefined,
  contents: [],
  platform: undefined,
  builtAt: undefined,
  annotations: {},
  labels: {},
  ...more,
});
