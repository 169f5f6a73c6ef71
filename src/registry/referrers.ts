/** Referrers: the manifests of a repository whose subject is a given one. */
import {LRUCache} from 'lru-cache';
import {type Digest, digestAlgorithm, digestHex} from '../oci/digest.ts';
import {readManifest} from '../oci/manifest.ts';
import type {RepositoryName} from '../oci/name.ts';
import {isTag} from '../oci/tag.ts';
import type {StoredManifest} from '../storage/manifest-store.ts';
import type {Stores} from '../storage/stores.ts';

/** A descriptor as the referrers API writes it. */
export interface Referrer {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ReferrersQuery {
  readonly artifactType?: string | undefined;
  readonly size?: number | undefined;
  readonly after?: string | undefined;
}

export interface ReferrersPage {
  readonly items: readonly Referrer[];
  /** The last digest looked at, where more follow. */
  readonly last: Digest | undefined;
}

const largestPage = 1000;
/** Clients read an index with a limit of 4 MiB; some room is left for its frame. */
const largestBody = 4 * 1024 * 1024 - 64 * 1024;

/** What a manifest says of itself as a referrer. */
interface Saying {
  readonly subject: Digest | undefined;
  readonly referrer: Referrer | undefined;
}

/** In characters. */
const mostRemembered = 16 * 1024 * 1024;

export class Referrers {
  readonly #stores: Stores;
  readonly #said = new LRUCache<string, Saying>({
    maxSize: mostRemembered,
    sizeCalculation: (saying) => JSON.stringify(saying).length + 200,
  });

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Sorted by digest. A subject that nobody has pushed has referrers too, or none. */
  async list(
    name: RepositoryName,
    subject: Digest,
    {artifactType, size = largestPage, after = ''}: ReferrersQuery,
  ): Promise<ReferrersPage> {
    const items: Referrer[] = [];
    let bytes = 0;
    let last: Digest | undefined;
    for (const digest of await this.#digests(name, subject)) {
      if (digest <= after) continue;
      const referrer = await this.#read(name, subject, digest);
      if (!referrer || (artifactType !== undefined && referrer.artifactType !== artifactType)) {
        continue;
      }
      bytes += Buffer.byteLength(JSON.stringify(referrer)) + 1;
      if (items.length >= Math.min(size, largestPage) || (last && bytes > largestBody)) {
        return {items, last: size === 0 ? undefined : last};
      }
      items.push(referrer);
      last = digest;
    }
    return {items, last: undefined};
  }

  /** Those of our own list, and those that clients listed under the tag of the referrers tag schema. */
  async #digests(name: RepositoryName, subject: Digest): Promise<readonly Digest[]> {
    const digests = new Set(await this.#tagged(name, subject));
    for await (const digest of this.#stores.referrers.list(name, subject)) digests.add(digest);
    return [...digests].sort();
  }

  async #tagged(name: RepositoryName, subject: Digest): Promise<readonly Digest[]> {
    const tag = `${digestAlgorithm(subject)}-${digestHex(subject).slice(0, 64)}`;
    const digest = isTag(tag) && (await this.#stores.tags.get(name, tag));
    const stored = digest && (await this.#stores.manifests.get(name, digest));
    if (!stored) return [];
    const index = readManifest(stored.content, stored.mediaType);
    return index?.children.map((child) => child.digest) ?? [];
  }

  /** What a manifest says of itself is the same for ever: it is read once, and then only asked for. */
  async #read(
    name: RepositoryName,
    subject: Digest,
    digest: Digest,
  ): Promise<Referrer | undefined> {
    const stat = await this.#stores.manifests.look(name, digest);
    if (!stat) return undefined;
    const key = `${digest} ${stat.mediaType ?? ''}`;
    let said = this.#said.get(key);
    if (!said) {
      const stored = await this.#stores.manifests.get(name, digest);
      if (!stored) return undefined;
      said = sayingOf(digest, stored);
      this.#said.set(key, said);
    }
    return said.subject === subject ? said.referrer : undefined;
  }
}

function sayingOf(digest: Digest, {content, mediaType: pushed}: StoredManifest): Saying {
  const manifest = readManifest(content, pushed);
  if (!manifest?.subject) return {subject: undefined, referrer: undefined};
  const {mediaType, artifactType, annotations} = manifest;
  return {
    subject: manifest.subject.digest,
    referrer: {
      mediaType,
      digest,
      size: content.length,
      ...(artifactType === undefined ? {} : {artifactType}),
      ...(annotations ? {annotations} : {}),
    },
  };
}
