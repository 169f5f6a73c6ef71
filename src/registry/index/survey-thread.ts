/** The survey in a thread of its own: so much reading would keep the event loop from answering. */
import {extname} from 'node:path';
import {Worker} from 'node:worker_threads';
import type {Answer, Question, Sight, Survey} from './survey.ts';

/** Where the thread finds the storage. */
export interface SurveyPlace {
  readonly root: string;
  readonly exclusiveCreate: 'link' | 'rename';
}

export type SurveyTask =
  /** Begins to walk, in place of a walk that was begun before. */
  | {readonly kind: 'walk'; readonly after: string}
  /** The next part; answered by `undefined` at the end. */
  | {readonly kind: 'next'}
  | {readonly kind: 'ask'; readonly questions: readonly Question[]};

export interface SurveyRequest {
  readonly job: number;
  readonly task: SurveyTask;
}

export interface SurveyReply {
  readonly job: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// Run from source it is TypeScript, built it is JavaScript.
const ownProgram = new URL(`../../survey-worker${extname(import.meta.filename)}`, import.meta.url);

/** In MiB. What lives is small but for the names in one directory, of which there may be a million; what dies is collected early. */
const resourceLimits = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32};

/** For one look at the storage; to be closed. The thread starts when it is first needed. */
export class SurveyThread implements Survey {
  readonly #place: SurveyPlace;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #jobs = 0;
  #end: Error | undefined;

  constructor(place: SurveyPlace) {
    this.#place = place;
  }

  async *walk(after: string): AsyncGenerator<readonly Sight[]> {
    await this.#send({kind: 'walk', after});
    // The thread looks for the next part while this one is compared.
    let next = this.#send({kind: 'next'});
    for (;;) {
      const sights = (await next) as readonly Sight[] | undefined;
      if (!sights) return;
      next = this.#send({kind: 'next'});
      next.catch(() => undefined);
      yield sights;
    }
  }

  async ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    return (await this.#send({kind: 'ask', questions})) as readonly Answer[];
  }

  /** Waits for nobody: a storage that hangs may hold the thread for as long as it likes. */
  close(): void {
    this.#fail(new Error('the look at the storage was ended'));
    void this.#worker?.terminate();
  }

  async #send(task: SurveyTask): Promise<unknown> {
    if (this.#end) throw this.#end;
    const worker = (this.#worker ??= this.#start());
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, {resolve, reject});
      worker.postMessage({job, task} satisfies SurveyRequest);
    });
  }

  #start(): Worker {
    const worker = new Worker(ownProgram, {workerData: this.#place, resourceLimits});
    worker.on('message', ({job, result, error}: SurveyReply) => {
      const waiting = this.#waiting.get(job);
      this.#waiting.delete(job);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(error);
    });
    worker.on('error', (cause) => {
      this.#fail(new Error('the thread that looks at the storage failed', {cause}));
    });
    worker.on('exit', () => {
      this.#fail(new Error('the thread that looks at the storage ended'));
    });
    return worker;
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const {reject} of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
