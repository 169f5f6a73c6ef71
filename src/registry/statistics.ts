/** How much the storage holds, and whose it is: counted in small parts beside everything else, and kept for a while. */
import {setTimeout as rest} from 'node:timers/promises';
import {namespaceFinder} from '../auth/namespace-tree.ts';
import type {Clock} from '../host/clock.ts';
import {listOwnedNamespaces} from '../metadata/access-facts.ts';
import {nameOf} from '../metadata/content/path.ts';
import {
  partOfRepositories,
  type Use,
  type Uses,
  usesOfBlobs,
  usesOfManifests,
} from '../metadata/content/statistics.ts';
import type {Database} from '../metadata/database.ts';
import type {Log} from '../observability/log.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import {namespaceToCreate} from '../oci/owning-namespace.ts';
import {within} from './index/within.ts';

/** In bytes. */
interface Sum {
  /** Of all that it holds, each blob and manifest once. */
  bytes: number;
  /** Of what nobody else of its kind holds. */
  exclusive: number;
}

interface NamespaceSum extends Sum {
  repositories: number;
}

export interface ContentStatistics {
  readonly at: Date;
  readonly tags: number;
  /** Blobs and manifests. */
  readonly objects: number;
  /** Of each of them once. */
  readonly bytes: number;
  readonly repositories: ReadonlyMap<RepositoryName, Readonly<Sum>>;
  /** `''`: of names without a slash. */
  readonly namespaces: ReadonlyMap<string, Readonly<NamespaceSum>>;
}

interface StatisticsOptions {
  readonly db: Database['db'];
  readonly now: Clock;
  readonly log: Log;
}

/** In milliseconds: so long they count, and so long somebody waits for newer ones, and for the first. */
const keptFor = 60_000;
const patience = 1000;
const patienceAtFirst = 10_000;
/** In milliseconds. */
const longestRest = 50;

export class Statistics {
  readonly #options: StatisticsOptions;
  readonly #end = new AbortController();
  #latest: ContentStatistics | undefined;
  #counting: Promise<void> | undefined;

  constructor(options: StatisticsOptions) {
    this.#options = options;
  }

  /** Those that are known; has newer ones made where they are old. */
  latest(): ContentStatistics | undefined {
    this.#refresh();
    return this.#latest;
  }

  /** A minute old at most, unless counting takes longer. Throws UNAVAILABLE where there are none yet. */
  async read(): Promise<ContentStatistics> {
    this.#refresh();
    if (this.#counting) {
      await within(this.#counting, this.#latest ? patience : patienceAtFirst);
    }
    if (this.#latest) return this.#latest;
    throw new RegistryError('UNAVAILABLE', {
      message: 'what the storage holds is being counted; try again',
      headers: {'Retry-After': '10'},
    });
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#counting;
  }

  #refresh(): void {
    const age = this.#options.now().getTime() - (this.#latest?.at.getTime() ?? 0);
    if (this.#latest && age >= 0 && age < keptFor) return;
    if (this.#end.signal.aborted) return;
    this.#counting ??= this.#count();
  }

  async #count(): Promise<void> {
    const {log, now} = this.#options;
    const began = performance.now();
    try {
      this.#latest = await this.#gather(now());
      log.debug({ms: Math.round(performance.now() - began)}, 'storage counted');
    } catch (error) {
      if (!this.#end.signal.aborted) log.error({err: error}, 'storage could not be counted');
    } finally {
      this.#counting = undefined;
    }
  }

  async #gather(at: Date): Promise<ContentStatistics> {
    const {db} = this.#options;
    const owned = await listOwnedNamespaces(db);
    const owner = namespaceFinder(owned.map(({name}) => [name, name] as const));
    const namespaceOf = (name: string): string => owner(name) ?? namespaceToCreate(name) ?? '';
    const repositories = new Map<RepositoryName, Sum>();
    const namespaces = new Map<string, NamespaceSum>();
    const total = {tags: 0, objects: 0, bytes: 0};

    for (let after: string | undefined = ''; after !== undefined;) {
      const from: string = after;
      const part = await this.#gently(async () => partOfRepositories(db, from));
      for (const {path, tags} of part) {
        const name = nameOf(path);
        repositories.set(name, {bytes: 0, exclusive: 0});
        const namespace = namespaceOf(name);
        const sum = namespaces.get(namespace) ?? {repositories: 0, bytes: 0, exclusive: 0};
        sum.repositories += 1;
        namespaces.set(namespace, sum);
        total.tags += tags;
      }
      after = part.at(-1)?.path;
    }

    /** Of one blob or manifest. */
    const add = (uses: readonly Use[]): void => {
      const size = uses[0]?.size ?? 0;
      total.objects += 1;
      total.bytes += size;
      const holders = uses.flatMap(({path}) => repositories.get(nameOf(path)) ?? []);
      const within = [...new Set(uses.map(({path}) => namespaceOf(nameOf(path))))];
      addTo(holders, size);
      addTo(
        within.flatMap((name) => namespaces.get(name) ?? []),
        size,
      );
    };
    for (const read of [usesOfBlobs, usesOfManifests]) {
      for (let after: string | undefined = ''; after !== undefined;) {
        const from: string = after;
        const {uses, last}: Uses = await this.#gently(async () => read(db, from));
        for (let start = 0; start < uses.length;) {
          const digest = uses[start]?.digest;
          let end = start + 1;
          while (uses[end]?.digest === digest && end < uses.length) end += 1;
          add(uses.slice(start, end));
          start = end;
        }
        after = last;
      }
    }
    return {at, ...total, repositories, namespaces};
  }

  /** Half of the time is others': SQLite does one thing after the other. */
  async #gently<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const done = await work();
    const took = performance.now() - began;
    await rest(Math.min(took, longestRest), undefined, {signal: this.#end.signal});
    return done;
  }
}

function addTo(sums: readonly Sum[], size: number): void {
  for (const sum of sums) {
    sum.bytes += size;
    if (sums.length === 1) sum.exclusive += size;
  }
}
