/** A process that asks a thread twice, and has nothing else to do. */
import {WorkerThread} from '../../src/host/worker-thread.ts';
import type {EchoExchange} from './echo-worker.ts';

const thread = new WorkerThread<EchoExchange>({
  program: new URL('echo-worker.ts', import.meta.url),
  data: 'echo of ',
  ended: (cause) => new Error('the echo ended', {cause}),
});
const ask = async (): Promise<void> => {
  await thread.ask('a');
  // The thread has nothing to do at this moment.
  const {reply} = await thread.ask('slow');
  process.stdout.write(reply);
};
void ask();
