/** The thread of SQLite, which ends without a word at the task whose number FATAL_TASK is. */
import {parentPort} from 'node:worker_threads';

const fatal = Number(process.env['FATAL_TASK']);
let tasks = 0;
parentPort?.on('message', () => {
  tasks += 1;
  if (tasks === fatal) process.exit(1);
});
await import('../../src/metadata/sqlite-worker.ts');
