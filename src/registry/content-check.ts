/** Whether all that a manifest names is there, so that what was pushed can be pulled. */
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {Manifest} from '../oci/manifest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';

type Finding = 'present' | 'missing' | 'wrong-size';

export class ContentCheck {
  readonly #stores: Stores;
  readonly #allowMissingChildren: boolean;

  constructor(stores: Stores, {allowMissingChildren}: {readonly allowMissingChildren: boolean}) {
    this.#stores = stores;
    this.#allowMissingChildren = allowMissingChildren;
  }

  /** Throws MANIFEST_BLOB_UNKNOWN with one error for each that is missing, MANIFEST_INVALID for sizes that are not true. */
  async require(name: RepositoryName, manifest: Manifest): Promise<void> {
    const findings = await Promise.all([
      ...unique(manifest.blobs).map(async (blob) => this.#find(blob, await this.#blob(name, blob))),
      ...unique(manifest.children).map(async (child) =>
        this.#find(child, await this.#child(name, child)),
      ),
    ]);
    refuse('MANIFEST_BLOB_UNKNOWN', findings, 'missing', 'is not in this repository');
    refuse('MANIFEST_INVALID', findings, 'wrong-size', 'has another size than the manifest says');
    this.#stores.sizes.tell(manifest.blobs);
  }

  #find(descriptor: Descriptor, finding: Finding): readonly [Descriptor, Finding] {
    return [descriptor, finding];
  }

  async #blob(name: RepositoryName, {digest, size}: Descriptor): Promise<Finding> {
    const layer = await this.#stores.layers.stat(name, digest);
    if (!layer) return 'missing';
    if (layer.size === size) return 'present';
    // Either the manifest is wrong or the disk.
    const isWhole = await this.#stores.blobs.isWhole(layer.canonical, layer.size);
    return isWhole ? 'wrong-size' : 'missing';
  }

  async #child(name: RepositoryName, {digest, size}: Descriptor): Promise<Finding> {
    const {manifests} = this.#stores;
    if ((await manifests.size(name, digest)) === size) return 'present';
    // Whole bytes of another size: the manifest is wrong. Damaged ones are not there.
    if (await manifests.get(name, digest)) return 'wrong-size';
    return this.#allowMissingChildren ? 'present' : 'missing';
  }
}

/** Each digest once: looking at a blob whose size is wrong means to read it. Throws MANIFEST_INVALID where one has two sizes. */
function unique(descriptors: readonly Descriptor[]): readonly Descriptor[] {
  const known = new Map<Digest, Descriptor>();
  for (const descriptor of descriptors) {
    const {digest, size} = descriptor;
    const former = known.get(digest) ?? descriptor;
    if (former.size !== size) {
      throw new RegistryError('MANIFEST_INVALID', {
        message: `${digest} is said to have ${former.size} bytes, and ${size}`,
        detail: {digest},
      });
    }
    known.set(digest, descriptor);
  }
  return [...known.values()];
}

function refuse(
  code: 'MANIFEST_BLOB_UNKNOWN' | 'MANIFEST_INVALID',
  findings: readonly (readonly [Descriptor, Finding])[],
  finding: Finding,
  sentence: string,
): void {
  const refused = findings.filter(([, found]) => found === finding).slice(0, 100);
  if (refused.length === 0) return;
  throw new RegistryError(
    code,
    refused.map(([{digest, mediaType, size}]) => ({
      message: `${digest} ${sentence}`,
      detail: {digest, mediaType, size},
    })),
  );
}
