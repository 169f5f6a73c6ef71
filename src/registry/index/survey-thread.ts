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

/** In MiB. What lives is small but for the names in one directory, of which there may be a million; what dies is collected early, and not so often that it takes longer than the reading. */
const resourceLimits = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32};

/** For one look at the storage; to be closed. The thread starts when it is first needed. */
export class SurveyThread implements Survey {
  readonly #thread: WorkerThread<SurveyExchange>;
  /** Of those who wait for an answer. */
  readonly #rejections = new Set<(error: Error) => void>();
  #isClosed = false;

  constructor(place: SurveyPlace) {
    this.#thread = new WorkerThread<SurveyExchange>({
      program: programBeside(import.meta.url, '../../survey-worker'),
      data: place,
      resourceLimits,
      ended: (cause) => new Error('the thread that looks at the storage ended', {cause}),
    });
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
    for (const reject of this.#rejections) reject(ended());
    void this.#thread.close();
  }

  async #send(
    task: SurveyTask,
    thread?: number,
  ): Promise<{readonly result: unknown; readonly thread: number}> {
    // A thread that is started after the end would have no end.
    if (this.#isClosed) throw ended();
    const {promise, resolve, reject} =
      Promise.withResolvers<Awaited<ReturnType<WorkerThread<SurveyExchange>['ask']>>>();
    // A race with one promise that is there until the end would keep every answer until then.
    this.#rejections.add(reject);
    this.#thread.ask(task, {thread}).then(resolve, reject);
    const answer = await promise.finally(() => this.#rejections.delete(reject));
    if ('error' in answer.reply) throw answer.reply.error;
    return {result: answer.reply.result, thread: answer.thread};
  }
}

const ended = (): Error => new Error('the look at the storage was ended');
