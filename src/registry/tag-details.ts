/** All there is to know of what a tag points at; nothing of it counts as a pull. */
import {z} from 'zod';
import {imageSizes} from '../metadata/content/image-sizes.ts';
import {readReferrers, type ReferrerRow} from '../metadata/content/manifest-details.ts';
import type {Database} from '../metadata/database.ts';
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';
import {type Manifest, readManifest} from '../oci/manifest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';
import {type ImageDetails, toImageDetails} from './image-details.ts';
import {boundedStrings, readRunnableConfig} from './index/image-config.ts';

interface Part {
  readonly digest: Digest;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
  /** Such as the name of a file, or what a statement is about. */
  readonly annotations: Readonly<Record<string, string>>;
}

interface Child extends Part {
  /** `linux/arm64/v8`, as the index says. */
  readonly platform: string | undefined;
  /** Of all that it names; absent: it is not in the index. */
  readonly imageSize: number | undefined;
}

export interface ManifestDetails {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly kind: Manifest['kind'];
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject: Digest | undefined;
  /** Of the manifest itself, in bytes. */
  readonly size: number;
  readonly config: Part | undefined;
  /** The first of them. */
  readonly layers: readonly Part[];
  readonly children: readonly Child[];
  readonly referrers: readonly ReferrerRow[];
  /** Absent: no image that can be run. */
  readonly image: ImageDetails | undefined;
}

const mostParts = 1000;

/** `undefined`: the repository does not hold it, or what it holds can't be read. */
export async function readDetails(
  {stores, db}: {readonly stores: Stores; readonly db: Database['db']},
  name: RepositoryName,
  digest: Digest,
): Promise<ManifestDetails | undefined> {
  const stored = await stores.manifests.get(name, digest);
  const manifest = stored && readManifest(stored.content, stored.mediaType);
  if (!manifest) return undefined;
  const {config, blobs, children, subject} = manifest;
  const some = children.slice(0, mostParts);
  const sizes = await imageSizes(
    db,
    some.map((child) => child.digest),
  );
  return {
    digest: stored.canonical,
    mediaType: manifest.mediaType,
    kind: manifest.kind,
    artifactType: manifest.artifactType,
    annotations: boundedStrings(manifest.annotations ?? {}),
    subject: subject?.digest,
    size: stored.content.length,
    config: config && toPart(config),
    layers: blobs
      .filter((blob) => blob !== config)
      .slice(0, mostParts)
      .map(toPart),
    children: some.map((child) => toChild(child, sizes)),
    referrers: await readReferrers(db, name, stored.canonical, mostParts),
    image: config && toImageDetails(await readRunnableConfig(stores, config)),
  };
}

const toPart = ({digest, mediaType, size, annotations}: Descriptor): Part => ({
  digest,
  mediaType,
  size,
  annotations: boundedStrings(annotations ?? {}),
});

const word = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
const platformSchema = z.object({
  os: word,
  architecture: word,
  variant: word.optional().catch(undefined),
});

function toChild(child: Descriptor, sizes: ReadonlyMap<string, number>): Child {
  const {data} = platformSchema.safeParse(child['platform']);
  return {
    ...toPart(child),
    platform:
      data && [data.os, data.architecture, ...(data.variant ? [data.variant] : [])].join('/'),
    imageSize: sizes.get(child.digest),
  };
}
