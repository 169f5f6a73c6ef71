/** What a thread does that a WorkerThread asks. */
import {parentPort} from 'node:worker_threads';
import type {Answered, Asked, Exchange} from './worker-thread.ts';

/** What `answer` throws is a bug, and ends the thread. */
export function answerRequests<E extends Exchange>(
  answer: (request: E['request']) => E['reply'] | Promise<E['reply']>,
): void {
  const reply = async ({job, request}: Asked<E>): Promise<void> => {
    parentPort?.postMessage({job, reply: await answer(request)} satisfies Answered<E>);
  };
  parentPort?.on('message', (asked: Asked<E>) => {
    void reply(asked);
  });
}
