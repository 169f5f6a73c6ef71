/** The survey in a thread of its own: so much reading would keep the event loop from answering. */
import {programBeside, WorkerThread} from '../../host/worker-thread.ts';
import type {Answer, Question, Sight, Survey} from './survey.ts';

/** Where the thread finds the storage. */
export interface SurveyPlace {
  readonly root: string;
  readonly exclusiveCreate: 'link' | 'rename';
  /** Which volume it has to be, where one is served: what is not there would be taken out of the index. */
  readonly volumeId?: string;
}

export type SurveyTask =
  /** Begins to walk, in place of a walk that was begun before. */
  | {readonly kind: 'walk'; readonly after: string}
  /** The next part, with at most so many tags and manifests; answered by `undefined` at the end. */
  | {readonly kind: 'next'; readonly most: number}
  | {readonly kind: 'ask'; readonly questions: readonly Question[]};

export interface SurveyExchange {
  readonly request: SurveyTask;
  readonly reply: {readonly result: unknown} | {readonly error: unknown};
}

/** In MiB. What lives is small but for the names in one directory, of which there may be a million; what dies is collected early. */
const resourceLimits = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 12};

/** For one look at the storage; to be closed. The thread starts when it is first needed. */
export class SurveyThread implements Survey {
  readonly #thread: WorkerThread<SurveyExchange>;
  readonly #closed = Promise.withResolvers<never>();
  #isClosed = false;

  constructor(place: SurveyPlace) {
    this.#thread = new WorkerThread<SurveyExchange>({
      program: programBeside(import.meta.url, '../../survey-worker'),
      data: place,
      resourceLimits,
      ended: (cause) => new Error('the thread that looks at the storage ended', {cause}),
    });
    this.#closed.promise.catch(() => undefined);
  }

  async *walk(after: string, most: () => number): AsyncGenerator<readonly Sight[]> {
    // Another thread would know nothing of the walk.
    const {thread} = await this.#send({kind: 'walk', after});
    // The thread looks for the next part while this one is compared.
    let next = this.#send({kind: 'next', most: most()}, thread);
    for (;;) {
      const sights = (await next).result as readonly Sight[] | undefined;
      if (!sights) return;
      next = this.#send({kind: 'next', most: most()}, thread);
      next.catch(() => undefined);
      yield sights;
    }
  }

  async ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    return (await this.#send({kind: 'ask', questions})).result as readonly Answer[];
  }

  /** Waits for nobody: a storage that hangs may hold the thread for as long as it likes. */
  close(): void {
    this.#isClosed = true;
    this.#closed.reject(new Error('the look at the storage was ended'));
    void this.#thread.close();
  }

  async #send(
    task: SurveyTask,
    thread?: number,
  ): Promise<{readonly result: unknown; readonly thread: number}> {
    // A thread that is started after the end would have no end.
    if (this.#isClosed) return this.#closed.promise;
    const asking = this.#thread.ask(task, {thread});
    const answer = await Promise.race([asking, this.#closed.promise]);
    if ('error' in answer.reply) throw answer.reply.error;
    return {result: answer.reply.result, thread: answer.thread};
  }
}
