/** Says that this process lives, in a thread of its own: those for calls to the file system may all be waiting for a slow disk. */
import {programBeside, WorkerThread} from '../host/worker-thread.ts';

/** Which right to write it is that is held. */
export interface BeatPlace {
  readonly root: string;
  readonly epoch: number;
}

export interface BeatExchange {
  /** A word that is another each time. */
  readonly request: string;
  readonly reply: {readonly isOurs: boolean} | {readonly error: unknown};
}

export class BeatThread {
  readonly #thread: WorkerThread<BeatExchange>;

  constructor(place: BeatPlace) {
    this.#thread = new WorkerThread<BeatExchange>({
      program: programBeside(import.meta.url, '../beat-worker'),
      data: place,
      ended: (cause) => new Error('the thread that says that this node lives ended', {cause}),
    });
  }

  /** False: another has taken over. Rejects where it can't be said at present. */
  async beat(word: string): Promise<boolean> {
    const {reply} = await this.#thread.ask(word);
    if ('error' in reply) throw reply.error;
    return reply.isOurs;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
