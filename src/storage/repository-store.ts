/** Which repositories there are. */
import {isRepositoryName, type RepositoryName} from '../oci/name.ts';
import type {StorageDriver, StorageKey} from './driver.ts';
import {below, repositoriesRoot, repositoryKeys} from './keys.ts';

export class RepositoryStore {
  readonly #driver: StorageDriver;

  constructor(driver: StorageDriver) {
    this.#driver = driver;
  }

  /** Whether it holds a manifest, or at least did under another registry that leaves its directories behind. */
  async exists(name: RepositoryName): Promise<boolean> {
    return this.#isPresent(repositoryKeys(name).manifests);
  }

  /** Every repository, in the order of the catalogue: part by part, so that `a/b` stands before `a-b`; strictly after `after`. */
  async *list(after?: string): AsyncGenerator<RepositoryName> {
    yield* this.#holding('_manifests', after === undefined ? [] : after.split('/'));
  }

  /** Those with uploads under way, be they repositories yet or not. */
  async *withUploads(): AsyncGenerator<RepositoryName> {
    yield* this.#holding('_uploads', []);
  }

  async *#holding(
    part: '_manifests' | '_uploads',
    after: readonly string[],
    directory: StorageKey = repositoriesRoot,
    path = '',
  ): AsyncGenerator<RepositoryName> {
    const [from, ...rest] = after;
    for await (const {name, kind} of this.#driver.list(directory)) {
      if (kind !== 'prefix' || name.startsWith('_')) continue;
      if (from !== undefined && Buffer.compare(Buffer.from(name), Buffer.from(from)) < 0) continue;
      const inner = below(directory, name);
      const whole = `${path}${name}`;
      const isPassed = name === from;
      if (!isPassed && isRepositoryName(whole) && (await this.#isPresent(below(inner, part)))) {
        yield whole;
      }
      yield* this.#holding(part, isPassed ? rest : [], inner, `${whole}/`);
    }
  }

  async #isPresent(prefix: StorageKey): Promise<boolean> {
    for await (const _entry of this.#driver.list(prefix, {limit: 1})) return true;
    return false;
  }
}
