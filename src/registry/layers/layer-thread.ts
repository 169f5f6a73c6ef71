/** The thread that looks into layers, which takes seconds of a processor each: nobody else waits for that. */
import {programBeside, WorkerThread} from '../../host/worker-thread.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {SurveyPlace} from '../index/survey-thread.ts';
import type {LayerRead} from './shelf.ts';
import type {LayerExchange, Outcome, Task} from './task.ts';

/** In MiB; trees lie beside it, and are bounded by the shelf. */
const resourceLimits = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48};

interface LayerThreadOptions {
  readonly place: SurveyPlace;
  /** Told of each layer that was read. */
  readonly onRead: (read: LayerRead) => void;
}

type Answer = Exclude<Outcome, {readonly kind: 'failed' | 'unavailable'}>;

/** Starts when it is first needed; to be closed. */
export class LayerThread {
  readonly #thread: WorkerThread<LayerExchange>;
  readonly #onRead: LayerThreadOptions['onRead'];
  #isClosed = false;

  constructor({place, onRead}: LayerThreadOptions) {
    this.#onRead = onRead;
    this.#thread = new WorkerThread<LayerExchange>({
      program: programBeside(import.meta.url, '../../layers-worker'),
      data: place,
      resourceLimits,
      ended: (cause) => unavailable('the thread that looks into layers ended; try again', cause),
    });
  }

  /** Throws UNAVAILABLE. */
  async ask(task: Task): Promise<Answer> {
    if (this.#isClosed) throw unavailable('the registry stops');
    const {outcome, reads} = (await this.#thread.ask(task)).reply;
    for (const read of reads) this.#onRead(read);
    if (outcome.kind === 'failed') throw outcome.error;
    if (outcome.kind === 'unavailable') {
      throw unavailable('the storage does not answer; try again', outcome.message);
    }
    return outcome;
  }

  /** Whoever waits is told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread.close();
  }
}

const unavailable = (message: string, cause?: unknown): RegistryError =>
  new RegistryError('UNAVAILABLE', {message, cause});
