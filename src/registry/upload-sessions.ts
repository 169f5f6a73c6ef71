/** The sessions of uploads that this process remembers. Those that rest longest fall out; one whose request is under way never does. */
import {LRUCache} from 'lru-cache';
import type {UploadSession} from './upload-session.ts';

export class UploadSessions {
  readonly #isUnderWay: (id: string) => boolean;
  /** A session that falls out is built again from the disk, at the cost of reading its bytes once more. */
  readonly #remembered = new LRUCache<string, UploadSession>({
    max: 4096,
    // Not before it is removed: the caches call each other.
    disposeAfter: (session, id, reason) => {
      // Its request counts on the bytes that it holds.
      if (reason === 'evict' && this.#isUnderWay(id)) this.#spared.set(id, session);
      else this.#end(id, session);
    },
  });
  /** Those that would have fallen out during their request. */
  readonly #spared = new Map<string, UploadSession>();
  /** Each holds files open: what rests longest is given up, and taken up again by a copy of its bytes. */
  readonly #growing = new LRUCache<string, true>({
    max: 256,
    disposeAfter: (_value, id, reason) => {
      if (reason !== 'evict') return;
      // One whose bytes come at present is no rest to give up: its request puts it back.
      if (!this.#isUnderWay(id)) this.delete(id);
    },
  });
  /** Each holds a file open and a second copy of its bytes: those that rest longest are joined by their last request instead. */
  readonly #joining = new LRUCache<string, UploadSession>({
    max: 32,
    dispose: (session) => {
      session.giveUpJoin();
    },
  });

  constructor(isUnderWay: (id: string) => boolean) {
    this.#isUnderWay = isUnderWay;
  }

  get(id: string): UploadSession | undefined {
    return this.#spared.get(id) ?? this.#remembered.get(id);
  }

  set(id: string, session: UploadSession): void {
    this.#remembered.set(id, session);
  }

  delete(id: string): void {
    this.#remembered.delete(id);
    const spared = this.#spared.get(id);
    if (!spared) return;
    this.#spared.delete(id);
    this.#end(id, spared);
  }

  /** A request has added to it: it may hold files open from now on. */
  note(id: string, session: UploadSession): void {
    // Given up meanwhile: what has no session takes no place of others.
    if (this.get(id) !== session) return;
    if (session.isJoining) this.#joining.set(id, session);
    if (session.isGrowing) this.#growing.set(id, true);
  }

  /** The request of this upload ends: it is one of many again. */
  rest(id: string): void {
    const spared = this.#spared.get(id);
    if (!spared) return;
    this.#spared.delete(id);
    this.#remembered.set(id, spared);
  }

  #end(id: string, session: UploadSession): void {
    this.#joining.delete(id);
    this.#growing.delete(id);
    void session.close();
  }
}
