/** Blobs of a repository: what a client may ask of them. */
import {once} from 'node:events';
import type {Digest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Range} from '../oci/range.ts';
import type {ObjectStream} from '../storage/driver.ts';
import type {Layer} from '../storage/layer-store.ts';
import type {Stores} from '../storage/stores.ts';

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

  /** Takes the blob out of the repository; other repositories keep it. Throws BLOB_UNKNOWN. */
  async delete(name: RepositoryName, digest: Digest): Promise<void> {
    if (!(await this.#stores.layers.delete(name, digest))) throw unknown(digest);
  }

  /**
   * Makes a blob of another repository, or without `from` of any, part of this one too. False: it is not there, and has to be
   * uploaded.
   */
  async mount(
    name: RepositoryName,
    digest: Digest,
    from: RepositoryName | undefined,
  ): Promise<boolean> {
    const {layers, blobs} = this.#stores;
    const layer = from ? await layers.stat(from, digest) : await layers.statAnywhere(digest);
    if (!layer || !(await blobs.touch(layer.canonical))) return false;
    await layers.add(name, layer.canonical, digest);
    return true;
  }
}

const unknown = (digest: Digest): RegistryError =>
  new RegistryError('BLOB_UNKNOWN', {detail: {digest}});
