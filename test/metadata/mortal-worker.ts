/** The thread that holds SQLite, which dies when it is asked to `select 'die'`. */
import {parentPort} from 'node:worker_threads';
import type {Asked} from '../../src/host/worker-thread.ts';
import type {SqliteExchange} from '../../src/metadata/sqlite-thread.ts';

parentPort?.on('message', ({request: task}: Asked<SqliteExchange>) => {
  if (task.kind === 'query' && task.sql.startsWith("select 'die'")) process.exit(1);
});
await import('../../src/metadata/sqlite-worker.ts');
