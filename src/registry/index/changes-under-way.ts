/** What changes while the storage is looked at: of that the look may tell what is no more, and the index is believed. */
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {PlannedChange} from '../journal.ts';

/** Of a repository. */
type Change = Pick<PlannedChange, 'repository' | 'digests' | 'tags'>;

export interface Busy {
  readonly digests: ReadonlySet<Digest>;
  readonly tags: ReadonlySet<Tag>;
}

/** From its making on it has what was under way then and what has begun since. */
export interface Watch extends Disposable {
  /** `undefined`: nothing of that repository. */
  busy(repository: RepositoryName): Busy | undefined;
  /** So much has changed that a new look is better than to go on noting it. */
  readonly isFull: boolean;
}

/** Manifests and tags that one watch notes. */
const mostNoted = 100_000;

export class ChangesUnderWay {
  readonly #changes = new Set<Change>();
  readonly #watches = new Set<Notes>();

  begin(change: Change): void {
    this.#changes.add(change);
    for (const watch of this.#watches) watch.note(change);
  }

  /** The index has it, or never will. */
  end(change: Change): void {
    this.#changes.delete(change);
  }

  watch(): Watch {
    const notes = new Notes((each) => this.#watches.delete(each));
    for (const change of this.#changes) notes.note(change);
    this.#watches.add(notes);
    return notes;
  }
}

class Notes implements Watch {
  readonly #repositories = new Map<RepositoryName, {digests: Set<Digest>; tags: Set<Tag>}>();
  readonly #close: (notes: Notes) => void;
  #count = 0;

  constructor(close: (notes: Notes) => void) {
    this.#close = close;
  }

  get isFull(): boolean {
    return this.#count > mostNoted;
  }

  note({repository, digests, tags}: Change): void {
    const known = this.#repositories.get(repository);
    const noted = known ?? {digests: new Set<Digest>(), tags: new Set<Tag>()};
    this.#repositories.set(repository, noted);
    for (const digest of digests) noted.digests.add(digest);
    for (const tag of tags) noted.tags.add(tag);
    this.#count += 1 + digests.length + tags.length;
  }

  busy(repository: RepositoryName): Busy | undefined {
    return this.#repositories.get(repository);
  }

  [Symbol.dispose](): void {
    this.#close(this);
  }
}
