/** Which repositories there are. */
import {LRUCache} from 'lru-cache';
import {isRepositoryName, type RepositoryName} from '../oci/name.ts';
import type {StorageDriver, StorageKey} from './driver.ts';
import {below, repositoriesRoot, repositoryKeys} from './keys.ts';

/** Directories that are looked at together. */
const width = 64;

/** What makes a directory one of a repository. */
type Part = '_layers' | '_manifests' | '_uploads';

/** A directory of the tree of repositories, which may be one and have others below it. */
interface Place {
  /** Of the directory; `undefined`: to be read again the next time. */
  readonly version: string | undefined;
  /** The next parts of names, sorted by bytes. */
  readonly names: readonly string[];
  readonly parts: ReadonlySet<Part>;
}

interface Search {
  readonly part: Part;
  readonly limit: number;
  readonly found: RepositoryName[];
}

export class RepositoryStore {
  readonly #driver: StorageDriver;
  readonly #places = new LRUCache<StorageKey, Place>({
    maxSize: 100_000,
    sizeCalculation: ({names}) => names.length + 1,
  });

  constructor(driver: StorageDriver) {
    this.#driver = driver;
  }

  /** Whether it holds a manifest, or at least did under another registry that leaves its directories behind. */
  async exists(name: RepositoryName): Promise<boolean> {
    return this.#isPresent(repositoryKeys(name).manifests);
  }

  /** All that it holds, without its history. The directory of manifests, by which it exists, goes last: what is cut off can be repeated. */
  async remove(name: RepositoryName): Promise<void> {
    const {allReferrers, layers, uploads, manifests} = repositoryKeys(name);
    for (const each of [allReferrers, layers, uploads, manifests]) {
      await this.#driver.deletePrefix(each);
    }
  }

  /** At most `limit` repositories, in the order of the catalogue: part by part, so that `a/b` stands before `a-b`; strictly after `after`. */
  async list({
    after = '',
    limit = Infinity,
  }: {
    readonly after?: string;
    readonly limit?: number;
  } = {}): Promise<readonly RepositoryName[]> {
    return this.#holding('_manifests', after === '' ? [] : after.split('/'), limit);
  }

  /** As `list`, for whoever goes through all of them: nothing is kept. */
  async *walk(after: string): AsyncGenerator<RepositoryName> {
    yield* this.#below({key: repositoriesRoot, path: ''}, after === '' ? [] : after.split('/'));
  }

  /** Those that hold, or held, blobs, be they repositories yet or not, and whose names begin with that one and a slash. */
  async withBlobsBelow(name: string, limit: number): Promise<readonly RepositoryName[]> {
    const search: Search = {part: '_layers', limit, found: []};
    const key = below(repositoriesRoot, ...name.split('/'));
    await this.#collect(search, {key, path: `${name}/`, place: await this.#place(key)}, []);
    return search.found;
  }

  /** Whether there are repositories whose names begin with this one and a slash. */
  async holdsBelow(name: string): Promise<boolean> {
    const [next] = await this.list({after: name, limit: 1});
    // What lies below a name comes right after it.
    return next?.startsWith(`${name}/`) === true;
  }

  /** Those that have, or had, uploads under way, be they repositories yet or not. */
  async withUploads(): Promise<readonly RepositoryName[]> {
    return this.#holding('_uploads', [], Infinity);
  }

  async #holding(
    part: Part,
    after: readonly string[],
    limit: number,
  ): Promise<readonly RepositoryName[]> {
    const search = {part, limit, found: []};
    const root = await this.#place(repositoriesRoot);
    await this.#collect(search, {key: repositoriesRoot, path: '', place: root}, after);
    return search.found;
  }

  /** Adds what lies below a place to what was found, until that is enough. */
  async #collect(
    search: Search,
    {key, path, place}: {readonly key: StorageKey; readonly path: string; readonly place: Place},
    [from = '', ...rest]: readonly string[],
  ): Promise<void> {
    const {part, limit, found} = search;
    let at = place.names.findIndex((name) => name >= from);
    while (at >= 0 && at < place.names.length && found.length < limit) {
      const batch = place.names.slice(at, at + Math.min(width, limit - found.length));
      const places = await Promise.all(
        batch.map(async (name) => ({name, place: await this.#place(below(key, name))})),
      );
      for (const {name, place: inner} of places) {
        const whole = `${path}${name}`;
        const isPassed = name === from;
        if (found.length >= limit) return;
        if (!isPassed && inner.parts.has(part) && isRepositoryName(whole)) found.push(whole);
        const next = {key: below(key, name), path: `${whole}/`, place: inner};
        if (inner.names.length > 0) await this.#collect(search, next, isPassed ? rest : []);
      }
      at += batch.length;
    }
  }

  async *#below(
    {key, path}: {readonly key: StorageKey; readonly path: string},
    [from = '', ...rest]: readonly string[],
    names?: readonly string[],
  ): AsyncGenerator<RepositoryName> {
    for (const name of names ?? (await this.#read(key)).names) {
      if (name < from) continue;
      const whole = `${path}${name}`;
      const isPassed = name === from;
      const place = {key: below(key, name), path: `${whole}/`};
      const inner = await this.#read(place.key);
      if (!isPassed && inner.parts.has('_manifests') && isRepositoryName(whole)) yield whole;
      if (inner.names.length > 0) yield* this.#below(place, isPassed ? rest : [], inner.names);
    }
  }

  async #place(key: StorageKey): Promise<Place> {
    const version = await this.#driver.prefixVersion?.(key);
    const known = this.#places.get(key);
    if (version !== undefined && known?.version === version) return known;
    const {isSettled, ...read} = await this.#read(key);
    const place = {version, ...read};
    if (isSettled && version !== undefined) this.#places.set(key, place);
    else this.#places.delete(key);
    return place;
  }

  async #read(
    key: StorageKey,
  ): Promise<Pick<Place, 'names' | 'parts'> & {readonly isSettled: boolean}> {
    const names: string[] = [];
    const parts = new Set<Part>();
    let isSettled = true;
    for await (const {name, kind} of this.#driver.list(key)) {
      if (kind !== 'prefix') continue;
      if (!name.startsWith('_')) names.push(name);
      if (name === '_layers' || name === '_uploads') parts.add(name);
      if (name !== '_manifests') continue;
      if (await this.#isPresent(below(key, name))) parts.add(name);
      // What comes into an empty directory does not change the one above.
      else isSettled = false;
    }
    return {names, parts, isSettled};
  }

  async #isPresent(prefix: StorageKey): Promise<boolean> {
    for await (const _entry of this.#driver.list(prefix, {limit: 1})) return true;
    return false;
  }
}
