/** The configuration that a manifest names, as it is. */
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';
import {readManifest} from '../oci/manifest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';

export interface Configuration {
  readonly descriptor: Descriptor;
  /** Absent: it is larger than what clients read. */
  readonly content: Uint8Array | undefined;
}

/** In bytes, as containers/image has it: what is larger is pulled by nobody. */
const largestConfiguration = 4 * 1024 * 1024;

/** `undefined`: the repository does not hold the manifest, or it names none, or that is gone. */
export async function readConfiguration(
  {manifests, layers, blobs}: Pick<Stores, 'manifests' | 'layers' | 'blobs'>,
  name: RepositoryName,
  digest: Digest,
): Promise<Configuration | undefined> {
  const stored = await manifests.get(name, digest);
  const descriptor = stored && readManifest(stored.content, stored.mediaType)?.config;
  if (!descriptor) return undefined;
  // A manifest may name what others hold.
  const layer = await layers.stat(name, descriptor.digest);
  if (!layer) return undefined;
  if (layer.size > largestConfiguration) return {descriptor, content: undefined};
  const content = await blobs.read(layer.canonical);
  return content && {descriptor, content};
}
