/** Blobs of a repository: what a client may ask of them. */
import {once} from 'node:events';
import type {Digest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Range} from '../oci/range.ts';
import type {ObjectStream} from '../storage/driver.ts';
import type {Layer} from '../storage/layer-store.ts';
import type {Stores} from '../storage/stores.ts';

/** Where a blob is looked for that is to be mounted. */
export type MountSource =
  | {readonly kind: 'anywhere' | 'nowhere'}
  | {readonly kind: 'repository'; readonly name: RepositoryName}
  | {
      readonly kind: 'namespace';
      /** The repositories whose names begin with this one and a slash. */
      readonly namespace: string;
      readonly mayPull: (name: RepositoryName) => Promise<boolean>;
    };

/** Repositories of a namespace in which a blob is looked for, so that no mount takes long. */
const mostNeighbours = 100;

export class Blobs {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Throws BLOB_UNKNOWN. */
  async stat(name: RepositoryName, digest: Digest): Promise<Layer> {
    const layer = await this.#stores.layers.stat(name, digest);
    if (!layer) throw unknown(digest);
    return layer;
  }

  /** At least one byte. Throws BLOB_UNKNOWN where it has gone since `stat`. */
  async open(layer: Layer, range?: Range): Promise<ObjectStream> {
    const content = await this.#stores.blobs.openRead(layer.canonical, range);
    if (!content) throw unknown(layer.canonical);
    // A disk that fails at the first byte is told in an answer; later the answer can only be cut.
    await once(content, 'readable');
    return content;
  }

  /** Where its file lies below the storage root; `undefined`: nowhere. */
  localPath({canonical}: Layer): string | undefined {
    return this.#stores.blobs.localPath(canonical);
  }

  /** Takes the blob out of the repository; other repositories keep it. Throws BLOB_UNKNOWN. */
  async delete(name: RepositoryName, digest: Digest): Promise<void> {
    if (!(await this.#stores.layers.delete(name, digest))) throw unknown(digest);
  }

  /** Makes a blob that lies elsewhere part of this repository too. False: it is not found there, and has to be uploaded. */
  async mount(name: RepositoryName, digest: Digest, source: MountSource): Promise<boolean> {
    const {layers, blobs} = this.#stores;
    const layer = await this.#find(digest, source);
    if (!layer || !(await blobs.touch(layer.canonical))) return false;
    await layers.add(name, layer.canonical, digest);
    return true;
  }

  async #find(digest: Digest, source: MountSource): Promise<Layer | undefined> {
    const {layers} = this.#stores;
    switch (source.kind) {
      case 'nowhere':
        return undefined;
      case 'anywhere':
        return layers.statAnywhere(digest);
      case 'repository':
        return layers.stat(source.name, digest);
      case 'namespace':
        return this.#findBelow(digest, source);
    }
  }

  async #findBelow(
    digest: Digest,
    {namespace, mayPull}: Extract<MountSource, {kind: 'namespace'}>,
  ): Promise<Layer | undefined> {
    const {layers, repositories} = this.#stores;
    const names = await repositories.withBlobsBelow(namespace, mostNeighbours);
    const found = await Promise.all(
      names.map(async (name) => ({name, layer: await layers.stat(name, digest)})),
    );
    for (const {name, layer} of found) if (layer && (await mayPull(name))) return layer;
    return undefined;
  }
}

const unknown = (digest: Digest): RegistryError =>
  new RegistryError('BLOB_UNKNOWN', {detail: {digest}});
