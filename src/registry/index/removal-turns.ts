/** Among nodes that serve at once: whoever takes something out of a repository is alone there with all that the others would put in. */
import {randomUUID} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';
import {openChangesOf} from '../../metadata/content/outbox.ts';
import {
  beginRemoval,
  endRemoval,
  type Removal,
  readRemoval,
} from '../../metadata/content/removals.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {RepositoryName} from '../../oci/name.ts';

interface RemovalTurnsOptions {
  readonly db: Database['db'];
  /** Of this node. */
  readonly epoch: number;
  /** Whether the holder of an epoch may still write: of one that may not, nothing is waited for. */
  readonly mayWrite: (epoch: number) => Promise<boolean>;
  readonly log: Logger;
}

/** In milliseconds: so long one waits for the others. */
const patience = 15_000;
/** In milliseconds. */
const shortestPause = 10;
const longestPause = 200;
/** In milliseconds, between attempts to say that it is over. */
const afterFailure = 1000;

/** Removals of this node that are under way together. */
interface Turn {
  count: number;
  readonly id: string;
  readonly begun: Promise<void>;
}

export class RemovalTurns {
  readonly #options: RemovalTurnsOptions;
  readonly #turns = new Map<RepositoryName, Turn>();
  readonly #closing = new AbortController();

  constructor(options: RemovalTurnsOptions) {
    this.#options = options;
  }

  /** Once what others have begun there is over; they begin nothing more until it is. Rejects with UNAVAILABLE where that takes too long. */
  async alone<T>(repository: RepositoryName, work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(repository) ?? this.#begin(repository);
    turn.count += 1;
    try {
      await turn.begun;
      return await work();
    } finally {
      turn.count -= 1;
      if (turn.count === 0) {
        this.#turns.delete(repository);
        await this.#end(turn);
      }
    }
  }

  /** Whether another node is alone there. */
  async isTaken(repository: RepositoryName): Promise<boolean> {
    const {db, epoch, mayWrite} = this.#options;
    const removal = await readRemoval(db, repository);
    if (!removal || removal.epoch === epoch) return false;
    if (await mayWrite(removal.epoch)) return true;
    await endRemoval(db, removal.id);
    return false;
  }

  /** Rejects with UNAVAILABLE where that takes too long. */
  async untilFree(repository: RepositoryName): Promise<void> {
    await this.#untilTrue(repository, async () => !(await this.isTaken(repository)));
  }

  /** What could not be ended by then ends with the epoch. */
  close(): void {
    this.#closing.abort();
  }

  #begin(repository: RepositoryName): Turn {
    const id = randomUUID();
    const begun = this.#take(repository, {id, epoch: this.#options.epoch});
    const turn = {count: 0, id, begun};
    this.#turns.set(repository, turn);
    return turn;
  }

  async #take(repository: RepositoryName, removal: Removal): Promise<void> {
    const {db} = this.#options;
    await this.#untilTrue(
      repository,
      async () =>
        !(await this.isTaken(repository)) && (await beginRemoval(db, repository, removal)),
    );
    // Whoever writes down a change from now on sees the removal, and takes it back. Those of this node, too: they end soon.
    const before = new Set(await openChangesOf(db, repository));
    await this.#untilTrue(repository, async () => {
      if (before.size === 0) return true;
      const open = await openChangesOf(db, repository);
      return !open.some((each) => before.has(each));
    });
  }

  /** For as long as it is not said, the others wait. */
  async #end({id}: Turn): Promise<void> {
    try {
      await endRemoval(this.#options.db, id);
    } catch (error) {
      this.#options.log.error({err: error}, 'the end of a removal could not be written down');
      void this.#endLater(id);
    }
  }

  async #endLater(id: string): Promise<void> {
    const {signal} = this.#closing;
    while (!signal.aborted) {
      await setTimeout(afterFailure, undefined, {ref: false, signal}).catch(() => undefined);
      const isOver = await endRemoval(this.#options.db, id).then(
        () => true,
        () => false,
      );
      if (isOver) return;
    }
  }

  async #untilTrue(repository: RepositoryName, isTrue: () => Promise<boolean>): Promise<void> {
    if (await isTrue()) return;
    this.#options.log.debug({repository}, 'waits for what is begun in the repository');
    const end = performance.now() + patience;
    for (
      let pause = shortestPause;
      performance.now() < end;
      pause = Math.min(2 * pause, longestPause)
    ) {
      await setTimeout(pause);
      if (await isTrue()) return;
    }
    throw new RegistryError('UNAVAILABLE', {
      message: `another node changes ${repository} at present, and nothing was changed here; try again`,
      headers: {'Retry-After': '5'},
    });
  }
}
