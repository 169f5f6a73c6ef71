/** Whether all that a manifest names is there, so that what was pushed can be pulled. */
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {Manifest} from '../oci/manifest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';

type Finding = 'present' | 'missing' | 'wrong-size';
type Look = () => Promise<Finding>;

/** A manifest may name tens of thousands of things: so many are looked at at once, and no more after so many faults. */
const width = 16;
const mostFaults = 100;

export class ContentCheck {
  readonly #stores: Stores;
  readonly #allowMissingChildren: boolean;

  constructor(stores: Stores, {allowMissingChildren}: {readonly allowMissingChildren: boolean}) {
    this.#stores = stores;
    this.#allowMissingChildren = allowMissingChildren;
  }

  /** Throws MANIFEST_BLOB_UNKNOWN with one error for each that is missing, MANIFEST_INVALID for sizes that are not true. */
  async require(name: RepositoryName, manifest: Manifest): Promise<void> {
    const findings = await this.#look(name, manifest);
    refuse('MANIFEST_BLOB_UNKNOWN', findings, 'missing', 'is not in this repository');
    refuse('MANIFEST_INVALID', findings, 'wrong-size', 'has another size than the manifest says');
  }

  /** Some of what is not there any more. */
  async missing(name: RepositoryName, manifest: Manifest): Promise<readonly Digest[]> {
    const findings = await this.#look(name, manifest);
    return findings.flatMap(([{digest}, finding]) => (finding === 'present' ? [] : [digest]));
  }

  async #look(name: RepositoryName, manifest: Manifest) {
    return this.#find([
      ...unique(manifest.blobs).map((blob) => [blob, async () => this.#blob(name, blob)] as const),
      ...unique(manifest.children).map(
        (child) => [child, async () => this.#child(name, child)] as const,
      ),
    ]);
  }

  async #find(
    looks: readonly (readonly [Descriptor, Look])[],
  ): Promise<readonly (readonly [Descriptor, Finding])[]> {
    const findings: (readonly [Descriptor, Finding])[] = [];
    let faults = 0;
    for (let at = 0; at < looks.length && faults < mostFaults; at += width) {
      const found = await Promise.all(
        looks
          .slice(at, at + width)
          .map(async ([descriptor, look]) => [descriptor, await look()] as const),
      );
      findings.push(...found);
      faults += found.filter(([, finding]) => finding !== 'present').length;
    }
    return findings;
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
    if (await manifests.look(name, digest)) return 'wrong-size';
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
  const refused = findings.filter(([, found]) => found === finding).slice(0, mostFaults);
  if (refused.length === 0) return;
  throw new RegistryError(
    code,
    refused.map(([{digest, mediaType, size}]) => ({
      message: `${digest} ${sentence}`,
      detail: {digest, mediaType, size},
    })),
  );
}
