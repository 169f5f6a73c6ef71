/** Manifests of a repository: what a client may ask of them. */
import {allOver} from '../host/all-over.ts';
import type {Deed, Origin} from '../metadata/events/event.ts';
import {type Digest, digestAlgorithm, digestOf} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import {type Manifest, parseManifest, readManifest} from '../oci/manifest.ts';
import {mediaTypes} from '../oci/media-types.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Reference} from '../oci/reference.ts';
import type {Tag} from '../oci/tag.ts';
import type {Stores} from '../storage/stores.ts';
import type {ContentCheck} from './content-check.ts';
import {Exclusion} from './exclusion.ts';
import type {Counts, Journal} from './journal.ts';
import {RepositoryTurns} from './repository-turns.ts';

/** What is answered of a manifest before its bytes. */
export interface ManifestHead {
  /** In bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** The digest asked for; by tag the one it was tagged by. */
  readonly digest: Digest;
}

/** A manifest as it is answered. */
export interface ManifestContent extends ManifestHead {
  readonly content: Buffer;
}

/** A manifest as it came, read once. */
export interface PushedManifest {
  readonly content: Buffer;
  readonly digest: Digest;
  readonly manifest: Manifest;
}

interface Putting {
  readonly tags: readonly Tag[];
  readonly origin: Origin;
}

interface ManifestsOptions {
  readonly journal: Journal;
  readonly counts: Counts;
  readonly turns?: RepositoryTurns;
  /** Other nodes take things out at the same time. */
  readonly isShared?: boolean;
}

/** Throws DIGEST_INVALID, MANIFEST_INVALID. */
export function readPushed(
  reference: Reference,
  content: Buffer,
  contentType: string | undefined,
): PushedManifest {
  const digest = requireDigest(reference, content);
  return {content, digest, manifest: parseManifest(content, contentType)};
}

export class Manifests {
  readonly #stores: Stores;
  readonly #check: ContentCheck;
  readonly #journal: Journal;
  readonly #counts: Counts;
  readonly #turns: RepositoryTurns;
  readonly #isShared: boolean;
  /**
   * A manifest is not deleted while it is put, and a tag not while it is set: a delete looks first, and would take what has come since. Who needs
   * both has the manifest before the tag.
   */
  readonly #exclusion = new Exclusion();

  constructor(
    stores: Stores,
    check: ContentCheck,
    {journal, counts, turns = new RepositoryTurns(), isShared = false}: ManifestsOptions,
  ) {
    this.#isShared = isShared;
    this.#turns = turns;
    this.#stores = stores;
    this.#check = check;
    this.#journal = journal;
    this.#counts = counts;
  }

