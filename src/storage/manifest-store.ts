/** Which manifests a repository holds, and their bytes. */
import {LRUCache} from 'lru-cache';
import {type Digest, digestHex, digestOf, isDigest} from '../oci/digest.ts';
import {
  inherentMediaType,
  type InherentMediaType,
  type Manifest,
  readManifest,
} from '../oci/manifest.ts';
import {isJsonMediaType, manifestKind} from '../oci/media-types.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {BlobSizes} from './blob-sizes.ts';
import type {BlobStore} from './blob-store.ts';
import type {ReportDamage} from './damage.ts';
import type {ObjectStat, StorageDriver} from './driver.ts';
import {repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';

export interface StoredManifest {
  /** The sha256 of the content. */
  readonly canonical: Digest;
  readonly content: Buffer;
  /** `undefined`: it is no JSON object, as only another registry may have stored it. */
  readonly mediaType: string | undefined;
}

/** What can be said of a manifest without its bytes. */
interface ManifestStat {
  /** In bytes. */
  readonly size: number;
  readonly mediaType: string | undefined;
}

type Inherent = InherentMediaType | undefined;

/** What was read in bytes of a digest: it is the same for ever, and small. */
interface Reading {
  readonly inherent: Inherent;
  /** Of the file whose bytes were found to fit the digest last. */
  readonly version?: string;
  /** The sizes in it were told. */
  readonly isTold: boolean;
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
  /** Few enough that their blobs' sizes are not forgotten before them. */
  readonly #readings = new LRUCache<Digest, Reading>({max: 5000});

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
    const canonical = await this.resolve(name, digest);
    const content = canonical && (await this.#blobs.read(canonical));
    const found = content && (await this.#read(name, canonical, content));
    return found && {canonical, content, ...found};
  }

  /** As `get`, but bytes that were found whole are not read again as long as their file has its size and time. */
  async look(name: RepositoryName, digest: Digest): Promise<ManifestStat | undefined> {
    const canonical = await this.resolve(name, digest);
    const stat = canonical && (await this.#blobs.stat(canonical));
    if (!stat) return undefined;
    const {size} = stat;
    const known = this.#readings.get(canonical);
    if (known?.version === versionOf(stat)) {
      const found = await this.#mediaType(name, canonical, known.inherent);
      return found && {size, ...found};
    }
    const content = await this.#blobs.read(canonical);
    const found = content && (await this.#read(name, canonical, content, versionOf(stat)));
    return found && {size: content.length, ...found};
  }

  /** The sha256 of a manifest that the repository holds; `undefined` as for `get`, but the bytes are not looked for. */
  async resolve(name: RepositoryName, digest: Digest): Promise<Digest | undefined> {
    return this.#links.resolve(repositoryKeys(name).revisionLink(digest), digest);
  }

  /** Those that the repository holds, by their sha256, sorted by bytes, strictly after `after`. */
  async *list(name: RepositoryName, after?: Digest): AsyncGenerator<Digest> {
    const options = after === undefined ? {} : {after: digestHex(after)};
    for await (const {name: hex, kind} of this.#driver.list(
      repositoryKeys(name).revisions,
      options,
    )) {
      const digest = `sha256:${hex}`;
      if (kind === 'prefix' && isDigest(digest)) yield digest;
    }
  }

  /** When its link was written, by its sha256; `undefined`: the repository does not hold it. */
  async heldSince(name: RepositoryName, digest: Digest): Promise<Date | undefined> {
    return (await this.#driver.stat(repositoryKeys(name).revisionLink(digest)))?.modifiedAt;
  }

  /** Its size in bytes; `undefined` as for `get`, but the bytes are not checked. */
  async size(name: RepositoryName, digest: Digest): Promise<number | undefined> {
    const canonical = await this.resolve(name, digest);
    return canonical && (await this.#blobs.stat(canonical))?.size;
  }

  /** Makes the repository hold a manifest whose bytes are stored; `digest` is the client's, and what the manifest names has been looked at. */
  async put(
    name: RepositoryName,
    {digest, canonical}: {readonly digest: Digest; readonly canonical: Digest},
    {kind, mediaType, inherent, blobs}: Manifest,
  ): Promise<void> {
    const keys = repositoryKeys(name);
    const mediaTypeKey = keys.revisionMediaType(canonical);
    if (mediaType === inherent.mediaType) await this.#driver.delete(mediaTypeKey);
    else await this.#driver.replace(mediaTypeKey, Buffer.from(mediaType));
    this.#sizes.tell(blobs);
    const known = this.#readings.get(canonical);
    const isTold = kind === 'image' || known?.isTold === true;
    this.#readings.set(canonical, {...known, inherent, isTold});
    if (digest !== canonical) await this.#links.write(keys.revisionLink(digest), canonical);
    await this.#links.write(keys.revisionLink(canonical), canonical);
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

  /** Looks into bytes that fit their digest, unless what is in them is known. */
  async #read(
    name: RepositoryName,
    canonical: Digest,
    content: Buffer,
    version?: string,
  ): Promise<Pick<StoredManifest, 'mediaType'> | undefined> {
    const known = this.#readings.get(canonical);
    // Kept at once: of many that ask together one looks.
    const inherent = known ? known.inherent : inherentMediaType(content);
    this.#readings.set(canonical, {
      isTold: false,
      ...known,
      inherent,
      ...(version === undefined ? {} : {version}),
    });
    const found = await this.#mediaType(name, canonical, inherent);
    if (found?.mediaType !== undefined) this.#tell(canonical, content, found.mediaType);
    return found;
  }

  /** Only by the media type it was pushed with: by another one nobody has looked whether the sizes in it are true. */
  #tell(canonical: Digest, content: Buffer, mediaType: string): void {
    const reading = this.#readings.get(canonical);
    if (!reading || reading.isTold || manifestKind(mediaType) !== 'image') return;
    this.#readings.set(canonical, {...reading, isTold: true});
    this.#sizes.tell(readManifest(content, mediaType)?.blobs ?? []);
  }

  /** `undefined`: what it was pushed with can't be told any more. */
  async #mediaType(
    name: RepositoryName,
    canonical: Digest,
    inherent: Inherent,
  ): Promise<Pick<StoredManifest, 'mediaType'> | undefined> {
    // One that states its media type can't have been pushed with another.
    if (inherent?.isStated) return {mediaType: inherent.mediaType};
    const key = repositoryKeys(name).revisionMediaType(canonical);
    const pushed = (await this.#driver.read(key))?.toString();
    if (pushed === undefined) return {mediaType: inherent?.mediaType};
    if (isJsonMediaType(pushed)) return {mediaType: pushed};
    this.#report(key, 'the file holds no media type of a manifest');
    return undefined;
  }
}

const versionOf = ({size, modifiedAt}: ObjectStat): string => `${size} ${modifiedAt.getTime()}`;
