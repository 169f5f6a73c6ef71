/** Which blobs a repository holds. */
import {type Digest, digestAlgorithm} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {BlobStore} from './blob-store.ts';
import {digestLinkKey, repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';

export interface Layer {
  /** The sha256 under which the bytes lie, whatever digest was asked for. */
  readonly canonical: Digest;
  readonly size: number;
}

export class LayerStore {
  readonly #links: LinkStore;
  readonly #blobs: BlobStore;

  constructor(links: LinkStore, blobs: BlobStore) {
    this.#links = links;
    this.#blobs = blobs;
  }

  /** `undefined`: the repository does not hold it, or its bytes are gone. */
  async stat(name: RepositoryName, digest: Digest): Promise<Layer | undefined> {
    const canonical = await this.#links.resolve(repositoryKeys(name).layerLink(digest), digest);
    const stat = canonical && (await this.#blobs.stat(canonical, digest));
    return stat && {canonical, size: stat.size};
  }

  /** Looks for the blob whatever repository holds it. */
  async statAnywhere(digest: Digest): Promise<Layer | undefined> {
    const isCanonical = digestAlgorithm(digest) === 'sha256';
    const canonical = isCanonical ? digest : await this.#links.read(digestLinkKey(digest));
    const stat = canonical && (await this.#blobs.stat(canonical, digest));
    return stat && {canonical, size: stat.size};
  }

  /** Under its canonical digest, and under the client's where that is another. */
  async add(name: RepositoryName, canonical: Digest, digest: Digest): Promise<void> {
    const {layerLink} = repositoryKeys(name);
    await this.#links.write(layerLink(canonical), canonical);
    if (digest === canonical) return;
    await this.#links.write(layerLink(digest), canonical);
    await this.#links.write(digestLinkKey(digest), canonical);
  }

  /** False: was not there. */
  async delete(name: RepositoryName, digest: Digest): Promise<boolean> {
    return this.#links.delete(repositoryKeys(name).layerLink(digest));
  }
}
