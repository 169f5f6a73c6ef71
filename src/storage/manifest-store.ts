/** Which manifests a repository holds, and their bytes. */
import {type Digest, digestOf} from '../oci/digest.ts';
import {inherentMediaType, readManifest} from '../oci/manifest.ts';
import {isJsonMediaType, manifestKind} from '../oci/media-types.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {BlobSizes} from './blob-sizes.ts';
import type {BlobStore} from './blob-store.ts';
import type {ReportDamage} from './damage.ts';
import type {StorageDriver} from './driver.ts';
import {repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';

export interface StoredManifest {
  /** The sha256 of the content. */
  readonly canonical: Digest;
  readonly content: Buffer;
  /** `undefined`: it is no JSON object, as only another registry may have stored it. */
  readonly mediaType: string | undefined;
}

interface ManifestStoreOptions {
  readonly blobs: BlobStore;
  readonly sizes: BlobSizes;
  readonly report: ReportDamage;
}

export class ManifestStore {
  readonly #driver: StorageDriver;
  readonly #links: LinkStore;
  readonly #blobs: BlobStore;
  readonly #sizes: BlobSizes;
  readonly #report: ReportDamage;
  /** What was read in contents that the driver still has at hand. */
  readonly #known = new WeakMap<Buffer, ReturnType<typeof inherentMediaType>>();
  /** Those whose sizes were told. */
  readonly #told = new WeakSet<Buffer>();

  constructor(
    driver: StorageDriver,
    links: LinkStore,
    {blobs, sizes, report}: ManifestStoreOptions,
  ) {
    this.#driver = driver;
    this.#links = links;
    this.#blobs = blobs;
    this.#sizes = sizes;
    this.#report = report;
  }

  /** `undefined`: the repository does not hold it, or its bytes are gone or damaged. */
  async get(name: RepositoryName, digest: Digest): Promise<StoredManifest | undefined> {
    const keys = repositoryKeys(name);
    const canonical = await this.resolve(name, digest);
    const content = canonical && (await this.#blobs.read(canonical));
    if (!content) return undefined;
    const inherent = this.#inspect(content);
    // One that states its media type can't have been pushed with another.
    if (inherent?.isStated) return this.#found({canonical, content, mediaType: inherent.mediaType});
    const mediaTypeKey = keys.revisionMediaType(canonical);
    const pushed = (await this.#driver.read(mediaTypeKey))?.toString();
    if (pushed === undefined || isJsonMediaType(pushed)) {
      return this.#found({canonical, content, mediaType: pushed ?? inherent?.mediaType});
    }
    this.#report(mediaTypeKey, 'the file holds no media type of a manifest');
    return undefined;
  }

  /** The sha256 of a manifest that the repository holds; `undefined` as for `get`, but the bytes are not looked for. */
  async resolve(name: RepositoryName, digest: Digest): Promise<Digest | undefined> {
    return this.#links.resolve(repositoryKeys(name).revisionLink(digest), digest);
  }

  /** Its size in bytes; `undefined` as for `get`, but the bytes are not checked. */
  async size(name: RepositoryName, digest: Digest): Promise<number | undefined> {
    const canonical = await this.resolve(name, digest);
    return canonical && (await this.#blobs.stat(canonical))?.size;
  }

  /** Stores the bytes and the revision; `digest` is the client's, `mediaType` only where the JSON does not tell it. */
  async put(
    name: RepositoryName,
    content: Uint8Array,
    digest: Digest,
    mediaType: string | undefined,
  ): Promise<Digest> {
    const keys = repositoryKeys(name);
    const canonical = await this.#blobs.put(content);
    const mediaTypeKey = keys.revisionMediaType(canonical);
    if (mediaType === undefined) await this.#driver.delete(mediaTypeKey);
    else await this.#driver.replace(mediaTypeKey, Buffer.from(mediaType));
    if (digest !== canonical) await this.#links.write(keys.revisionLink(digest), canonical);
    await this.#links.write(keys.revisionLink(canonical), canonical);
    return canonical;
  }

  /** Under every digest it has; the canonical one goes last, so that a delete that was cut off can be repeated. False: was not there. */
  async delete(name: RepositoryName, digest: Digest): Promise<boolean> {
    const keys = repositoryKeys(name);
    const canonical = (await this.resolve(name, digest)) ?? digest;
    const content = await this.#blobs.read(canonical);
    if (content) await this.#links.delete(keys.revisionLink(digestOf(content, 'sha512')));
    const wasThere = await this.#links.delete(keys.revisionLink(digest));
    const isDeleted = (await this.#links.delete(keys.revisionLink(canonical))) || wasThere;
    // After the links: without it the manifest would be found as what it was not pushed as.
    await this.#driver.delete(keys.revisionMediaType(canonical));
    return isDeleted;
  }

  #inspect(content: Buffer): ReturnType<typeof inherentMediaType> {
    if (this.#known.has(content)) return this.#known.get(content);
    const inherent = inherentMediaType(content);
    this.#known.set(content, inherent);
    return inherent;
  }

  /** Only by the media type it was pushed with: by another one nobody has looked whether the sizes in it are true. */
  #found(manifest: StoredManifest): StoredManifest {
    const {content, mediaType} = manifest;
    if (mediaType === undefined || manifestKind(mediaType) !== 'image' || this.#told.has(content)) {
      return manifest;
    }
    this.#told.add(content);
    this.#sizes.tell(readManifest(content, mediaType)?.blobs ?? []);
    return manifest;
  }
}
