/** A thread that answers with what it is asked, or dies of it. */
import {workerData} from 'node:worker_threads';
import {answerRequests} from '../../src/host/answer-requests.ts';

export interface EchoExchange {
  readonly request: string;
  readonly reply: string;
}

const prefix = workerData as string;

answerRequests<EchoExchange>((word) => {
  if (word === 'exit') process.exit(1);
  if (word === 'throw') throw new Error('a bug');
  const slowly = word === 'slow' || word === 'reject';
  if (!slowly) return prefix + word;
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      if (word === 'slow') resolve(prefix + word);
      else reject(new Error('a bug'));
    }, 100);
  });
});
