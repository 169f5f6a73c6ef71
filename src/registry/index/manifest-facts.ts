/** Reads in the storage what the index keeps of a manifest. */
import type {ManifestFacts, NamedContent} from '../../metadata/content/facts.ts';
import type {Descriptor} from '../../oci/descriptor.ts';
import type {Digest} from '../../oci/digest.ts';
import {type Manifest, readManifest} from '../../oci/manifest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Stores} from '../../storage/stores.ts';
import {
  boundedStrings,
  isoOf,
  readRunnableConfig,
  storable,
  toImageConfig,
} from './image-config.ts';

const mostContents = 10_000;
const longestType = 255;

/** `undefined`: the repository does not hold it; `unreadable`: what lies there is no manifest. */
export async function readManifestFacts(
  stores: Pick<Stores, 'manifests' | 'blobs'>,
  name: RepositoryName,
  digest: Digest,
): Promise<ManifestFacts | 'unreadable' | undefined> {
  const stored = await stores.manifests.get(name, digest);
  if (!stored) return (await stores.manifests.resolve(name, digest)) ? 'unreadable' : undefined;
  const manifest = readManifest(stored.content, stored.mediaType);
  if (!manifest) return 'unreadable';
  const config = manifest.kind === 'image' ? manifest.config : undefined;
  const found = toImageConfig(config && (await readRunnableConfig(stores, config)));
  const annotations = boundedStrings(manifest.annotations ?? {});
  return {
    digest: stored.canonical,
    mediaType: typeOf(manifest.mediaType),
    kind: manifest.kind,
    artifactType: manifest.artifactType === undefined ? undefined : typeOf(manifest.artifactType),
    size: stored.content.length,
    subject: manifest.subject?.digest,
    contents: contentsOf(manifest),
    platform: found.platform,
    builtAt: found.builtAt ?? isoOf(annotations['org.opencontainers.image.created']),
    annotations,
    labels: found.labels,
  };
}

function contentsOf({config, blobs, children}: Manifest): readonly NamedContent[] {
  const named = [
    ...blobs.map((blob) => toNamed(blob, blob.digest === config?.digest ? 'config' : 'layer')),
    ...children.map((child) => toNamed(child, 'child')),
  ];
  return named.slice(0, mostContents);
}

const toNamed = (
  {digest, mediaType, size}: Descriptor,
  role: NamedContent['role'],
): NamedContent => ({digest, role, mediaType: typeOf(mediaType), size});

/** Whoever has pushed it may have written anything there. */
const typeOf = (text: string): string => storable(text.slice(0, longestType));
