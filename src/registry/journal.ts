/** Where it is written down what is about to change, so that whoever keeps an index finds out whatever happens. */
import type {Deed, Origin} from '../metadata/events/event.ts';
import type {Digest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Tag} from '../oci/tag.ts';

export interface PlannedChange {
  readonly repository: RepositoryName;
  /** Manifests, by their sha256, that come or go. */
  readonly digests: readonly Digest[];
  readonly tags: readonly Tag[];
  readonly origin: Origin;
  /** What is told of it to whoever wants to know. */
  readonly deed: Deed;
}

export interface Journal {
  /**
   * Does it between two entries: that it is begun, which is durable before anything of it can be seen, and that it is over, however it ended: what answers
   * `false` has changed nothing. Rejects, and does nothing, where the first can't be written.
   */
  during<T>(change: PlannedChange, work: () => Promise<T>): Promise<T>;
}

/** Who counts what is pulled and pushed. */
export interface Counts {
  /** `references`: a tag, where one was asked for, and the digest. */
  pulled(repository: RepositoryName, references: readonly string[]): void;
  pushed(repository: RepositoryName): void;
}
