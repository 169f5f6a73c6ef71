/** The survey in a thread of its own: so much reading would keep the event loop from answering. */
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

/** For one walk; to be closed. */
export class SurveyThread implements Survey {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;
  #end: Error | undefined;

  /** `program`: the file of the thread. */
  constructor(program: URL, place: SurveyPlace) {
    this.#worker = new Worker(program, {workerData: place});
    this.#worker.on('message', ({job, result, error}: SurveyReply) => {
      const waiting = this.#waiting.get(job);
      this.#waiting.delete(job);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(error);
    });
    const fail = (cause: unknown): void => {
      this.#end ??= new Error('the thread of the survey ended', {cause});
      for (const {reject} of this.#waiting.values()) reject(this.#end);
      this.#waiting.clear();
    };
    this.#worker.on('error', fail).on('exit', fail);
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

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #send(task: SurveyTask): Promise<unknown> {
    if (this.#end) throw this.#end;
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, {resolve, reject});
      this.#worker.postMessage({job, task} satisfies SurveyRequest);
    });
  }
}
