/** Looks at what lies in the storage, for whoever compares it with the index. */
import type {ManifestFacts, Pushed} from '../../metadata/content/facts.ts';
import type {Selection} from '../../metadata/content/held.ts';
import {type Digest, digestAlgorithm} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import {isOfOneObject} from '../../storage/damage.ts';
import type {Stores} from '../../storage/stores.ts';
import {readManifestFacts} from './manifest-facts.ts';

export interface TagTarget {
  /** The sha256 of the manifest it points at. */
  readonly digest: Digest;
  /** As it stands in the link. */
  readonly link: Digest;
}

/** What was looked for, and what of it is there. */
export interface Found<Key, Facts> {
  readonly selection: Selection<Key>;
  readonly found: ReadonlyMap<Key, Facts>;
}

/** A repository, or a part of one that is large. */
export interface Sight {
  readonly repository: RepositoryName;
  /** Whether the catalogue has it. */
  readonly exists: boolean;
  readonly tags: Found<Tag, TagTarget>;
  /** In ms: since when it holds them. */
  readonly revisions: Found<Digest, number>;
}

/** What is to be looked at more closely. */
export interface Question {
  readonly repository: RepositoryName;
  readonly manifests: readonly Digest[];
  readonly tags: readonly (readonly [Tag, Digest])[];
}

export interface Answer {
  readonly manifests: readonly ManifestFacts[];
  /** What lies there is no manifest. */
  readonly unreadable: readonly Digest[];
  readonly pushed: ReadonlyMap<Tag, Pushed>;
}

export interface Survey {
  /** All repositories after that one, in the order of the catalogue, in parts of bounded size: `most` is asked before each how many tags and manifests it may tell. */
  walk(after: string, most: () => number): AsyncIterable<readonly Sight[]>;
  ask(questions: readonly Question[]): Promise<readonly Answer[]>;
}

/** Whether it is all of a repository. */
export const isWhole = ({tags, revisions}: Sight): boolean =>
  [tags.selection, revisions.selection].every(
    (selection) =>
      'after' in selection && selection.after === undefined && selection.upTo === undefined,
  );

/** Whether nothing of its repository comes after it. */
export const isLast = ({tags, revisions}: Sight): boolean =>
  [tags.selection, revisions.selection].every(
    (selection) => !('after' in selection) || selection.upTo === undefined,
  );

/** Tags and manifests that are told at once. */
export const usualPartSize = 1600;
const width = 16;
const noTags: ReadonlySet<Tag> = new Set();

export class StoreSurvey implements Survey {
  readonly #stores: Stores;
  readonly #partSize: number;

  constructor(stores: Stores, partSize = usualPartSize) {
    this.#stores = stores;
    this.#partSize = partSize;
  }

