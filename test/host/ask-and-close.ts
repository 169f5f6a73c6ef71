/** A process that asks a thread, ends it while an answer is on its way, and has nothing else to do. */
import {WorkerThread} from '../../src/host/worker-thread.ts';
import type {EchoExchange} from './echo-worker.ts';

const thread = new WorkerThread<EchoExchange>({
  program: new URL('echo-worker.ts', import.meta.url),
  data: 'echo of ',
  ended: (cause) => new Error('the echo ended', {cause}),
});
const ask = async (): Promise<void> => {
  const first = thread.ask('a');
  const second = thread.ask('b').catch(() => undefined);
  await first;
  await thread.close();
  await second;
  process.stdout.write('it has ended');
};
void ask();
