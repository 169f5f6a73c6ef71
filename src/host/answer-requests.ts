/** What a thread does that a WorkerThread asks. */
import {parentPort} from 'node:worker_threads';
import type {Answered, Asked, Exchange, Moved} from './worker-thread.ts';

/** What `answer` throws is a bug, and ends the thread. `movedWith`: memory that goes with a reply, and is not here any more. */
export function answerRequests<E extends Exchange>(
  answer: (request: E['request']) => E['reply'] | Promise<E['reply']>,
  movedWith: (reply: E['reply']) => Moved = () => [],
): void {
  const reply = async ({job, request}: Asked<E>): Promise<void> => {
    const answered = {job, reply: await answer(request)} satisfies Answered<E>;
    parentPort?.postMessage(answered, movedWith(answered.reply));
  };
  parentPort?.on('message', (asked: Asked<E>) => {
    void reply(asked);
  });
}