  /** Throws MANIFEST_UNKNOWN. Counts as a pull. */
  async get(name: RepositoryName, reference: Reference): Promise<ManifestContent> {
    const digest = await this.#digest(name, reference);
    const stored = digest && (await this.#stores.manifests.get(name, digest));
    if (!stored) throw unknown(reference);
    const {content, mediaType = mediaTypes.octetStream} = stored;
    this.#counts.pulled(name, 'tag' in reference ? [reference.tag, digest] : [digest]);
    return {content, size: content.length, mediaType, digest};
  }

  /** As `get`, without the bytes. */
  async look(name: RepositoryName, reference: Reference): Promise<ManifestHead> {
    const digest = await this.#digest(name, reference);
    const stored = digest && (await this.#stores.manifests.look(name, digest));
    if (!stored) throw unknown(reference);
    return {size: stored.size, mediaType: stored.mediaType ?? mediaTypes.octetStream, digest};
  }

  /**
   * Stores a manifest, then what makes it found: its revision, its entry among the referrers of its subject, its tags. Throws
   * MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN.
   */
  async put(name: RepositoryName, pushed: PushedManifest, putting: Putting): Promise<void> {
    // Whoever deletes the repository would take what it was found to need.
    await this.#turns.together(name, async () => this.#put(name, pushed, putting));
  }

  async #put(
    name: RepositoryName,
    {content, digest, manifest}: PushedManifest,
    {tags, origin}: Putting,
  ): Promise<void> {
    await this.#check.require(name, manifest);
    const subject = manifest.subject?.digest;
    const canonical = canonicalDigest(digest, content);
    // Nobody finds bytes to which nothing leads: they need not wait until the change is written down.
    const bytes = this.#stores.blobs.put(content);
    const deed = deedOf('push', {digest, manifest, size: content.length});
    const change = {repository: name, digests: [canonical], tags, origin, deed};
    const made = this.#alone(name, canonical, async () =>
      this.#journal.during(change, async () => {
        await bytes;
        // Another node may have taken it out before this change was written down.
        if (this.#isShared) await this.#check.require(name, manifest);
        await this.#stores.manifests.put(name, {digest, canonical}, manifest);
        if (subject) await this.#stores.referrers.add(name, subject, {digest, canonical});
        for (const tag of tags) {
          await this.#alone(name, tag, async () =>
            this.#stores.tags.set(name, tag, digest, origin.actor),
          );
        }
      }),
    );
    await allOver([bytes, made]);
    this.#counts.pushed(name);
  }

  /** A tag goes alone; a digest with all tags that point at it. Throws MANIFEST_UNKNOWN, or NAME_UNKNOWN where the repository is not there. */
  async delete(name: RepositoryName, reference: Reference, origin: Origin): Promise<void> {
    const isDeleted = await this.#turns.together(name, async () =>
      'tag' in reference
        ? this.#deleteTag(name, reference.tag, origin)
        : this.#deleteManifest(name, reference.digest, origin),
    );
    if (isDeleted) return;
    if (!(await this.#stores.repositories.exists(name))) {
      throw new RegistryError('NAME_UNKNOWN', {detail: {name}});
    }
    throw unknown(reference);
  }

  /** Points a tag at a manifest that is there. What is not, where anything of it is gone: then the tag stays as it is. */
  async tag(
    name: RepositoryName,
    tag: Tag,
    {digest, origin}: {readonly digest: Digest; readonly origin: Origin},
  ): Promise<readonly string[]> {
    return this.#turns.together(name, async () => {
      const canonical = (await this.#stores.manifests.resolve(name, digest)) ?? digest;
      return this.#alone(name, canonical, async () => {
        let {gone, deed} = await this.#look(name, digest);
        if (!deed) return gone;
        const change = {repository: name, digests: [], tags: [tag], origin, deed};
        await this.#journal.during(change, async () => {
          // As for a push.
          if (this.#isShared) ({gone, deed} = await this.#look(name, digest));
          if (!deed) return false;
          const set = async () => this.#stores.tags.set(name, tag, digest, origin.actor);
          await this.#alone(name, tag, set);
          return true;
        });
        return gone;
      });
    });
  }

  /** What of a manifest is not there, or else what it is to tag it. */
  async #look(
    name: RepositoryName,
    digest: Digest,
  ): Promise<{readonly gone: readonly string[]; readonly deed?: Deed}> {
    const stored = await this.#stores.manifests.get(name, digest);
    const manifest = stored && readManifest(stored.content, stored.mediaType);
    if (!manifest) return {gone: [`the manifest ${digest}`]};
    const missing = await this.#check.missing(name, manifest);
    const gone = missing.map((each) => `its part ${each}`);
    const deed = deedOf('tag', {digest, manifest, size: stored.content.length});
    return gone.length > 0 ? {gone} : {gone, deed};
  }

  async #digest(name: RepositoryName, reference: Reference): Promise<Digest | undefined> {
    return 'digest' in reference ? reference.digest : this.#stores.tags.get(name, reference.tag);
  }

  async #deleteTag(name: RepositoryName, tag: Tag, origin: Origin): Promise<boolean> {
    const deed = {action: 'delete', object: 'tag'} as const;
    const change = {repository: name, digests: [], tags: [tag], origin, deed};
    const remove = async () => this.#stores.tags.delete(name, tag, origin.actor);
    return this.#alone(name, tag, async () => this.#journal.during(change, remove));
  }

  async #deleteManifest(name: RepositoryName, digest: Digest, origin: Origin): Promise<boolean> {
    const {actor} = origin;
    const canonical = (await this.#stores.manifests.resolve(name, digest)) ?? digest;
    const deed = {action: 'delete', object: 'manifest', digest} as const;
    const change = {repository: name, digests: [canonical], tags: [], origin, deed};
    return this.#alone(name, canonical, async () =>
      this.#journal.during(change, async () => {
        const stored = await this.#stores.manifests.get(name, digest);
        const digests = stored ? bothDigests(stored.content) : [digest];
        // No tag comes to lead here meanwhile: it would need this manifest's turn. One that leads away is looked at again in its own.
        for (const tag of await this.#stores.tags.leadingTo(name, digests)) {
          await this.#alone(name, tag, async () => this.#untag(name, tag, digests, actor));
        }
        const subject = stored && readManifest(stored.content, stored.mediaType)?.subject?.digest;
        if (subject) {
          for (const own of digests) await this.#stores.referrers.delete(name, subject, own);
        }
        return this.#stores.manifests.delete(name, digest);
      }),
    );
  }

  async #untag(
    name: RepositoryName,
    tag: Tag,
    digests: readonly Digest[],
    actor: string | undefined,
  ): Promise<void> {
    const target = await this.#stores.tags.get(name, tag);
    if (target && digests.includes(target)) await this.#stores.tags.delete(name, tag, actor);
  }

  async #alone<T>(name: RepositoryName, what: Digest | Tag, work: () => Promise<T>): Promise<T> {
    return this.#exclusion.run(`${name}@${what}`, work);
  }
}

const deedOf = (
  action: 'push' | 'tag',
  {
    digest,
    manifest: {mediaType},
    size,
  }: Pick<PushedManifest, 'digest' | 'manifest'> & {readonly size: number},
): Deed => ({action, object: 'manifest', digest, mediaType, size});

/** One manifest has one turn, whichever of its digests the client uses. */
const canonicalDigest = (digest: Digest, content: Buffer): Digest =>
  digestAlgorithm(digest) === 'sha256' ? digest : digestOf(content);

const bothDigests = (content: Buffer): readonly Digest[] => [
  digestOf(content, 'sha256'),
  digestOf(content, 'sha512'),
];

function requireDigest(reference: Reference, content: Buffer): Digest {
  if ('tag' in reference) return digestOf(content);
  const announced = reference.digest;
  const actual = digestOf(content, digestAlgorithm(announced));
  if (actual === announced) return announced;
  throw new RegistryError('DIGEST_INVALID', {
    message: `the ${content.length} bytes that came have another digest`,
    detail: {announced, actual},
  });
}

const unknown = (reference: Reference): RegistryError =>
  new RegistryError('MANIFEST_UNKNOWN', {detail: reference});