  async *walk(after: string, most: () => number): AsyncGenerator<readonly Sight[]> {
    let part: Sight[] = [];
    let size = 0;
    let mostNow = most();
    for await (const name of this.#stores.repositories.walk(after)) {
      for await (const sight of this.#whole(name, true, most)) {
        part.push(sight);
        size += 1 + sight.tags.found.size + sight.revisions.found.size;
        if (size < Math.min(mostNow, this.#partSize)) continue;
        yield part;
        part = [];
        size = 0;
        mostNow = most();
      }
    }
    if (part.length > 0) yield part;
  }

  /** All of it, in bounded parts; of one that is not there, that. */
  async *whole(repository: RepositoryName): AsyncGenerator<Sight> {
    yield* this.#whole(repository, await this.#stores.repositories.exists(repository));
  }

  /** These tags and manifests alone. */
  async part(
    repository: RepositoryName,
    {tags, digests}: {readonly tags: readonly Tag[]; readonly digests: readonly Digest[]},
  ): Promise<Sight> {
    return {
      repository,
      exists: await this.#stores.repositories.exists(repository),
      tags: await this.#tags(repository, tags, tags),
      revisions: await this.#revisions(repository, digests, digests),
    };
  }

  async ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    return inParallel(questions, async ({repository, manifests: digests, tags}) => {
      const manifests: ManifestFacts[] = [];
      const unreadable: Digest[] = [];
      await inParallel(digests, async (digest) => {
        const facts = await this.#facts(repository, digest);
        if (facts === 'unreadable') unreadable.push(digest);
        else if (facts) manifests.push(facts);
      });
      const histories = tags.length === 0 ? noTags : await this.#histories(repository);
      const pushed = await inParallel(tags, async ([tag, link]) => {
        const entry = histories.has(tag) ? await this.#newest(repository, tag, link) : undefined;
        return [tag, entry ?? (await this.#linked(repository, tag))] as const;
      });
      return {manifests, unreadable, pushed: new Map(pushed)};
    });
  }

  /** One that the system does not give is left out, and keeps no other from the index; an outage is one of all. */
  async #facts(repository: RepositoryName, digest: Digest): ReturnType<typeof readManifestFacts> {
    try {
      return await readManifestFacts(this.#stores, repository, digest);
    } catch (error) {
      if (!isOfOneObject(error)) throw error;
      return 'unreadable';
    }
  }

  async *#whole(
    repository: RepositoryName,
    exists: boolean,
    most = (): number => this.#partSize,
  ): AsyncGenerator<Sight> {
    const size = (): number => Math.min(most(), this.#partSize);
    const tagPages = pages(this.#stores.tags.names(repository), size);
    const digestPages = pages(this.#stores.manifests.list(repository), size);
    // Most are small: one part tells all of them.
    for (;;) {
      const tags = await nextOf(tagPages);
      const digests = await nextOf(digestPages);
      if (!tags && !digests) return;
      yield {
        repository,
        exists,
        tags: await this.#tags(repository, tags?.keys ?? [], selectionOf(tags)),
        revisions: await this.#revisions(repository, digests?.keys ?? [], selectionOf(digests)),
      };
    }
  }

  async #tags(
    repository: RepositoryName,
    tags: readonly Tag[],
    selection: Selection<Tag>,
  ): Promise<Found<Tag, TagTarget>> {
    const found = await inParallel(tags, async (tag) => {
      const link = await this.#stores.tags.get(repository, tag);
      return link && ([tag, {link, digest: await this.#canonical(repository, link)}] as const);
    });
    return {selection, found: new Map(found.filter((each) => each !== undefined))};
  }

  async #canonical(repository: RepositoryName, link: Digest): Promise<Digest> {
    if (digestAlgorithm(link) === 'sha256') return link;
    return (await this.#stores.manifests.resolve(repository, link)) ?? link;
  }

  async #revisions(
    repository: RepositoryName,
    digests: readonly Digest[],
    selection: Selection<Digest>,
  ): Promise<Found<Digest, number>> {
    const found = await inParallel(digests, async (digest) => {
      const since = await this.#stores.manifests.heldSince(repository, digest);
      return since && ([digest, since.getTime()] as const);
    });
    return {selection, found: new Map(found.filter((each) => each !== undefined))};
  }

  async #histories(repository: RepositoryName): Promise<ReadonlySet<Tag>> {
    const found = new Set<Tag>();
    for await (const tag of this.#stores.history.tags(repository)) found.add(tag);
    return found;
  }

  async #newest(repository: RepositoryName, tag: Tag, link: Digest): Promise<Pushed | undefined> {
    const [last] = await this.#stores.history.list(repository, tag, {limit: 1});
    return last?.digest === link ? {at: last.at.getTime(), by: last.by} : undefined;
  }

  /** Another registry has set it, and the time of its link is all that is known. */
  async #linked(repository: RepositoryName, tag: Tag): Promise<Pushed> {
    const at = await this.#stores.tags.setAt(repository, tag);
    return {at: at?.getTime() ?? 0, by: undefined};
  }
}

interface KeyPage<Key> {
  readonly keys: readonly Key[];
  readonly after: Key | undefined;
  readonly upTo: Key | undefined;
}

const selectionOf = <Key>(page: KeyPage<Key> | undefined): Selection<Key> =>
  page ? {after: page.after, upTo: page.upTo} : [];

/** Each page with the place it has among all keys: of the last one, which may be empty, it is open. */
async function* pages<Key>(
  source: AsyncIterable<Key>,
  size: () => number,
): AsyncGenerator<KeyPage<Key>, void> {
  let after: Key | undefined;
  let keys: Key[] = [];
  let most = size();
  for await (const upTo of source) {
    keys.push(upTo);
    if (keys.length < most) continue;
    yield {keys, after, upTo};
    after = upTo;
    keys = [];
    most = size();
  }
  yield {keys, after, upTo: undefined};
}

async function nextOf<T>(source: AsyncGenerator<T, void>): Promise<T | undefined> {
  return (await source.next()).value ?? undefined;
}

async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += width) {
    results.push(...(await Promise.all(items.slice(at, at + width).map(work))));
  }
  return results;
}
